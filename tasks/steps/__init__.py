"""Run any stage: in go tables, out come new versions of others, with unchanged rows reused."""
