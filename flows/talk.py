"""Hold how much a command says, and in what form: one process, one command."""


class Talk:
    """What a person asked for on the command line."""

    #: Only what went wrong.
    quiet = False
    #: Also the rows of every table and all that failed or warned, in full.
    verbose = False
    #: Facts as JSON on standard output, for programs.
    as_json = False
