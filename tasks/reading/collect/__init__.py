"""Fetch what is new at feeds, sitemaps and pages, politely, and keep it as WARC files."""
