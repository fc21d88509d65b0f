"""The report of a release: one HTML file that needs neither network nor script to be read."""
