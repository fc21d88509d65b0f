"""Read a source: in go files and addresses, out come raw records, or rejects with a reason."""
