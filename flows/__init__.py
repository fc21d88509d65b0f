"""When, how often and with what patience the stages run: the only home of Prefect."""
