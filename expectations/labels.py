"""Name the kinds of things that a mention may name."""

from typing import Literal, get_args

Label = Literal["PER", "ORG", "LOC", "MISC"]
LABELS: tuple[Label, ...] = get_args(Label)
