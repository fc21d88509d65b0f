"""Check the large made-up corpus of stories."""

import polars as pl

from benchmarks.story_corpora import many


def corpus() -> pl.DataFrame:
    """Two stories in two languages, each with a name of its own in either half."""
    return pl.DataFrame(
        [
            {
                "doc_id": f"{story}-{language}",
                "language": language,
                "letters": 100.0,
                "features": [f"name:{story}-one", "number:1", f"name:{story}-two"],
                "positions": [0.1, 0.3, 0.8],
                "story": story,
                "part": "whole",
            }
            for story in ("a", "b")
            for language in ("en", "ru")
        ]
    )


def test_a_made_up_story_says_the_same_in_each_of_its_languages() -> None:
    made = pl.DataFrame(many(corpus(), documents=40, seed=1))
    assert (made.height, made["story"].n_unique()) == (40, 20)
    for _, told in made.group_by("story"):
        assert told["language"].sort().to_list() == ["en", "ru"]
        assert told["features"].n_unique() == 1


def test_what_one_story_alone_says_gets_another_name_and_the_rest_does_not() -> None:
    said = pl.DataFrame(many(corpus(), documents=40, seed=1))["features"].explode()
    assert set(said.filter(said.str.starts_with("number"))) == {"number:1"}
    names = said.filter(said.str.starts_with("name"))
    assert names.str.contains(" ").all()
    assert names.n_unique() > 10


def test_the_same_seed_makes_the_same_corpus() -> None:
    one, other = (list(many(corpus(), documents=8, seed=3)) for _ in range(2))
    assert one == other
