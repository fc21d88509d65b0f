"""Find pairs of words that may spell one name by way of an inverted index: never all pairs.

Words are indexed by the classes of their consonants. Vowels, h, w and y are left out, sounds
that scripts do not tell apart are one (b and p in Arabic, l and r in kana). Of the name parts of
two scripts that are one name, 97 % (Arabic), 94 % (Cyrillic, kana), 86 % (Hebrew), 85 % (Hangul),
81 % (Han) have sounds of at most one difference (6,000 training pairs of each). Keys with one
sound open or left out are the symmetric deletion of Garbe's SymSpell.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
import regex
from numpy.typing import NDArray

from tasks.entities.listed_parts import latin_keys
from tasks.writing.romanize import name_script, romanized

#: Spellings of a sound, in this order; `[eiy]` stays, so that what follows it is seen.
_SOUNDS = (
    (r"tsch|tch|sch|shch|sh|ch|zh|cz|sz|ts|tz|dzh|dj|dz|c([eiy])|j|z", "s$1"),
    (r"x", "ks"),
    (r"ph", "f"),
    (r"th|d", "t"),
    (r"[kcqg]+|kh|gh", "k"),
    (r"[pbfv]", "p"),
    (r"r", "l"),
    (r"[^ptskmnl]", ""),
    (r"(p)p+|(t)t+|(s)s+|(k)k+|(m)m+|(n)n+|(l)l+", "$1$2$3$4$5$6$7"),
)
#: チ is the ti of Путин and the chi of Chicago.
_HARD_KANA = str.maketrans("チツジヂヅ", "テトデデド")
#: 钱伯斯, qianbosi, is Chambers; 希, xi, is the si of Siemens and the hi of Hitler.
_PINYIN_SOUNDS = {"q": "ch", "x": "sh", "c": "ts"}
_PINYIN = regex.compile(r"[qx]|c(?!h)")
#: A nasal of Devanagari sounds as the consonant after it is spoken: मुंबई Mumbai, एंडरसन Anderson.
_NASAL = regex.compile(r"[ंँ](?![पफबभम])")
_CH = regex.compile(r"c(?!h)")
_OPEN = "_"
#: With fewer sounds nothing is left to tell names apart by once one is gone.
_MIN_DELETED = 3
#: Letters that are counted as one when two words' letters are compared.
_LETTERS = ("a", "eiyj", "ouw", "pb", "fv", "td", "szcx", "kqcgh", "l", "r", "m", "n")
_VOWELS = 3
#: Share of the letters of both that two candidates need not have in common; of the parts of names
#: in `../shared/data/names` that are one, 97 % differ less (Cyrillic .33, Arabic .5, kana .5).
MAX_OTHER_LETTERS = 0.4
MAX_OTHER_LETTERS_OF = {"Kana": 0.45, "Hang": 0.55, "Hani": 0.55, "Deva": 0.55}
#: Scripts that leave vowels out: only consonants count.
_VOWELLESS = frozenset({"Arab", "Hebr"})
#: Pairs whose letters are compared at once: 12 counts of each are 50 MB.
_PAIRS_AT_ONCE = 2**20

Mask = NDArray[np.bool_]


def candidate_pairs(
    words: Sequence[str],
    same_script: bool = False,
    names: Sequence[tuple[str, ...]] | None = None,
    new: Sequence[bool] | None = None,
) -> pl.DataFrame:
    """Return the pairs of words whose sounds differ in one at most.

    Names of several words are also found if one word sounds the same and the others begin or
    end with one sound, and all names if a list spells them alike. Whether two words are a pair
    depends on no other word.

    Args:
        words: Distinct words.
        same_script: Whether the two are of one script, otherwise of two.
        names: For each of `words`, the words that it was joined of; none: itself.
        new: Which words are looked at: a pair has at least one of them; none: all.

    Returns:
        `first, second`: indices into `words`, the lesser first, sorted.
    """
    frame = pl.DataFrame(
        {
            "word": pl.Series(range(len(words)), dtype=pl.UInt32),
            "script": pl.Series([name_script(word) for word in words], dtype=pl.String),
            "is_new": pl.Series([True] * len(words) if new is None else new, dtype=pl.Boolean),
        }
    ).with_columns(pl.col("script").cast(pl.Categorical).to_physical())
    full = _sounds(words).join(frame, on="word").rename({"sounds": "key"})
    kinds = [full, _opened(full)]
    if names is not None:
        kinds.append(_of_names(names, frame))
    joined = [_joined(kind, kind, same_script) for kind in kinds]
    joined.append(_joined(full, _deleted(full), same_script))
    pairs = pl.concat(joined).unique().sort("first", "second").collect()
    found = pairs.filter(pl.Series(_share_letters(words, pairs), dtype=pl.Boolean))
    return found if names is None else _with_listed(found, names, frame, same_script)


def _with_listed(
    found: pl.DataFrame, names: Sequence[tuple[str, ...]], frame: pl.DataFrame, same_script: bool
) -> pl.DataFrame:
    """Return pairs with those of names that a list spells alike, whatever their letters."""
    rows = [(i, key) for i, name in enumerate(names) for key in latin_keys(name)]
    schema = {"word": pl.UInt32, "key": pl.String}
    listed = pl.DataFrame(rows, schema=schema, orient="row").join(frame, on="word")
    pairs = _joined(listed, listed, same_script).collect()
    return pl.concat([found, pairs]).unique().sort("first", "second")


def _sounds(words: Sequence[str]) -> pl.DataFrame:
    """Return `word, sounds`: its consonants in seven classes, and others that they may stand for.

    Some kana are also hard, and the v of Devanagari is also a w, which is left out (वाशिंगटन).
    """
    spoken = list(map(_spoken, words))
    hard = [(i, word.translate(_HARD_KANA)) for i, word in enumerate(words)]
    spelt = [
        *enumerate(spoken),
        *((i, _spoken(word)) for i, word in hard if word != words[i]),
        *((i, spoken[i].replace("v", "")) for i, word in enumerate(words) if "व" in word),
    ]
    sounds = pl.Series("sounds", [word for _, word in spelt], dtype=pl.String)
    for pattern, sound in _SOUNDS:
        sounds = sounds.str.replace_all(pattern, sound)
    index = pl.Series("word", [i for i, _ in spelt], dtype=pl.UInt32)
    return pl.DataFrame([index, sounds]).unique()


def _spoken(word: str) -> str:
    """Return a word in Latin letters that sound alike: not those of Pinyin, nor च as in `car`."""
    script = name_script(word)
    if script == "Deva":
        return _CH.sub("ch", romanized(_NASAL.sub("न", word)).replace("ph", "f"))
    latin = romanized(word)
    return (
        _PINYIN.sub(lambda letter: _PINYIN_SOUNDS[letter[0]], latin) if script == "Hani" else latin
    )


def _opened(full: pl.DataFrame) -> pl.DataFrame:
    """Leave each sound of a key open in turn: what one other sound does to it."""
    return _changed(full, _OPEN, 1)


def _deleted(full: pl.DataFrame) -> pl.DataFrame:
    """Leave each sound of a key out in turn, unless little would be left."""
    return _changed(full, "", _MIN_DELETED)


def _changed(full: pl.DataFrame, sound: str, least: int) -> pl.DataFrame:
    key = pl.col("key")
    longest = int(full.select(key.str.len_bytes().max().fill_null(0)).item())
    changed = [
        full.filter(key.str.len_bytes() >= max(least, position + 1)).with_columns(
            pl.concat_str(key.str.slice(0, position), pl.lit(sound), key.str.slice(position + 1))
        )
        for position in range(longest)
    ]
    return pl.concat([full.clear(), *changed]).unique()


def _of_names(names: Sequence[tuple[str, ...]], frame: pl.DataFrame) -> pl.DataFrame:
    """Return keys of names of several words: the sounds of the first or last, one of the other."""
    several = [(i, name[0], name[-1]) for i, name in enumerate(names) if len(name) > 1]
    parts = sorted({word for _, *ends in several for word in ends})
    number = {word: i for i, word in enumerate(parts)}
    ends = pl.DataFrame(
        [(i, number[first], number[last]) for i, first, last in several],
        schema=dict.fromkeys(["word", "first", "last"], pl.UInt32),
        orient="row",
    )
    sounds = _sounds(parts)
    both = ends.join(sounds.rename({"word": "first", "sounds": "one"}), on="first")
    both = both.join(sounds.rename({"word": "last", "sounds": "other"}), on="last")
    keys = [
        both.select(
            "word", pl.concat_str(pl.lit(f"{kind} "), whole, pl.lit(side), sound).alias("key")
        )
        for kind, whole, rest in (("first", "one", "other"), ("last", "other", "one"))
        for side, sound in (
            (" begins ", pl.col(rest).str.head(1)),
            (" ends ", pl.col(rest).str.tail(1)),
        )
    ]
    return pl.concat(keys).unique().join(frame, on="word").select("word", "key", "script", "is_new")


def _joined(one: pl.DataFrame, other: pl.DataFrame, same_script: bool) -> pl.LazyFrame:
    """Return pairs of words that have a key in common, one of them new."""
    new = pl.col("is_new")
    halves = [(one.filter(new), other), (one.filter(~new), other.filter(new))]
    pairs = pl.concat([a.lazy().join(b.lazy(), on="key", suffix="_other") for a, b in halves])
    wanted = (pl.col("script") == pl.col("script_other")) == same_script
    first, second = pl.col("word"), pl.col("word_other")
    return (
        pairs.filter(wanted & (first != second))
        .select(
            pl.min_horizontal(first, second).alias("first"),
            pl.max_horizontal(first, second).alias("second"),
        )
        .unique()
    )


def _share_letters(words: Sequence[str], pairs: pl.DataFrame) -> Mask:
    """Say of each pair whether the letters of its words differ little enough."""
    sides = pairs.select("first", "second").to_numpy()
    used, index = np.unique(sides, return_inverse=True)
    first, second = index.reshape(sides.shape).T
    spelt = [words[i] for i in used]
    counts = _letter_counts(spelt)
    scripts = [name_script(word) for word in spelt]
    written = np.array([script not in _VOWELLESS for script in scripts], bool)
    limits = np.array([MAX_OTHER_LETTERS_OF.get(script, MAX_OTHER_LETTERS) for script in scripts])
    kept = np.zeros(pairs.height, bool)
    for start in range(0, pairs.height, _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        one, other = counts[first[part]], counts[second[part]]
        vowels = written[first[part]] & written[second[part]]
        apart, held = np.abs(one - other), one + other
        apart[:, :_VOWELS] *= vowels[:, None]
        held[:, :_VOWELS] *= vowels[:, None]
        limit = np.maximum(limits[first[part]], limits[second[part]])
        kept[part] = apart.sum(axis=1) <= limit * held.sum(axis=1)
    return kept


def _letter_counts(words: Sequence[str]) -> NDArray[np.int16]:
    """Return how often a word has the letters of each of `_LETTERS`; shape (words, 12)."""
    letters = pl.Series([_spoken(word) for word in words], dtype=pl.String)
    counts = [letters.str.count_matches(f"[{group}]").to_numpy() for group in _LETTERS]
    return np.stack(counts, axis=1).astype(np.int16)
