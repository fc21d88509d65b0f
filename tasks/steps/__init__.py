"""Run any stage: in go declared tables, out come committed versions of others, rows reused."""
