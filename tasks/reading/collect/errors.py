"""Define what an operator can mend before anything is collected."""


class BadSourceList(ValueError):
    """The list cannot be used; the message names the key and what is allowed."""


class BeingCollected(RuntimeError):
    """Another process collects into the folder."""


class DamagedMemory(RuntimeError):
    """What was collected is not known: its file is damaged, or another program's."""
