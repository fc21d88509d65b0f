"""Describe a release for tools and people that find it: card, catalogue, queries, checksums."""
