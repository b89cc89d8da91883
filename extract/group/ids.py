"""Ids that stay: what is put together anew keeps the id that most of it had."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from extract.keys import key


def keep(
    kind: str, groups: Mapping[int, Sequence[int]], old: Mapping[int, int], fixed: Collection[int] = ()
) -> dict[int, int]:
    """Group → the id that it keeps: the one that most of its members bring, the larger share first, and its first member's among
    equals; one that has none left to take gets its own.

    Args:
        groups: Id that a group was given now → its members, the one that tells first.
        old: Member → id of the group that it was in; not of new ones.
        fixed: Ids given now that are as they should be.
    """
    claims = sorted(
        (-times, before != old.get(members[0]), before, new)
        for new, members in groups.items()
        if new not in fixed
        for before, times in Counter(old[one] for one in members if one in old).items()
    )
    taken = {new: new for new in groups if new in fixed}
    used = set(taken)
    for _, _, before, new in claims:
        if new not in taken and before not in used:
            taken[new] = before
            used.add(before)
    used |= set(old.values())
    for new in groups:
        if new not in taken:
            taken[new] = new if new not in used else key(kind, str(new), "parted")
            used.add(taken[new])
    return taken
