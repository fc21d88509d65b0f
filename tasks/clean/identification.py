"""Identify the language of a text: a script gate, then py3langid with CLD2 as second opinion.

The recipe and its thresholds were chosen on NTREX-128 sentences, paragraphs, short
phrases and junk: docs/language.md has the figures. Re-run benchmarks/language.py if one
of the constants changes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import regex

from tasks.clean.language_identifier import (
    Cld2Guess,
    Py3langidGuess,
    cld2_guess,
    py3langid_guesses,
)
from tasks.clean.romanised import is_romanised
from tasks.writing.bare_names import has_capitals_of_name
from tasks.writing.languages import (
    CLD2_TAGS,
    PY3LANGID_TAGS,
    UNDETERMINED,
    fits_script,
    for_script,
    is_written_script,
    only_language_of,
)
from tasks.writing.scripts import Letters, letters_of, written_script

#: More text makes neither library better.
EXAMINED_CHARS = 2000
MIN_LETTERS = 2
#: Of the characters that are not white space.
MIN_LETTER_SHARE = 0.4
#: The confidence of a language that is the only one of its script.
SCRIPT_CONFIDENCE = 0.99
#: Below it a text is `und`.
MIN_CONFIDENCE = 0.28
#: From which confidence a text needs no advice from its document, and may lend it: nearly 99 %
#: of the texts of the development sets above it are right.
CERTAIN_CONFIDENCE = 0.8
#: How much likelier a language of the document is than any other, for an uncertain text. In 400
#: documents mixed from the sets, phrases of one to three words were 79 % right with 1, 91 % with
#: 5, 92 % with 20, 93 % with 200.
PRIOR_ODDS = 20.0
#: What the document's advice must make of a text that is `und` by itself.
MIN_ADVISED_CONFIDENCE = 0.5
#: Advice makes nothing certain.
MAX_ADVISED_CONFIDENCE = 0.75
#: By how much of what it lacks to 1 the confidence rises when both libraries agree.
AGREEMENT_GAIN = 0.5
#: Junk, too, is English to CLD2.
ENGLISH_AGREEMENT_GAIN = 0.2
#: CLD2's score below which it is guessing: gibberish stays under it.
MIN_CLD2_SCORE = 400.0
#: From which share CLD2 is believed, and below which probability py3langid is not.
MIN_CLD2_SHARE = 0.8
MAX_DOUBTFUL_PROBABILITY = 0.6
#: What a language is worth that CLD2 names against py3langid, or of a short text.
CLD2_CONFIDENCE = 0.7
#: A text of no more letters is short: py3langid takes Japanese in Han for Chinese, and of the
#: languages that only CLD2 knows one name in four is wrong (one in twenty of longer texts).
MAX_SHORT_LETTERS = 20
#: How likely CLD2's language must be to py3langid, beside its own, to prevail: of one to three
#: words for which it is less likely one in twenty is in it, and one of three is in py3langid's.
MIN_CLD2_SUPPORT = 0.1
#: The same where there is more text, and where CLD2's language is rare and py3langid's is not: of
#: such words a half is in neither.
MIN_CLD2_SUPPORT_OF_LONG = 0.03
MIN_CLD2_SUPPORT_OF_RARE = 0.5
#: Languages in which many pages are written (W3Techs, content languages of websites).
COMMON = frozenset(
    "ar bg ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl "  # noqa: SIM905
    "sv th tr uk vi zh".split()
)
#: Below which probability py3langid is not believed of a longer text in Latin script that CLD2
#: makes nothing of: of 31 sentences it was right in 5.
MAX_STRANGE_PROBABILITY = 0.5
#: What is left of the confidence in a language that CLD2 could have confirmed by no means, or
#: that is not written in the script of the text.
DOUBT = 0.5

#: Addresses are ASCII (RFC 3986, RFC 5321), so that text glued to one stays. Linear in time.
_ADDRESS = regex.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![a-z0-9._%+-])[a-z0-9._%+-]++@[a-z0-9.-]+", regex.IGNORECASE
)
#: Controls, surrogates, noncharacters, private use: CLD2 raises at some of them.
_NOT_TEXT = regex.compile(r"[\p{Cc}\p{Cs}\p{Cn}\p{Co}]+")
_HAN = frozenset({"Hans", "Hant"})
#: Characters of written Cantonese that Chinese has no use for. 100 of 120 sentences in it have one,
#: of 240 in Chinese none.
_CANTONESE = regex.compile("[嘅咗喺佢哋唔冇嚟啲嗰乜咁嘢畀攞啱噉咩嘥瞓]")


@dataclass(frozen=True, slots=True)
class Identification:
    """The language of a text: BCP-47 tag, confidence 0 to 1 (`und`: 0), ISO 15924 script."""

    language: str
    confidence: float
    script: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known of a text before its language is decided.

    `letters` is 0 if there are too few for a language; `is_chinese` tells Han characters that
    Japanese lacks, `is_cantonese` those that only Cantonese has; `is_name` a text that is nothing
    but a name; `other_letters` are of other scripts; `is_romanised` tells Latin letters for a
    language that has its own; the libraries' guesses are None if the script alone decides.
    """

    script: str
    letters: int
    is_chinese: bool
    py3langid: Py3langidGuess | None
    cld2: Cld2Guess | None
    is_cantonese: bool = False
    is_name: bool = False
    other_letters: int = 0
    is_romanised: bool = False


def examined(text: str) -> str:
    """Return the part of a text that is looked at, without addresses and controls."""
    looked_at = text[: 2 * EXAMINED_CHARS]
    if _may_hold_address(looked_at):
        looked_at = _ADDRESS.sub(" ", looked_at)
    # What Python prints holds none of them: it knows no character that `regex` does not.
    if not looked_at.isprintable():
        looked_at = _NOT_TEXT.sub(" ", looked_at)
    return looked_at[:EXAMINED_CHARS]


def _may_hold_address(text: str) -> bool:
    return "@" in text or "://" in text or "www." in text.lower()


def gather_evidence(texts: Sequence[str]) -> list[Evidence]:
    """Look at each text; the models are asked only if its script leaves more than one language.

    What is known of a text depends on that text only.
    """
    looked_at = [examined(text) for text in texts]
    letters = letters_of(looked_at)
    counts = [_letters_of_language(found) for found in letters]
    is_asked = [
        count > 0 and not only_language_of(found.script)
        for found, count in zip(letters, counts, strict=True)
    ]
    asked = list(compress(looked_at, is_asked))
    guesses = zip(py3langid_guesses(asked), map(cld2_guess, asked), strict=True)
    rows = zip(looked_at, letters, counts, is_asked, strict=True)
    return [
        _evidence(text, found, count, next(guesses) if is_open else (None, None))
        for text, found, count, is_open in rows
    ]


def _evidence(
    text: str,
    letters: Letters,
    count: int,
    guesses: tuple[Py3langidGuess | None, Cld2Guess | None],
) -> Evidence:
    is_han = letters.script in _HAN
    return Evidence(
        letters.script,
        count,
        is_han and letters.chinese_only > 0,
        *guesses,
        is_han and _CANTONESE.search(text) is not None,
        guesses[0] is not None and has_capitals_of_name(text),
        letters.others,
        letters.script == "Latn" and _is_doubtful(guesses[0]) and is_romanised(text),
    )


def _is_doubtful(guess: Py3langidGuess | None) -> bool:
    """Whether py3langid's guess may be a bystander's language: rare, or not certain."""
    return guess is not None and not (
        guess.language in COMMON and guess.probability >= CERTAIN_CONFIDENCE
    )


def _letters_of_language(letters: Letters) -> int:
    """Return how many letters a text has; 0 if they are too few for a language, or of none."""
    enough = letters.count >= max(MIN_LETTERS, MIN_LETTER_SHARE * letters.visible)
    return letters.count if enough and is_written_script(letters.script) else 0


def judge(evidence: Evidence) -> Identification:
    """Decide the language of a text by itself."""
    if not evidence.letters or evidence.is_romanised:
        return Identification(UNDETERMINED, 0.0, evidence.script)
    only = only_language_of(evidence.script)
    if only or evidence.py3langid is None:
        return Identification(only or UNDETERMINED, SCRIPT_CONFIDENCE, evidence.script)
    language, confidence = _combined(evidence, evidence.py3langid)
    language = for_script(language, evidence.script)
    if not fits_script(language, evidence.script):
        confidence *= DOUBT
    least = CERTAIN_CONFIDENCE if evidence.is_name else MIN_CONFIDENCE
    return _identification(language, confidence, evidence.script, least)


def _identification(language: str, confidence: float, script: str, least: float) -> Identification:
    if language == UNDETERMINED or confidence < least:
        return Identification(UNDETERMINED, 0.0, script)
    return Identification(language, round(confidence, 4), written_script(script, language))


def judge_within(
    evidence: Evidence, alone: Identification, document_languages: Collection[str]
) -> Identification:
    """Decide the language of a text that stands in a document.

    Args:
        evidence: What is known of the text.
        alone: What `judge` says of it. If certain, or if the script decided, it stands.
        document_languages: Tags that are likelier here than others; empty: none is.
    """
    is_settled = alone.confidence >= CERTAIN_CONFIDENCE or evidence.is_romanised
    if is_settled or not document_languages:
        return alone
    if evidence.is_name:  # a heading, if it is in a language of the document
        heading = replace(evidence, is_name=False)
        found = judge_within(heading, judge(heading), document_languages)
        confidence = min(found.confidence, MAX_ADVISED_CONFIDENCE)
        is_own = found.language in document_languages
        return replace(found, confidence=confidence) if is_own else alone
    weights = _weights(evidence, alone)
    if not any(weights.values()):
        return alone
    odds = {
        tag: weight * (PRIOR_ODDS if tag in document_languages else 1.0)
        for tag, weight in weights.items()
    }
    best = min(odds, key=lambda tag: (-odds[tag], tag))
    confidence = min(odds[best] / sum(odds.values()), MAX_ADVISED_CONFIDENCE)
    least = MIN_CONFIDENCE if alone.confidence else MIN_ADVISED_CONFIDENCE
    return _identification(best, confidence, evidence.script, least)


def _weights(evidence: Evidence, alone: Identification) -> dict[str, float]:
    """Return the probability of each language of the script.

    None if py3langid says junk or was not asked.
    """
    guess = evidence.py3langid
    if guess is None or guess.language == UNDETERMINED:
        return {}
    weights: dict[str, float] = {}
    for named, probability in guess.probabilities().items():
        tag = for_script(named, evidence.script)
        if fits_script(tag, evidence.script):
            weights[tag] = weights.get(tag, 0.0) + probability
    if alone.language != UNDETERMINED:
        weights[alone.language] = max(weights.get(alone.language, 0.0), alone.confidence)
    return weights


def _combined(evidence: Evidence, guess: Py3langidGuess) -> tuple[str, float]:
    """Return the language that the libraries' words come to, and how sure that is."""
    language, probability = _chinese(evidence, guess)
    cld2 = evidence.cld2
    if cld2 is None or (cld2.language == "ja" and evidence.is_chinese):
        return language, probability
    is_guessing = cld2.score < MIN_CLD2_SCORE and not _is_han(evidence)
    if language == cld2.language:
        gain = ENGLISH_AGREEMENT_GAIN if language == "en" else AGREEMENT_GAIN
        return language, probability + (0.0 if is_guessing else gain * (1 - probability))
    if not is_guessing and _overrules(cld2, guess, (language, probability), evidence):
        is_contested = cld2.language in PY3LANGID_TAGS or evidence.letters <= MAX_SHORT_LETTERS
        return cld2.language, cld2.share * (CLD2_CONFIDENCE if is_contested else 1.0)
    if _is_strange(evidence, guess, cld2, is_guessing=is_guessing):
        return UNDETERMINED, 0.0  # romanised, mixed, or of a language that neither knows
    return language, probability * (1.0 if language in CLD2_TAGS else DOUBT)


def _is_strange(
    evidence: Evidence, guess: Py3langidGuess, cld2: Cld2Guess, *, is_guessing: bool
) -> bool:
    """Whether a longer text in Latin script is neither's: each doubts the other's language."""
    if evidence.script != "Latn" or evidence.letters <= MAX_SHORT_LETTERS:
        return False
    support = _support(guess, cld2)
    if is_guessing:
        return support < MIN_CLD2_SUPPORT and guess.probability < MAX_STRANGE_PROBABILITY
    is_doubtful = guess.probability < MAX_DOUBTFUL_PROBABILITY
    return is_doubtful and cld2.language != "en" and support < MIN_CLD2_SUPPORT_OF_LONG


def _support(guess: Py3langidGuess, cld2: Cld2Guess) -> float:
    """Return how likely CLD2's language is to py3langid, beside its own; 1: it cannot know."""
    if cld2.language not in PY3LANGID_TAGS:
        return 1.0
    return guess.probabilities().get(cld2.language, 0.0) / max(guess.probability, 1e-4)


def _chinese(evidence: Evidence, guess: Py3langidGuess) -> tuple[str, float]:
    """Return py3langid's language; Cantonese without its characters is Chinese."""
    if evidence.is_cantonese or not _is_han(evidence) or guess.language not in {"zh", "yue"}:
        return guess.language, guess.probability
    likely = guess.probabilities()
    both = round(likely.get("zh", 0.0) + likely.get("yue", 0.0), 4)
    # A document in Cantonese may still advise otherwise.
    most = 1.0 if guess.language == "zh" else MAX_ADVISED_CONFIDENCE
    return "zh", min(most, both)


def _overrules(
    cld2: Cld2Guess, guess: Py3langidGuess, answer: tuple[str, float], evidence: Evidence
) -> bool:
    """Whether CLD2 is right where it disagrees. Its English never is: it is its last resort."""
    language, probability = answer
    if cld2.language == "en" or cld2.share < MIN_CLD2_SHARE:
        return False
    if cld2.language not in PY3LANGID_TAGS:
        return True
    if _is_han(evidence):
        return cld2.language == "ja" and evidence.letters <= MAX_SHORT_LETTERS
    if language == UNDETERMINED or probability >= MAX_DOUBTFUL_PROBABILITY:
        return False
    if evidence.letters > MAX_SHORT_LETTERS:
        return _support(guess, cld2) >= MIN_CLD2_SUPPORT_OF_LONG
    is_rare = cld2.language not in COMMON and language in COMMON
    least = MIN_CLD2_SUPPORT_OF_RARE if is_rare else MIN_CLD2_SUPPORT
    return _support(guess, cld2) >= least


def _is_han(evidence: Evidence) -> bool:
    return evidence.script in _HAN


def identify(texts: Sequence[str]) -> list[Identification]:
    """Return the language of each text by itself; `und` for junk, and `Zyyy` without letters."""
    return [judge(evidence) for evidence in gather_evidence(texts)]
