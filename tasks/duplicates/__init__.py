"""Finding copies: signatures per document (`sign`), then clusters over all (`cluster`)."""
