"""Which names are one person, organisation or place, in whatever script and form."""
