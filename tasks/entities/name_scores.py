"""Remember how alike names are, so that a build scores only the pairs that new names bring.

Whether two names are compared, and how alike they are, depends on no other name. So the scores of
the last build stand for the names that are still there, and what is handed on is what a build of
nothing but today's names would have found.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from expectations.working_tables import NAME_SCORES
from tasks.entities.listed_parts import LISTED_LIKENESS, are_listed, is_listed
from tasks.entities.spelling import Floats, Indices, likeness
from tasks.entities.spelling_candidates import candidate_pairs

#: Between the words of a name: no word of several has one.
_BREAK = "\n"
#: Pairs that are scored at once: with their features, 200 MB.
_PAIRS_AT_ONCE = 2**20
_PART = "part"
_SCORED = {"one": pl.String, "other": pl.String, "likeness": pl.Float64}

Name = tuple[str, ...]


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
    _parts: list[pl.DataFrame] = field(default_factory=list)

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
            scores = _with_listed(names, first, second, scores)
            enough = np.flatnonzero(scores >= self.least)
            rows = [(keys[first[i]], keys[second[i]], float(scores[i])) for i in enough]
            frames.append(pl.DataFrame(rows, schema=_SCORED, orient="row"))
        return pl.concat(frames)

    def parts(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Score pairs of words of two scripts.

        Args:
            pairs: `word, part`, each pair once.

        Returns:
            `pairs` with `likeness`, in any order.
        """
        word, part = pl.col("word"), pl.col("part")
        is_ordered = word <= part
        asked = pairs.with_columns(
            pl.when(is_ordered).then(word).otherwise(part).alias("one"),
            pl.when(is_ordered).then(part).otherwise(word).alias("other"),
        )
        ordered = asked.select("one", "other").unique()
        before = self.remembered.filter(pl.col("kind") == _PART).select(list(_SCORED))
        known = pl.concat([before, *self._parts]).unique(["one", "other"])
        known = known.join(ordered, on=["one", "other"], how="semi")
        unknown = ordered.join(known, on=["one", "other"], how="anti")
        scored = [_scored(piece) for piece in unknown.iter_slices(_PAIRS_AT_ONCE)]
        self._parts.append(pl.concat([known, *scored]))
        return asked.join(self._parts[-1], on=["one", "other"]).select("word", "part", "likeness")

    def table(self) -> pl.DataFrame:
        """Return NAME_SCORES: what was asked for in this build, whether remembered or not."""
        parts = pl.concat([pl.DataFrame(schema=_SCORED), *self._parts]).unique(["one", "other"])
        frames = [*self._kept, parts.with_columns(kind=pl.lit(_PART))]
        columns = NAME_SCORES.column_names
        return pl.concat([frame.select(columns) for frame in frames]).sort(NAME_SCORES.key)


def _with_listed(names: Sequence[Name], first: Indices, second: Indices, scores: Floats) -> Floats:
    """Return the scores of pairs of names, of those that a list spells so no less than that."""
    listed = np.array([all(map(is_listed, words)) for words in names], bool)
    maybe = np.flatnonzero(listed[first] & listed[second] & (scores < LISTED_LIKENESS))
    found = [i for i in maybe if are_listed(names[first[i]], names[second[i]])]
    raised = scores.copy()
    raised[found] = LISTED_LIKENESS
    return raised


def _scored(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return `one, other, likeness` of pairs of words."""
    words = pl.concat([pairs["one"], pairs["other"]]).unique().sort()
    index = pl.DataFrame({"one": words}).with_row_index("index")
    first, second = (
        pairs.select(pl.col(side).alias("one"))
        .join(index, on="one", maintain_order="left")["index"]
        .cast(pl.Int64)
        .to_numpy()
        for side in ("one", "other")
    )
    names = [(word,) for word in words]
    scores = likeness(words.to_list(), first, second)
    return pairs.with_columns(likeness=pl.Series(_with_listed(names, first, second, scores)))
