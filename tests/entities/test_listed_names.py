"""What lists say of names: parts of persons' names in two scripts, regions, cities with 市."""

import pytest

from tasks.entities.listed_parts import LISTED_LIKENESS, are_listed, usual_spelling
from tasks.entities.places import find_place
from tasks.settings import ResolveSettings
from tests.making.mentions import Mention, mentions, resolve_entities

ALONE = ResolveSettings(alias_table=None, known_names=False, gazetteer=False)


def entities_of(*found: Mention) -> int:
    """Return how many entities some names are."""
    return resolve_entities(mentions(*found), ALONE)[0].height


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("PER", ("en", "Elizabeth Johnson"), ("zh", "伊丽莎白·约翰逊")),
        ("PER", ("en", "Kelly Humphreys"), ("hi", "केली हंफरीज़")),
        ("LOC", ("en", "Manhattan"), ("hi", "मैनहैटन")),
        ("PER", ("en", "John F. Kennedy"), ("ja", "ジョン・F・ケネディ")),
        ("ORG", ("en", "The Boston Globe"), ("en", "Boston Globe")),
    ],
)
def test_they_are_one(label: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert entities_of(("d1", one[0], label, one[1]), ("d2", other[0], label, other[1])) == 1


@pytest.mark.parametrize(
    ("label", "one", "other"),
    [
        ("ORG", ("en", "The Times"), ("en", "Times")),
        ("LOC", ("es", "La Santa Fe"), ("es", "Santa Fe")),
        ("PER", ("en", "Elizabeth Johnson"), ("zh", "伊丽莎白·詹姆斯")),
        ("LOC", ("en", "Manchester"), ("hi", "मैनहैटन")),
    ],
)
def test_they_are_two(label: str, one: tuple[str, str], other: tuple[str, str]) -> None:
    assert entities_of(("d1", one[0], label, one[1]), ("d2", other[0], label, other[1])) == 2


def test_listed_parts_spell_each_other_in_either_order_and_word_by_word() -> None:
    assert are_listed(("johnson",), ("约翰逊",))
    assert are_listed(("伊丽莎白", "约翰逊"), ("elizabeth", "johnson"))
    assert not are_listed(("伊丽莎白", "约翰逊"), ("johnson", "elizabeth"))
    assert not are_listed(("johnson",), ("约翰逊", "约翰逊"))
    assert LISTED_LIKENESS < 1


@pytest.mark.parametrize(
    ("part", "usual"),
    [
        ("マイケル", "michael"),
        ("كيري", "kerry"),
        ("リード", None),  # Reed, Reid, Read
        ("буш", None),  # romanised well enough
        ("", None),
    ],
)
def test_a_spelling_is_usual_only_if_nearly_all_have_it(part: str, usual: str | None) -> None:
    assert usual_spelling(part) == usual


@pytest.mark.parametrize(
    ("language", "name", "place_id"),
    [
        ("ru", "Латинская Америка", "place-419"),
        ("es", "Europa del Este", None),
        ("de", "Osteuropa", "place-151"),
        ("ja", "ニューヨーク市", "place-5128581"),
        ("ko", "뉴욕시", "place-5128581"),
        ("ru", "Америка", None),  # nearly always the USA
    ],
)
def test_regions_and_cities_are_known(language: str, name: str, place_id: str | None) -> None:
    assert find_place(name, language) == place_id
