"""Find names: in go segments with a language, out come names of people, organisations, places."""
