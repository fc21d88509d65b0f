"""Make releases: in go finished tables, out come public tables, verdicts, reports, explanations."""
