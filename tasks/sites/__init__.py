"""Lines that recur over a site: counted by their hashes, dropped at the ends of documents."""
