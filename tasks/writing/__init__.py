"""Know how languages are written: in goes text, out come scripts, language tags, forms, widths."""
