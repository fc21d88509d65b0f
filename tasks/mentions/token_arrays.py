"""Cut texts into the tokens of our models, as numbers in arrays instead of `Doc`s.

Most words come again and again: a word's features are computed once, for its `kind`, and a token
is the number of its kind.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import spacy.attrs
from spacy.errors import Errors
from spacy.lang.ja import JapaneseTokenizer
from spacy.language import Language
from spacy.strings import get_string_id

from tasks.mentions.babelmill_language import TOKEN, ScriptTokenizer, words_and_spaces

Array = npt.NDArray[Any]
#: Longer pieces of text between spaces (Chinese sentences, addresses) hardly come again.
_MAX_KEPT_CHARS = 40
#: What Sudachi's tagger calls white space.
_GAP_TAG = "空白"


class Word(NamedTuple):
    """What the features of a token are made of; the last three by Sudachi only."""

    text: str
    norm: str | None = None
    lemma: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Tokens:
    """The tokens of some texts, one text after the other.

    Attributes:
        bounds: (texts + 1), where each text's tokens begin and the last one's end.
        kinds: (tokens), the number of each token's kind.
        spaced: (tokens), whether a space follows that is no token.
        starts: (tokens), the code point of its text at which each begins.
    """

    bounds: Array
    kinds: Array
    spaced: Array
    starts: Array


class Kinds:
    """The kinds of tokens seen, numbered, with what is asked of each."""

    def __init__(self, nlp: Language, features: Sequence[str]) -> None:
        """Begin without any.

        Args:
            nlp: The pipeline whose features they are.
            features: The names of the attributes that its network embeds.
        """
        self._getters = nlp.vocab.lex_attr_getters  # type: ignore[attr-defined]
        self._features = features
        self._numbers: dict[Word, int] = {}
        #: The form in which each kind is looked up in lists of names.
        self.norms: list[str] = []
        self._rows, self._chars, self._flags = array("Q"), array("q"), array("b")

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, word: Word) -> int:
        """Return the number of a word's kind."""
        number = self._numbers.get(word)
        return self._added(word) if number is None else number

    def _added(self, word: Word) -> int:
        text, get = word.text, self._getters
        norm = word.norm or get[spacy.attrs.NORM](text)
        other = {"NORM": norm, "LEMMA": word.lemma, "TAG": word.tag}
        values = [
            other[name] if name in other else get[spacy.attrs.IDS[name]](text)
            for name in self._features
        ]
        is_space = bool(get[spacy.attrs.IS_SPACE](text))
        is_dull = is_space or get[spacy.attrs.IS_LOWER](text) or get[spacy.attrs.IS_PUNCT](text)
        self._rows.extend(get_string_id(value) for value in values)
        self._flags.extend((is_space, bool(is_dull)))
        self._chars.append(len(text))
        self.norms.append(norm)
        number = self._numbers[word] = len(self._numbers)
        return number

    @property
    def rows(self) -> npt.NDArray[np.uint64]:
        """(kinds, features), the hashes of the features."""
        rows = np.array(self._rows, dtype=np.uint64)
        return rows.reshape(-1, len(self._features))

    @property
    def chars(self) -> Array:
        """(kinds), the code points of each."""
        return np.array(self._chars, dtype=np.int64)

    @property
    def flags(self) -> npt.NDArray[np.bool_]:
        """(kinds, 2), whether each is white space; and whether no listed name begins with it."""
        return np.array(self._flags, dtype=bool).reshape(-1, 2)


class Tokenize(Protocol):
    """Cuts texts into tokens, their kinds numbered; its length is what it remembers."""

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """Return the tokens of texts."""

    def __len__(self) -> int: ...


def tokenizer_of(nlp: Language, kinds: Kinds) -> Tokenize | None:
    """Return what cuts as a pipeline's tokenizer does; None: only that one itself does."""
    tokenizer = nlp.tokenizer
    if isinstance(tokenizer, ScriptTokenizer):
        return _ScriptTokens(kinds)
    if isinstance(tokenizer, JapaneseTokenizer) and not tokenizer.need_subtokens:
        return _SudachiTokens(kinds, tokenizer.tokenizer)
    return None


class _Chunks(dict[str, tuple[int, ...] | None]):
    """The kinds of the tokens of what stands between spaces; None if white space stands there.

    No token of ours reaches over a space, and none sees past one.
    """

    def __init__(self, kinds: Kinds) -> None:
        super().__init__()
        self._kinds = kinds

    def __missing__(self, chunk: str) -> tuple[int, ...] | None:
        numbers = None
        if chunk and not chunk[0].isspace() and not chunk[-1].isspace():
            numbers = tuple(self._kinds.number(Word(word)) for word in TOKEN.findall(chunk))
        if len(chunk) <= _MAX_KEPT_CHARS:
            self[chunk] = numbers
        return numbers


class _ScriptTokens:
    """The tokens of `ScriptTokenizer`."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._chunks = _Chunks(kinds)

    def __len__(self) -> int:
        return len(self._chunks)

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """Return the tokens of texts."""
        return _arranged(map(self._cut, texts), self._kinds)

    def _cut(self, text: str) -> tuple[list[int], list[bool]]:
        chunks = [self._chunks[chunk] for chunk in text.split(" ")]
        if None in chunks:
            words, spaces = words_and_spaces(text)
            return [self._kinds.number(Word(word)) for word in words], spaces
        known = [chunk for chunk in chunks if chunk is not None]
        numbers = list(chain.from_iterable(known))
        spaced = [False] * len(numbers)
        last = -1
        for chunk in known[:-1]:
            last += len(chunk)
            spaced[last] = True
        return numbers, spaced


class _SudachiTokens:
    """The tokens of spaCy's `JapaneseTokenizer`, of which most is never asked."""

    def __init__(self, kinds: Kinds, tokenizer: Any) -> None:  # noqa: ANN401 (SudachiPy's own)
        self._kinds = kinds
        self._tokenizer = tokenizer
        self._words: dict[tuple[str, int], Word] = {}

    def __len__(self) -> int:
        return len(self._words)

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """Return the tokens of texts.

        Raises:
            ValueError: As spaCy does, if Sudachi's tokens are not the text.
        """
        return _arranged(map(self._cut, texts), self._kinds)

    def _cut(self, text: str) -> tuple[list[int], list[bool]]:
        words = [self._word(morpheme) for morpheme in self._tokenizer.tokenize(text)]
        words = [word for word in words if word.text]
        spaces = [False] * len(words)
        if "".join([word.text for word in words]) != text or text.split() != [text]:
            words, spaces = _with_gaps(words, text)
        return [self._kinds.number(word) for word in words], spaces

    def _word(self, morpheme: Any) -> Word:  # noqa: ANN401 (SudachiPy's own)
        key = (morpheme.surface(), morpheme.word_id())
        word = self._words.get(key)
        if word is None:
            tag = "-".join(part for part in morpheme.part_of_speech()[:4] if part != "*")
            lemma = morpheme.dictionary_form() or key[0]
            word = Word(key[0], morpheme.normalized_form(), lemma, tag)
            # Words that are in no dictionary share a number, and depend on more.
            if not morpheme.is_oov():
                self._words[key] = word
        return word


def _gap(text: str) -> Word:
    return Word(text, text, text, _GAP_TAG)


def _with_gaps(words: list[Word], text: str) -> tuple[list[Word], list[bool]]:
    """Return tokens with what stands between them: spaCy's `get_dtokens_and_spaces`."""
    words = list(_without_repeated_gaps(words))
    surfaces = [word.text for word in words]
    if "".join("".join(surfaces).split()) != "".join(text.split()):
        raise ValueError(Errors.E194.format(text=text, words=surfaces))
    if all(surface.isspace() for surface in surfaces):
        return ([_gap(text)], [False]) if words else ([], [])
    found: list[Word] = []
    spaces: list[bool] = []
    end = 0
    for word, following in zip(words, [*surfaces[1:], ""], strict=True):
        if word.text.isspace():
            continue
        start = text.find(word.text, end)
        if start < 0:
            raise ValueError(Errors.E194.format(text=text, words=surfaces))
        if start > end:
            found.append(_gap(text[end:start]))
            spaces.append(False)
        is_spaced = following == " "
        found.append(word)
        spaces.append(is_spaced)
        end = start + len(word.text) + is_spaced
    if end < len(text):
        found.append(_gap(text[end:]))
        spaces.append(False)
    return found, spaces


def _without_repeated_gaps(words: list[Word]) -> Iterator[Word]:
    was_gap = False
    for word in words:
        is_gap = word.text.isspace() and word.tag == _GAP_TAG
        if not (is_gap and was_gap):
            yield word
        was_gap = is_gap


def _arranged(cut: Iterable[tuple[list[int], list[bool]]], kinds: Kinds) -> Tokens:
    """Return the tokens of texts, of the kinds of each text's tokens and the spaces after them."""
    numbers, spaces = zip(*cut, strict=True)
    bounds = np.cumsum([0, *map(len, numbers)])
    flat = np.fromiter(chain.from_iterable(numbers), dtype=np.int64, count=int(bounds[-1]))
    spaced = np.fromiter(chain.from_iterable(spaces), dtype=bool, count=int(bounds[-1]))
    ends = np.concatenate([[0], np.cumsum(kinds.chars[flat] + spaced)])
    starts = ends[:-1] - np.repeat(ends[bounds[:-1]], np.diff(bounds))
    return Tokens(bounds, flat, spaced, starts)
