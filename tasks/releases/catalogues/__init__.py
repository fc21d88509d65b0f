"""Make releases known to catalogues of tables and of lineage; each needs the extra `catalogues`."""


class CatalogueMissing(RuntimeError):
    """The packages that write to a catalogue are not installed."""


class UnusableCatalogue(ValueError):
    """No catalogue can be where it is to be."""
