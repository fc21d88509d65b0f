"""Make the tables, by pure functions over frames. Nothing here knows of Prefect."""
