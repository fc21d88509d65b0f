"""Declare every table, and say what must be true of it before readers see it."""
