"""Check the table of what each choice in training brings."""

import json
from pathlib import Path

from benchmarks.entity_ablations import Arm, table

WHOLE = [Arm("m", "as shipped", {"seed": seed}) for seed in range(2)]
WITHOUT = Arm("m", "no lists of names", {})


def write(arm: Arm, folder: Path, news: float, other: float) -> None:
    rows = [{"test_set": "babelmill_news", "f1": news}, {"test_set": "gsd", "f1": other}]
    (folder / f"{arm.key}.json").write_text(json.dumps(rows), encoding="utf-8")


def test_an_arm_shows_its_difference_from_the_mean_of_the_whole(tmp_path: Path) -> None:
    for arm, news in zip(WHOLE, (0.6, 0.7), strict=True):
        write(arm, tmp_path, news, 0.5)
    write(WITHOUT, tmp_path, 0.62, 0.53)
    assert table([*WHOLE, WITHOUT], tmp_path)[2:] == [
        "| m | as shipped | 2 | 65.0 (60.0 to 70.0) | 50.0 (50.0 to 50.0) |",
        "| m | no lists of names | 1 | -3.0 | +3.0 |",
    ]


def test_what_was_not_trained_is_not_in_the_table(tmp_path: Path) -> None:
    assert len(table([*WHOLE, WITHOUT], tmp_path)) == 2
