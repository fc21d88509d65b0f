"""Make what ships with Babelmill: models, weights and lists, each by one command."""
