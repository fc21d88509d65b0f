"""Clean documents: in go raw records, out come judged, language-tagged segments and documents."""
