"""A shelf of releases, each naming the one before it, read from the first to the newest."""

from collections.abc import Sequence
from pathlib import Path

from lagesbild.core.refusal import BrokenSeal

from . import bundle
from .breach import broken
from .contents import Release
from .keys import KeyList


def read(shelf: Path, trusted: KeyList, known_head: str | None = None) -> tuple[Release, ...]:
    """Every release of a shelf, oldest first; empty for an empty shelf. Raises BrokenSeal.

    Each seal must hold, each folder bear its release's number, and the predecessors form one unbroken
    chain in which `known_head`, the newest digest that the reader has seen, still stands.
    """
    releases = [_named(path, trusted) for path in bundle.sealed_directories(shelf)]
    ordered = _in_order(releases)
    if known_head is not None and known_head not in {release.digest for release in ordered}:
        raise BrokenSeal(broken("rolled-back"))
    return ordered


def _named(path: Path, trusted: KeyList) -> Release:
    release = bundle.read(path, trusted)
    if release.number != path.name:
        raise BrokenSeal(broken("other-number", path.name))
    return release


def _in_order(releases: Sequence[Release]) -> tuple[Release, ...]:
    """Follow the predecessors; two with the same one, or one with none that is here, break the chain."""
    by_predecessor = {release.predecessor: release for release in releases}
    ordered: list[Release] = []
    following = by_predecessor.get(None)
    while following is not None:
        ordered.append(following)
        following = by_predecessor.get(following.digest)
    if len(ordered) != len(releases):
        raise BrokenSeal(broken("broken-chain"))
    return tuple(ordered)
