"""Hand a release on in the shapes that other tools ask for, made of its published tables only."""
