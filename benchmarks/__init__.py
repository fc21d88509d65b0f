"""Measure, a command each: every figure in the docs comes from one of them."""
