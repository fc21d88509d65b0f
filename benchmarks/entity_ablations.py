"""Measure what each choice in training our models brings, by taking it away, on small models.

`python -m benchmarks.entity_ablations --corpus ../shared/data/ner --corpus corpora/news --corpus
corpora/distilled --names ../shared/data/names --out ablations` trains every arm that `--out` has
no scores of yet, a few minutes each, and prints the table. A model sees fewer tokens and
languages than the shipped one, so only differences count, and those of less than twice the
spread over seeds are noise.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

from training.make_gazetteer import make_lists
from training.recipe import MODELS, ModelRecipe, Recipe, Scores
from training.train_entities import train_models

#: What every model sees here: its scores are a few points under those of the shipped size.
MILLION_TOKENS = 0.8
#: The languages of the Latin model that news was marked in for testing, with enough names.
_LATIN = {"en": 15.0, "de": 10.0, "fr": 11.0, "es": 11.0, "pt": 9.0}
WHOLE = "as shipped"
NEWS = "babelmill_news"


class Arm(NamedTuple):
    """One training: the fields of the recipe, or of the model's, that differ from the shipped."""

    model: str
    title: str
    changes: Mapping[str, Any]
    has_lists: bool = True

    @property
    def key(self) -> str:
        """Name of its file of scores."""
        return f"{self.model}-{self.title}-{self.changes.get('seed', 0)}".replace(" ", "_")


def _seeds(model: str) -> list[Arm]:
    return [Arm(model, WHOLE, {"seed": seed}) for seed in range(3)]


def _arms() -> list[Arm]:
    latin, arabic = "babelmill_latin", "babelmill_arabic"
    japanese, cyrillic = "babelmill_japanese", "babelmill_cyrillic"
    features = Recipe().features
    arms = [*_seeds(latin), *_seeds(arabic), *_seeds(japanese), *_seeds(cyrillic)]
    for model in (latin, arabic, japanese, cyrillic):
        arms += [
            Arm(model, "no lists of names", {}, has_lists=False),
            Arm(model, "no news marked by us", {"left_out": ("news", "replaced", "switched")}),
            Arm(model, "no replaced names", {"left_out": ("replaced",)}),
        ]
    arms += [
        Arm(cyrillic, "no distilled texts", {"left_out": ("distilled",)}),
        Arm(arabic, "no stems of words", {"features": _without(features, "LOWER")}),
        Arm(arabic, "no Latin names put in", {"left_out": ("switched",)}),
        Arm(arabic, "no listed names put in", {"listed_copies": 0}),
        Arm(japanese, "no Latin names put in", {"left_out": ("switched",)}),
        Arm(japanese, "no tags of Sudachi", {"features": _without(features, "TAG")}),
        Arm(latin, "no silver texts", {"left_out": ("silver",)}),
        Arm(latin, "no noisy texts", {"left_out": ("noisy",)}),
        Arm(latin, "lists always seen", {"list_dropout": 0.0}),
    ]
    shares = [
        Arm(m, f"{s:.0%} of texts", {"text_share": s}) for m in (latin, arabic) for s in (0.25, 0.5)
    ]
    # Those of one seed first: they say most if time is short.
    return sorted([*arms, *shares], key=lambda arm: arm.changes.get("seed", 0))


def _without(features: Sequence[str], feature: str) -> tuple[str, ...]:
    return tuple(each for each in features if each != feature)


def _small(model: ModelRecipe, changes: Mapping[str, Any]) -> ModelRecipe:
    shares = _LATIN if model.name == "babelmill_latin" else model.shares
    small = {"million_tokens": MILLION_TOKENS, "shares": shares, **changes}
    return model.model_copy(update=small)


def train_arm(arm: Arm, corpora: Sequence[Path], out: Path, lists: dict[str, str]) -> list[Scores]:
    """Train and measure one arm; its scores and its model are kept under `out`."""
    of_model = {k: v for k, v in arm.changes.items() if k in ModelRecipe.model_fields}
    of_all = {k: v for k, v in arm.changes.items() if k not in of_model}
    model = next(_small(model, of_model) for model in MODELS if model.name == arm.model)
    recipe = Recipe(models=(model,), **of_all)
    known = lists if arm.has_lists else {}
    scores = train_models(corpora, out / "models", recipe, known, lambda _: None)
    rows = [score.model_dump(mode="json") for score in scores]
    (out / f"{arm.key}.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return scores


def _mean_f1(file: Path) -> dict[str, float]:
    """Return the mean F1, in per cent, over the sets of news and over all others."""
    groups: dict[str, list[float]] = defaultdict(list)
    for row in json.loads(file.read_text(encoding="utf-8")):
        groups["news" if row["test_set"] == NEWS else "others"].append(100 * row["f1"])
    return {group: mean(values) for group, values in groups.items()}


def table(arms: Sequence[Arm], out: Path) -> list[str]:
    """Return the lines of a Markdown table of the arms that were trained."""
    runs: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    for arm in arms:
        if (file := out / f"{arm.key}.json").exists():
            runs[arm.model, arm.title].append(_mean_f1(file))
    lines = ["| model | training | runs | news | other sets |", "|---|---|--:|--:|--:|"]
    for (model, title), found in runs.items():
        whole = runs[model, WHOLE]
        cells = [_cell(found, whole, group, title == WHOLE) for group in ("news", "others")]
        lines.append(f"| {model} | {title} | {len(found)} | {' | '.join(cells)} |")
    return lines


def _cell(
    found: Sequence[Mapping[str, float]],
    whole: Sequence[Mapping[str, float]],
    group: str,
    is_whole: bool,
) -> str:
    values = [run[group] for run in found if group in run]
    base = [run[group] for run in whole if group in run]
    if not values or not base:
        return ""
    if is_whole:
        return f"{mean(values):.1f} ({min(values):.1f} to {max(values):.1f})"
    return f"{mean(values) - mean(base):+.1f}"


def main() -> None:
    """Train what was not trained yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, action="append", default=[])
    parser.add_argument("--names", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model", action="append", help="only arms of this model")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    arms = [arm for arm in _arms() if not given.model or arm.model in given.model]
    missing = [arm for arm in arms if not (given.out / f"{arm.key}.json").exists()]
    lists = make_lists(given.names) if missing and given.names else {}
    for arm in missing if given.corpus else []:
        print(arm.key, flush=True)
        train_arm(arm, given.corpus, given.out, lists)
    print("\n".join(table(arms, given.out)))


if __name__ == "__main__":
    main()
