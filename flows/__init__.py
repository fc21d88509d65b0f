"""Run builds with Prefect: when, how often, with what patience. Nothing else knows of Prefect."""
