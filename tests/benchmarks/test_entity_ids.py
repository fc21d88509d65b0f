"""The share of entities that language versions have in common is counted by pair and label."""

from benchmarks.entity_ids import alone, jaccards, only, table

FOUND = {
    "story": {
        "de": {"all": {"a", "b"}, "PER": {"a"}, "ORG": {"b"}},
        "en": {"all": {"a", "c"}, "PER": {"a"}, "ORG": {"c"}},
        "fr": {"all": set[str](), "PER": set[str](), "ORG": set[str]()},
    }
}


def test_two_versions_share_what_both_have_of_what_either_has() -> None:
    assert list(jaccards(FOUND, "all")) == [
        ("de", "en", 1 / 3), ("de", "fr", 0.0), ("en", "fr", 0.0),
    ]  # fmt: skip


def test_versions_without_any_say_nothing() -> None:
    assert list(jaccards(FOUND, "LOC")) == []


def test_the_table_ends_with_the_means_over_all_pairs() -> None:
    assert table(FOUND).splitlines()[-1] == "| mean | 0.11 | 0.33 | 0.00 | 0.00 |"


def test_some_languages_may_be_asked_for() -> None:
    assert list(jaccards(only(FOUND, {"de", "en"}), "all")) == [("de", "en", 1 / 3)]
    assert only(FOUND, ()) == FOUND


def test_what_one_version_alone_has_is_counted_by_language() -> None:
    assert alone(FOUND) == {"de": 1, "en": 1, "fr": 0}
