"""Say what went wrong in a sentence, with its remedy and its exit code.

What a person, a disk or another program does is told so; an error of ours keeps its traceback.
"""

import errno
from concurrent.futures.process import BrokenProcessPool

from rich.text import Text

from flows.console import errors, show_traceback
from flows.errors import BadSettings, DaskMissing, NothingCollected, ServerFailed
from flows.results import show_not_published
from flows.views.terminal_text import isolated_text
from tasks.build import ChecksFailed
from tasks.clean.quality_limits import UnknownQualityLanguage
from tasks.entities.alias_table import AliasTableError
from tasks.entities.decisions import DecisionsError
from tasks.entities.knowledge_base import KnowledgeBaseError
from tasks.mentions.entity_model import ModelError
from tasks.reading.collect.errors import BadSourceList, BeingCollected, DamagedMemory
from tasks.reading.confinement import NotAllowed
from tasks.reading.places import AmbiguousPlaces
from tasks.reading.remote import Unreachable
from tasks.reading.source import SourceNotFound
from tasks.releases.accepted import OtherSource, UnknownAcceptance
from tasks.releases.at_address.mirror import PublishedMeanwhile
from tasks.releases.at_address.objects import UnusableAddress
from tasks.releases.catalogues import CatalogueMissing, UnusableCatalogue
from tasks.releases.explain import UnknownRecord
from tasks.releases.explain_entity import UnknownEntity
from tasks.releases.exports.export import UnusableExport
from tasks.releases.releases import IncompleteRelease, UnknownRelease
from tasks.steps.ingest import SourceChanged
from tasks.stores import UnknownStore, UnusableStore
from training.corpus import CorpusError

#: Also in docs/commands.md (a test compares them). 1 with a traceback is an error of ours.
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_CHECKS_FAILED = 3
EXIT_DIFFERS = 4
EXIT_NOT_FOUND = 5
EXIT_DISK_FULL = 6
EXIT_NOT_ALLOWED = 7
EXIT_SOURCE_CHANGED = 8
EXIT_SERVER_FAILED = 9
EXIT_WORKER_LOST = 10
EXIT_TRY_AGAIN = 11

_EXIT_CODES: dict[type[Exception], int] = {
    BadSettings: EXIT_USAGE,
    CatalogueMissing: EXIT_USAGE,
    AliasTableError: EXIT_USAGE,
    AmbiguousPlaces: EXIT_USAGE,
    BadSourceList: EXIT_USAGE,
    BeingCollected: EXIT_USAGE,
    CorpusError: EXIT_USAGE,
    DamagedMemory: EXIT_NOT_FOUND,
    DaskMissing: EXIT_USAGE,
    DecisionsError: EXIT_USAGE,
    KnowledgeBaseError: EXIT_USAGE,
    ModelError: EXIT_USAGE,
    UnknownQualityLanguage: EXIT_USAGE,
    NotAllowed: EXIT_USAGE,
    OtherSource: EXIT_USAGE,
    UnknownAcceptance: EXIT_USAGE,
    UnusableCatalogue: EXIT_USAGE,
    UnusableExport: EXIT_USAGE,
    UnusableAddress: EXIT_USAGE,
    UnusableStore: EXIT_USAGE,
    NothingCollected: EXIT_NOT_FOUND,
    SourceNotFound: EXIT_NOT_FOUND,
    UnknownEntity: EXIT_NOT_FOUND,
    UnknownRecord: EXIT_NOT_FOUND,
    UnknownRelease: EXIT_NOT_FOUND,
    UnknownStore: EXIT_NOT_FOUND,
    IncompleteRelease: EXIT_NOT_FOUND,
    SourceChanged: EXIT_SOURCE_CHANGED,
    ServerFailed: EXIT_SERVER_FAILED,
    BrokenProcessPool: EXIT_WORKER_LOST,
    PublishedMeanwhile: EXIT_TRY_AGAIN,
    Unreachable: EXIT_TRY_AGAIN,
}

_FULL = (
    "{place}: no space is left ({reason}). What readers see is as it was: free some space, then "
    "run the same command again; finished work is kept."
)
_REFUSED = (
    "{place} cannot be read or written ({reason}). Give this user the right to, or name another "
    "folder (--store; PREFECT_HOME for Prefect's own files, TMPDIR for temporary ones)."
)
#: What the machine may refuse, whoever asks: the sentence and the exit code.
_REFUSALS: dict[int | None, tuple[str, int]] = {
    errno.ENOSPC: (_FULL, EXIT_DISK_FULL),
    errno.EDQUOT: (_FULL, EXIT_DISK_FULL),
    errno.EFBIG: (_FULL, EXIT_DISK_FULL),
    errno.EACCES: (_REFUSED, EXIT_NOT_ALLOWED),
    errno.EPERM: (_REFUSED, EXIT_NOT_ALLOWED),
    errno.EROFS: (_REFUSED, EXIT_NOT_ALLOWED),
}
_WORKER_LOST = (
    "a worker process was killed, twice: most likely memory ran out. Finished work is kept: run "
    "the same command again with fewer --workers."
)


def exit_code_of(error: BaseException) -> int | None:
    """Return the exit code of an error that a user can mend, None for one of ours."""
    codes = [code for kind, code in _EXIT_CODES.items() if isinstance(error, kind)]
    if codes:
        return codes[0]
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        return _REFUSALS[error.errno][1]
    return None


def sentence_of(error: BaseException) -> str:
    """Return what went wrong and what to do."""
    if isinstance(error, OSError) and error.errno in _REFUSALS:
        place = error.filename or "the disk"
        return _REFUSALS[error.errno][0].format(place=place, reason=error.strerror)
    return _WORKER_LOST if isinstance(error, BrokenProcessPool) else str(error)


def show_error(error: BaseException) -> int:
    """Print an error, as a sentence or, if it is ours, with its traceback; the exit code."""
    if isinstance(error, ChecksFailed):
        show_not_published(error.verdict, str(error))
        return EXIT_CHECKS_FAILED
    code = exit_code_of(error)
    if code is None:
        show_traceback(type(error), error, error.__traceback__)
        return EXIT_FAILED
    lines = (isolated_text(line) for line in sentence_of(error).split("\n"))
    errors.print(Text("babelmill: " + "\n".join(lines), style="red"), soft_wrap=True)
    return code
