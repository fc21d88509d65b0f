"""The only door to spaCy, natasha and the language identifiers."""
