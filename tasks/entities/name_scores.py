"""Remember how alike names are, so that a build scores only the pairs that new names bring.

Whether two names are compared, and how alike they are, depends on no other name. So the scores of
the last build stand for the names that are still there, and what is handed on is what a build of
nothing but today's names would have found.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from expectations.working_tables import NAME_SCORES
from tasks.entities.spelling import likeness, similarity
from tasks.entities.spelling_candidates import candidate_pairs

#: Between the words of a name: no word of several has one.
_BREAK = "\n"
#: Pairs that are scored at once: with their features, 200 MB.
_PAIRS_AT_ONCE = 2**20
_PART = "part"
_SCORED = {"one": pl.String, "other": pl.String, "likeness": pl.Float64}

Name = tuple[str, ...]
Pair = tuple[str, str]


@dataclass
class NameScores:
    """Scores pairs of names, or takes the score from what the last build handed on.

    Attributes:
        remembered: NAME_SCORES of the last build by the same rule; no rows: none.
        least: Pairs of names that are less alike are not kept.
    """

    remembered: pl.DataFrame
    least: float
    _kept: list[pl.DataFrame] = field(default_factory=list)
    _parts: dict[Pair, float] | None = None
    _asked: dict[Pair, float] = field(default_factory=dict)

    def alike(self, kind: str, names: Sequence[Name]) -> list[tuple[Name, Name, float]]:
        """Return the pairs of names of two scripts that are `least` alike, or more; sorted.

        Args:
            kind: What they are; of each kind, one list of names is compared.
            names: Distinct names.
        """
        named = {_BREAK.join(words): words for words in sorted(names)}
        before = self.remembered.filter(pl.col("kind") == kind)
        known = set(before.filter(pl.col("one") == pl.col("other"))["one"])
        is_new = [text not in known for text in named]
        today = pl.DataFrame({"one": list(named)}, schema={"one": pl.String})
        kept = before.filter(pl.col("one") != pl.col("other")).join(today, on="one", how="semi")
        kept = kept.join(today.rename({"one": "other"}), on="other", how="semi")
        found = pl.concat([kept.select("one", "other", "likeness"), self._new(named, is_new)])
        found = found.sort("one", "other")
        itself = today.with_columns(other="one", likeness=pl.lit(1.0))
        self._kept += [frame.with_columns(kind=pl.lit(kind)) for frame in (found, itself)]
        return [(named[one], named[other], score) for one, other, score in found.iter_rows()]

    def _new(self, named: dict[str, Name], is_new: list[bool]) -> pl.DataFrame:
        """Score the pairs of which one at least is new."""
        if not any(is_new):
            return pl.DataFrame(schema=_SCORED)
        keys, names = list(named), list(named.values())
        texts = ["".join(words) for words in names]
        spelt, index = np.unique(np.array(texts, object), return_inverse=True)
        frames = [pl.DataFrame(schema=_SCORED)]
        for pairs in candidate_pairs(texts, names=names, new=is_new).iter_slices(_PAIRS_AT_ONCE):
            first, second = pairs["first"].to_numpy(), pairs["second"].to_numpy()
            scores = likeness(spelt.tolist(), index[first], index[second])
            enough = np.flatnonzero(scores >= self.least)
            rows = [(keys[first[i]], keys[second[i]], float(scores[i])) for i in enough]
            frames.append(pl.DataFrame(rows, schema=_SCORED, orient="row"))
        return pl.concat(frames)

    def parts(self, pairs: Iterable[Pair]) -> dict[Pair, float]:
        """Return how alike the words of each pair are."""
        if self._parts is None:
            rows = self.remembered.filter(pl.col("kind") == _PART)
            self._parts = {(a, b): s for a, b, s in rows.select(*_SCORED).iter_rows()}
        sought = {(a, b): (min(a, b), max(a, b)) for a, b in pairs}
        ordered = set(sought.values())
        unknown = sorted(ordered.difference(self._parts))
        self._parts.update(zip(unknown, similarity(unknown).tolist(), strict=True))
        self._asked.update((pair, self._parts[pair]) for pair in ordered)
        return {pair: self._parts[low_high] for pair, low_high in sought.items()}

    def table(self) -> pl.DataFrame:
        """Return NAME_SCORES: what was asked for in this build, whether remembered or not."""
        rows = [(a, b, score) for (a, b), score in self._asked.items()]
        parts = pl.DataFrame(rows, schema=_SCORED, orient="row")
        frames = [*self._kept, parts.with_columns(kind=pl.lit(_PART))]
        columns = NAME_SCORES.column_names
        return pl.concat([frame.select(columns) for frame in frames]).sort(NAME_SCORES.key)
