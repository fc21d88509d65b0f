"""Tell languages apart that an identifier may confuse."""

#: Languages that an identifier may confuse are not foreign to each other if the script is one.
RELATED_LANGUAGES = tuple(
    frozenset(group.split())
    for group in (
        "bg mk sr ru uk be rue",
        "bs hr sr sl cnr",
        "cs sk pl",
        "da nb nn sv fo is",
        "es pt gl ca ast an ext oc",
        "fr oc wa gcf gcr ht",
        "it vec lij co scn lmo",
        "de lb nds gsw bar",
        "nl af fy li nds",
        "en sco pcm",
        "fi et",
        "lt lv ltg",
        "ga gd gv",
        "tr az tk crh gag uz",
        "kk ky tt ba uz kaa",
        "fa ps ckb ug ur sd ks skr pnb",
        "hi mr ne bho mai awa raj sa gom ks sd",
        "bn as",
        "id ms jv su min ace",
        "tl ceb war ilo bcl",
        "th lo",
        "xh zu ss nr nd",
        "tn st nso",
        "rw rn",
        "zh yue ja",
    )
)


def are_related(first: str, second: str) -> bool:
    """Return whether one of two languages may be taken for the other."""
    return any(first in group and second in group for group in RELATED_LANGUAGES)
