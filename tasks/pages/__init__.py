"""Read HTML pages: in goes markup, out come its main text and what the page says of itself."""
