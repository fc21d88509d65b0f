"""Models of our own: importing this makes their parts known to spaCy."""

from tasks.models.own import gazetteer, language

__all__ = ["gazetteer", "language"]
