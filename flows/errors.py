"""Define the errors that an operator can mend: each says what is wrong and what to do."""


class BadSettings(ValueError):
    """The settings file cannot be used; the message names the key and what is allowed."""


class DaskMissing(ImportError):
    """Dask was asked for and is not installed."""


class ServerFailed(RuntimeError):
    """A server of Prefect, its worker or the deployments did not start or ended by itself."""


class NothingCollected(LookupError):
    """There is no page to build of yet."""
