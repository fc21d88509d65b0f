"""Define what an operator can mend before anything is collected."""


class BadSourceList(ValueError):
    """The list cannot be used; the message names the key and what is allowed."""


class BeingCollected(RuntimeError):
    """Another process collects into the folder."""
