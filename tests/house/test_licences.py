"""Every package stands under a licence that somebody has read and allowed."""

import pytest

from docs import licences
from tests.conftest import ROOT


def test_the_licence_of_every_package_is_allowed() -> None:
    assert list(licences.refusals(licences.locked_packages())) == []


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("BSD License; Apache Software License", True),
        ("MIT AND (Apache-2.0 OR GPL-3.0-only)", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("none", False),
        ("Proprietary", False),
    ],
)
def test_a_licence_is_allowed_if_nothing_in_it_has_to_be_chosen(
    licence: str, expected: bool
) -> None:
    assert licences.is_allowed(licence) == expected


def test_a_package_that_nobody_allowed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(licences, "licence_of", {"new": "AGPL-3.0-only", "gone": None}.get)
    sentences = list(licences.refusals(["gone", "new"]))
    assert len(sentences) == 1
    assert sentences[0].startswith("new stands under 'AGPL-3.0-only'")


def test_packages_with_conditions_are_named_in_the_docs_and_still_needed() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert [name for name in licences.NAMED if f"`{name}`" not in page] == []
    assert licences.NAMED.keys() <= set(licences.locked_packages())
