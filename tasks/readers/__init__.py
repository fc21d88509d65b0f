"""The one door for file formats, decompression and character encodings.

A source is listed (`source`), a file's format is told by its name (`formats`), its
compression by its first bytes (`streams`); a reader per format gives records, one at a time.
What cannot be read is a flaw with a reason, never an exception and never silence.
"""
