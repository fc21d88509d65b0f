"""Name the kinds of things that a mention may name, and who may say so."""

from typing import Literal, get_args

Label = Literal["PER", "ORG", "LOC", "MISC"]
LABELS: tuple[Label, ...] = get_args(Label)
Evidence = Literal["model", "consistency"]
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
