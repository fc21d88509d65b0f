"""Find names: in go segments with a language, out come mentions of people, organisations, places."""
