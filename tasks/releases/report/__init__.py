"""Report on a release in one HTML file that needs neither network nor script to be read."""
