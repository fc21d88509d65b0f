"""One story across languages: what documents share that needs no translation, and who tells what.

`trace` reads the traces of a story from one text; `resolve` compares documents by them.
"""
