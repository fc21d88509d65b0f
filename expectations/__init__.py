"""What must be true of every table: its declaration and its data-quality suites."""
