"""What makes the tables true: pure functions over frames. Nothing here knows of Prefect."""
