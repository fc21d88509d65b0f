"""Compare documents: in go clean texts, out come their duplicates, excerpts and stories."""
