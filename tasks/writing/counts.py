"""Write counts of things as people do."""


def counted(count: int, thing: str) -> str:
    """Return a count with what is counted, `1 document` or `1,204 documents`.

    Args:
        count: How many.
        thing: An English noun whose plural has an `s`.
    """
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
