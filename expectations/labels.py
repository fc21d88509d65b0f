"""Name the kinds of things that a mention may name, and who may say so."""

from typing import Literal, get_args

Label = Literal["PER", "ORG", "LOC", "MISC"]
LABELS: tuple[Label, ...] = get_args(Label)
Evidence = Literal["model", "consistency", "list"]
#: The label is that of a known thing.
LIST: Evidence = "list"
EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
