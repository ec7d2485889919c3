"""What tables that were published together had in common then: the public statement does not tell."""

from collections.abc import Iterator, Sequence

from lagesbild.core.linking import Identity
from lagesbild.inside.protect.problem.discovery import same_counts
from lagesbild.inside.protect.problem.system import Layer


def same_then(layers: Sequence[Layer], identities: Sequence[Identity]) -> Iterator[Identity]:
    """For each earlier release the tables whose shared margins agreed in it: one is the other there.

    That they agree also where counts are hidden is found in the numbers again; to tell it in public would
    tell of those counts.
    """
    for release in sorted({layer.release for layer in layers} - {0}):
        together = [layer for layer in layers if layer.release == release]
        for name, other in same_counts(together, identities).items():
            if name != other:
                yield Identity(other, (name,), release)
