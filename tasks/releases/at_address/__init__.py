"""Keep a store at an address, through a folder of this machine."""
