"""Names in every script: their letters in ASCII, how alike two are, which are places."""
