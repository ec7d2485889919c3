"""Plays the outsider against the staged public bytes, before anyone may approve them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lagesbild.core.refusal import Finding, Unsafe
from lagesbild.inside.linked.stack import Stack
from lagesbild.release.contents import Edition, Release

from . import history, oracle, parity, residue


def check(
    staged: Path, edition: Edition, earlier: Sequence[Release], linked: Stack, *, private: frozenset[str]
) -> None:
    """Try every attack on the staged bytes. Raises Unsafe with all that succeeded.

    `private`: marks that only the store knows.
    """
    findings = list(_findings(staged, edition, earlier, linked, private))
    if findings:
        raise Unsafe(*findings)


def _findings(
    staged: Path, edition: Edition, earlier: Sequence[Release], linked: Stack, private: frozenset[str]
) -> Iterator[Finding]:
    yield from residue.search(staged)
    yield from parity.search(staged, edition.figures)
    yield from oracle.search(staged, private)
    yield from history.search(edition.figures, earlier, history.revised(linked))
