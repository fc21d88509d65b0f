"""Read subtitles (SRT and WebVTT) as running text: what is said, without times and styles.

Sentences that go over several cues are joined; a pause or a dash begins a new line. Lines that a
cue repeats from the one before, as captions that roll do, are said once.
"""

import html
import re
from collections.abc import Iterable, Iterator

from tasks.reading.content import Content
from tasks.reading.documents import document, whole_content
from tasks.reading.records import Flaw, Record
from tasks.settings import IngestSettings

#: When a word of a cue is said, as captions made by machines have it: `<00:02.320>`.
_WORD_TIME = re.compile(r"<\d{1,4}(?::\d\d){1,2}\.\d{3}>")
#: A pause after which something new is said, as a rule.
_PAUSE_MS = 2000
_ENDS = (".", "!", "?", "…", "。", "！", "？", "।", "؟", "۔", ":", "♪", ")", "]")
_DIALOGUE = ("-", "–", "—", ">>")
#: Scripts written without spaces: lines are joined without one.
_UNSPACED = range(0x0E00, 0x0F00), range(0x3000, 0x9FFF + 1)


def read_subtitles(content: Content, settings: IngestSettings) -> Iterator[Record | Flaw]:
    """Yield what is said as one record.

    Raises:
        ReadError: binary, undecodable; as `whole_content`.
    """
    item = document(whole_content(content, settings), (), settings, is_markup=False)
    if isinstance(item, Flaw):
        yield item
        return
    text = "\n".join(_paragraphs(_cues(item.text)))
    if text.strip():
        yield item._replace(text=text, is_markup=False, replaced_chars=text.count("\ufffd"))
    else:
        yield Flaw(None, "malformed_record", "no subtitles in it")


def _cues(text: str) -> list[tuple[int, int, list[str]]]:
    """Return the begin and end of each cue in milliseconds, and its lines."""
    import pysubs2  # noqa: PLC0415 - other formats need not wait for it

    text = "\n".join(text.removeprefix("\ufeff").splitlines()) + "\n"
    kind = "vtt" if text.startswith("WEBVTT") else "srt"
    text = _WORD_TIME.sub("", text)
    try:
        found = pysubs2.SSAFile.from_string(text, format_=kind)
    except (pysubs2.Pysubs2Error, ValueError, OverflowError, IndexError):
        return []
    cues = [(cue.start, cue.end, html.unescape(cue.plaintext).splitlines()) for cue in found]
    return [(start, end, [" ".join(line.split()) for line in lines]) for start, end, lines in cues]


def _paragraphs(cues: Iterable[tuple[int, int, list[str]]]) -> Iterator[str]:
    """Yield sentences, or what is said without a pause."""
    pending, before, ended = "", list[str](), 0
    for start, end, lines in cues:
        for line in lines:
            if not line or line in before:
                continue
            is_new = start - ended > _PAUSE_MS or line.startswith(_DIALOGUE)
            if pending and (is_new or pending.endswith(_ENDS)):
                yield pending
                pending = ""
            pending = _joined(pending, line)
            ended = end
        before = lines
        ended = max(ended, end)
    if pending:
        yield pending


def _joined(begin: str, end: str) -> str:
    if not begin or any(ord(begin[-1]) in script for script in _UNSPACED):
        return begin + end
    return f"{begin} {end}"
