"""Hold the one vocabulary of languages, and turn each library's codes into it.

Tags are BCP-47 as CLDR writes them (source of names, aliases and scripts: CLDR, through
Babel). Decisions of ours, each for the sake of those who read the tables:

* Chinese is `zh` whatever its script; the column `script` says Hans or Hant. Likewise `sr`
  in Latin or Cyrillic script.
* `nb` and `nn`, never `no`: what libraries call `no` is Bokmål.
* `tl`, not `fil`: the tag of the libraries and of most corpora.
* Spoken varieties that are rarely written, and the ancient forms of a living language, are
  folded into it: web text that gets these labels is nearly always in the living language.
* Central Kurdish (`ckb`) is the Kurdish of the Arabic script, `ku` that of the Latin.
"""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from babel import Locale
from babel.core import get_global

from tasks.writing.scripts import NO_LETTERS

UNDETERMINED = "und"

#: The labels of py3langid 0.4's model; a test compares them with the installed one.
_PY3LANGID_LIST = """\
ace af am an ar ary arz as az ba bcl be bg bn br bs ca crh cs cy da de dz el en eo es et eu
ext fa fi fo fr fuv fy ga gcf gcr gd gl gom grc gu gug guw ha hbo he hi hr ht hu hy id ig is it
ja jv ka kab kik kk km kn ko ku ky la lb lg lij ln lo lt ltg lv mg mk ml mn mr ms mt my ne nl nn
no nso oc om or pa pcm pl ps pt qu ro ru rw sa sdh se si sk sl sn so sq sr st sv sw ta te tg th
tk tl tr tt ug uk ur uz uzs vec vi vo wa wuu xh yo yue zh zu zxx"""
#: The codes of CLD2 but for those of its form `xx-…`; a test compares them with pycld2's.
_CLD2_LIST = """\
aa ab af ak am ar as ay az ba be bg bh bi bn bo br bs ca ceb chr co crs cs cy da de dv dz ee
el en eo es et eu fa fi fj fo fr fy ga gaa gd gl gn gu gv ha haw hi hmn hr ht hu hy ia id ie ig
ik is it iu iw ja jw ka kha kk kl km kn ko kri ks ku ky la lb lg lif ln lo loz lt lua luo lv mfe
mg mi mk ml mn mr ms mt my na ne new nl nn no nr nso ny oc om or os pa pam pl ps pt qu raj rm rn
ro ru rw sa sco sd sg si sk sl sm sn so sq sr sr-ME ss st su sv sw syr ta te tg th ti tk tl tlh
tn to tr ts tt tum tw ug uk un ur uz ve vi vo war wo xh xxx yi yo za zh zh-Hant zu zzb zze zzh
zzp"""
PY3LANGID_CODES = frozenset(_PY3LANGID_LIST.split())
CLD2_CODES = frozenset(_CLD2_LIST.split())
#: Labels for what is no language: markup, binary, jokes (Klingon, Pig Latin, Bork).
_NO_LANGUAGE = frozenset({"zxx", "un", "xxx", "tlh", "zzb", "zze", "zzh", "zzp"})
_DECISIONS = {
    "no": "nb",
    "tl": "tl",
    "zh-Hant": "zh",
    "wuu": "zh",
    "ary": "ar",
    "arz": "ar",
    "grc": "el",
    "hbo": "he",
    "fuv": "ff",
    "sdh": "ckb",
    "sr-ME": "sr",
    "uzs": "uz",
}
#: Names that CLDR lacks (source: IANA Language Subtag Registry).
_NAMES = {
    "gcf": "Guadeloupean Creole French",
    "gcr": "Guianese Creole French",
    "guw": "Gun",
    "lif": "Limbu",
}
#: Scripts in wide use that CLDR's likely subtags and territories do not mention.
_MORE_SCRIPTS = {"crh": {"Latn"}, "ks": {"Deva"}, "sd": {"Deva"}}
#: In CLDR's lists, but no text that we shall meet: Shavian and romanised Hindi.
_RARE_SCRIPTS = {("en", "Shaw"), ("hi", "Latn")}


def _tag(code: str) -> str:
    if code in _NO_LANGUAGE:
        return UNDETERMINED
    return _DECISIONS.get(code) or get_global("language_aliases").get(code, code)


def from_py3langid(code: str) -> str:
    """Return the tag for a label of py3langid.

    Raises:
        KeyError: The label is not one of `PY3LANGID_CODES`.
    """
    return _FROM_PY3LANGID[code]


def from_cld2(code: str) -> str:
    """Return the tag for a code of CLD2; its `xx-…` are scripts without a language: `und`.

    Raises:
        KeyError: The code is not one of `CLD2_CODES`.
    """
    return UNDETERMINED if code.startswith("xx-") else _FROM_CLD2[code]


def for_script(language: str, script: str) -> str:
    """Return the tag of a language that changes its tag with its script."""
    return "ckb" if (language, script) == ("ku", "Arab") else language


@lru_cache(maxsize=1)
def _scripts_in_territories() -> frozenset[tuple[str, str]]:
    """Return the (language, script) pairs in which CLDR knows people to write."""
    territories = get_global("territory_languages").values()
    tags = {tag for languages in territories for tag in languages if tag.count("_") == 1}
    pairs = {(tag.split("_")[0], tag.split("_")[1]) for tag in tags}
    return frozenset(pair for pair in pairs if len(pair[1]) == 4) - _RARE_SCRIPTS


@lru_cache(maxsize=1)
def _likely_scripts() -> frozenset[tuple[str, str]]:
    """Return the (language, script) pairs that CLDR supposes, by language or by territory."""
    likely = get_global("likely_subtags")
    expanded = [tag.split("_") for key, tag in likely.items() if not _names_script(key)]
    return frozenset((language, script) for language, script, _territory in expanded)


def _names_script(tag: str) -> bool:
    return any(len(part) == 4 for part in tag.split("_")[1:])


@lru_cache(maxsize=1)
def _known_scripts() -> Mapping[str, set[str]]:
    """Return the scripts of each language that CLDR knows, an empty set of others."""
    scripts = defaultdict[str, set[str]](set)
    for language, script in _likely_scripts() | _scripts_in_territories():
        scripts[language].add(script)
    return scripts


@lru_cache(maxsize=512)
def expected_scripts(language: str) -> frozenset[str]:
    """Return the ISO 15924 codes that a language of the vocabulary is written in.

    `und` may stand in any script: the answer is empty.

    Raises:
        KeyError: The tag is not in the vocabulary.
    """
    if language not in KNOWN_TAGS:
        raise KeyError(language)
    return frozenset(_known_scripts()[language] | _MORE_SCRIPTS.get(language, set()))


def fits_script(language: str, script: str) -> bool:
    """Whether a language may be written in a script; `und` in any, any without letters."""
    scripts = expected_scripts(language)
    return not scripts or script == NO_LETTERS or script in scripts


@lru_cache(maxsize=256)
def is_written_script(script: str) -> bool:
    """Whether any language of the vocabulary is written in a script."""
    return any(script in expected_scripts(tag) for tag in KNOWN_TAGS)


@lru_cache(maxsize=256)
def only_language_of(script: str) -> str | None:
    """Return the one language of the vocabulary that is written in a script, if it is one."""
    languages = [tag for tag in KNOWN_TAGS if script in expected_scripts(tag)]
    return languages[0] if len(languages) == 1 else None


@lru_cache(maxsize=256)
def likely_language_of(script: str) -> str | None:
    """Return the language of the vocabulary that CLDR supposes in a script, if there is one."""
    likely = get_global("likely_subtags")
    language, written, *_ = (likely.get(f"und_{script}") or likely["und"]).split("_")
    return language if language in KNOWN_TAGS and written == script else None


def _tags(codes: frozenset[str]) -> dict[str, str]:
    return {code: _tag(code) for code in codes}


_FROM_PY3LANGID = _tags(PY3LANGID_CODES)
_FROM_CLD2 = _tags(CLD2_CODES)
#: Tags that a library can give; CLD2's Kurdish in Arabic script is `ckb`.
PY3LANGID_TAGS = frozenset(_FROM_PY3LANGID.values())
CLD2_TAGS = frozenset({*_FROM_CLD2.values(), "ckb"})
KNOWN_TAGS = PY3LANGID_TAGS | CLD2_TAGS
#: English names by tag.
LANGUAGES: dict[str, str] = {
    tag: _NAMES.get(tag) or Locale("en").languages[tag] for tag in sorted(KNOWN_TAGS)
}
