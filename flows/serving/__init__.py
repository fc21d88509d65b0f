"""Keep a server of Prefect, its worker and our deployments running on this machine."""
