"""Define the language class of our own models: tokens in every script, and their features."""

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import regex
from spacy.attrs import IS_LOWER, IS_PUNCT, IS_SPACE, LOWER, NORM, PREFIX, SHAPE, SUFFIX
from spacy.language import BaseDefaults, Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from tasks.writing.forms import ARABIC_VARIANTS
from tasks.writing.vocabulary import COMPLEX_LETTERS, JOINED_LETTERS

#: Apostrophes that elide a word before a name (l'Oréal, d'Otto, dell'Umbria) stay with that word.
_ELIDED = r"(?:\p{L}|qu|dell|dall|nell|sull|coll|all|quell|sant)['’](?=\p{L})"
#: Korean particles: a name ends before them (이/가, 을/를, 은/는 …). A name that itself ends so is
#: cut in two tokens, which costs nothing: names may have several.
_PARTICLES = (
    "에서는|으로부터|이라고|에서|에게|께서|으로|까지|부터|보다|처럼|이나|라고|이라"
    "|은|는|이|가|을|를|의|에|로|와|과|도|만|측"
)
TOKEN = regex.compile(
    r"(?:\p{Lu}\.){2,}"  # U.S., J.K.
    rf"|\b{_ELIDED}"
    r"|['’]\p{Ll}+"  # 's, 'nin
    r"|\p{N}+(?:[.,:٫٬]\p{N}+)*"
    r"|\p{Han}"
    r"|[\p{Katakana}ー]+"
    r"|\p{Hiragana}"
    rf"|\p{{Hangul}}+?(?=(?:{_PARTICLES})\b)|\p{{Hangul}}+"
    rf"|(?:(?=[{COMPLEX_LETTERS}])\X)"
    rf"|[\p{{L}}\p{{M}}\p{{N}}\u200c\u200d_--[{JOINED_LETTERS}]]+"
    r"|\s+|.",
    regex.VERSION1 | regex.DOTALL,
)
#: What the features, the gazetteer and the recogniser ask of a token.
_ATTRIBUTES = (LOWER, NORM, SHAPE, PREFIX, SUFFIX, IS_LOWER, IS_PUNCT, IS_SPACE)
_MARKS = regex.compile(r"[\p{Cf}\u0640\u064B-\u0655\u0670]")
#: Arabic for and, then; the article, by, for, like. Three letters at least are left. Names that
#: begin with these letters lose them too, which costs nothing: NORM has them.
_PROCLITICS = regex.compile(r"^[وف]?(?:[بكل]?ال|لل|[بلك])?(?=\p{Arabic}{3})")
_DIGIT = regex.compile(r"\p{N}")


def words_and_spaces(text: str) -> tuple[list[str], list[bool]]:
    """Cut a text into tokens, and say which are followed by one space. They rebuild it."""
    words: list[str] = []
    spaces: list[bool] = []
    for word in TOKEN.findall(text):
        if word == " " and words and not spaces[-1]:
            spaces[-1] = True
        else:
            words.append(word)
            spaces.append(False)
    return words, spaces


class ScriptTokenizer:
    """Tokens by script: words where they are spaced, characters where they are not."""

    def __init__(self, vocab: Vocab) -> None:
        # The other attributes of a word, which nobody here asks for, take most of the time.
        getters = vocab.lex_attr_getters  # type: ignore[attr-defined]
        wanted = {attribute: getters[attribute] for attribute in _ATTRIBUTES}
        vocab.lex_attr_getters = wanted  # type: ignore[attr-defined]
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the document of a text."""
        words, spaces = words_and_spaces(text)
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:  # noqa: ANN401 (spaCy's protocol)
        """Return nothing: the tokenizer is code only."""
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> "ScriptTokenizer":  # noqa: ANN401
        """Return the tokenizer as it is."""
        return self

    def to_disk(self, *_: Any, **__: Any) -> None:  # noqa: ANN401
        """Write nothing."""

    def from_disk(self, *_: Any, **__: Any) -> "ScriptTokenizer":  # noqa: ANN401
        """Return the tokenizer as it is."""
        return self


@lru_cache(maxsize=1 << 16)
def folded(token: str) -> str:
    """Return what the model knows a token by: NFKC, lower case, one digit, bare Arabic letters."""
    norm = unicodedata.normalize("NFKC", token).casefold().translate(ARABIC_VARIANTS)
    return _DIGIT.sub("0", _MARKS.sub("", norm)) or token


def without_proclitics(norm: str) -> str:
    """Return a folded word without what Arabic writes together with it: `وبالرياض`, `رياض`."""
    return _PROCLITICS.sub("", norm)


@registry.tokenizers("babelmill.script_tokenizer.v1")  # type: ignore[untyped-decorator]
def make_script_tokenizer() -> Callable[[Language], ScriptTokenizer]:
    """Return spaCy's factory of the tokenizer."""
    return lambda nlp: ScriptTokenizer(nlp.vocab)


class BabelmillDefaults(BaseDefaults):
    """Features of a token, besides its shape."""

    lex_attr_getters = {  # noqa: RUF012 (spaCy's own form)
        NORM: folded,
        # The word's stem; an embedding can have spaCy's own attributes only.
        LOWER: lambda token: without_proclitics(folded(token)),
        PREFIX: lambda token: folded(token)[:3],
        SUFFIX: lambda token: folded(token)[-3:],
    }


@registry.languages("bml")
class Babelmill(Language):  # type: ignore[no-untyped-call]
    """Any language, by script."""

    lang = "bml"
    Defaults = BabelmillDefaults
