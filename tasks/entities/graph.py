"""Keep what is joined, and why: a forest with conditions and evidence."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Join(NamedTuple):
    """One reason to take two names for one: what it is, and how sure."""

    score: float
    evidence: str
    one: int
    other: int


@dataclass
class Groups:
    """Disjoint groups of the numbers below `size`, with the joins that made them.

    Attributes:
        size: How many numbers there are.
        known: The id of those that are known beforehand; two ids never are in one group.
        sides: By group, on which side of which parting it is; no group is on both.
    """

    size: int
    known: dict[int, str] = field(default_factory=dict)
    parents: list[int] = field(init=False)
    joins: dict[int, list[Join]] = field(default_factory=lambda: defaultdict(list))
    sides: dict[int, frozenset[tuple[int, bool]]] = field(default_factory=dict)
    _partings: int = 0

    def __post_init__(self) -> None:
        self.parents = list(range(self.size))

    def root(self, member: int) -> int:
        """Return the least number of the group that a number is in."""
        while self.parents[member] != member:
            self.parents[member] = self.parents[self.parents[member]]
            member = self.parents[member]
        return member

    def roots(self) -> list[int]:
        """Return the root of every number."""
        return [self.root(member) for member in range(self.size)]

    def keep_apart(self, some: Iterable[int], others: Iterable[int]) -> None:
        """Let no group have one of some numbers and one of others from here on.

        Nothing happens to those that are in one group already.
        """
        self._partings += 1
        for numbers, is_other in ((some, False), (others, True)):
            for root in {self.root(number) for number in numbers}:
                side = (self._partings, is_other)
                self.sides[root] = self.sides.get(root, frozenset()) | {side}

    def _are_apart(self, one: int, other: int) -> bool:
        if not self.sides:
            return False
        theirs = self.sides.get(other, frozenset())
        return any((parting, not side) in theirs for parting, side in self.sides.get(one, ()))

    def add(self, join: Join) -> bool:
        """Make one group of two and keep the reason; say whether that was possible.

        Nothing happens to two members of one group, nor to groups with two known ids or that are
        kept apart.
        """
        low, high = sorted((self.root(join.one), self.root(join.other)))
        ids = {self.known[root] for root in (low, high) if root in self.known}
        if low == high or len(ids) > 1 or self._are_apart(low, high):
            return False
        self.parents[high] = low
        if high in self.sides:
            self.sides[low] = self.sides.get(low, frozenset()) | self.sides.pop(high)
        if ids:
            self.known[low] = ids.pop()
        self.joins[join.one].append(join)
        self.joins[join.other].append(join)
        return True

    def members(self) -> dict[int, list[int]]:
        """Return the groups by their least member."""
        groups: dict[int, list[int]] = defaultdict(list)
        for member, root in enumerate(self.roots()):
            groups[root].append(member)
        return groups

    def reasons(self, roots: Iterable[int]) -> dict[int, Join]:
        """Return, for each member that is no root, the join that leads it towards its root."""
        found: dict[int, Join] = {}
        waiting = list(roots)
        seen = set(waiting)
        while waiting:
            member = waiting.pop()
            for join in self.joins.get(member, ()):
                other = join.other if join.one == member else join.one
                if other not in seen:
                    seen.add(other)
                    found[other] = join
                    waiting.append(other)
        return found
