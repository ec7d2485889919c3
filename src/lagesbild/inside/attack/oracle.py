"""Hash oracle (attack 38): a digest of something private lets anyone guess counts, 1.6 million a second."""

import re
from collections.abc import Iterator
from pathlib import Path

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place
from lagesbild.release import manifest
from lagesbild.release.seal import MANIFEST

# Anything that could be a digest: 32 or more hexadecimal digits, or as many letters of base64 with a digit.
_DIGEST = re.compile(rb"[0-9a-fA-F]{32,}|(?=[A-Za-z+/]*[0-9])[A-Za-z0-9+/]{43,}={0,2}")


def search(staged: Path, private: frozenset[str]) -> Iterator[Finding]:
    """One finding for each file with a digest that is not of a public file or release, or a private mark.

    Compressed files are read as they lie; their content is compared by `parity`.
    """
    explained = _explained(staged)
    for path in sorted(each for each in staged.rglob("*") if each.is_file()):
        content = path.read_bytes()
        packed = path.suffix == ".parquet"
        strange = set() if packed else set(_DIGEST.findall(content)) - explained
        if strange or any(mark.encode() in content for mark in private):
            yield _found(path.relative_to(staged).as_posix())


def _explained(staged: Path) -> set[bytes]:
    """The digests of the release's own files and of the release before it."""
    listed = manifest.read((staged / MANIFEST).read_bytes())
    digests = {entry.sha256 for entry in listed.files.values()} | {listed.predecessor or ""}
    return {digest.encode() for digest in digests}


def _found(name: str) -> Finding:
    return Finding(
        "digest",
        Text("Filen har en kontrollsumma av något dolt.", "The file bears a digest of something hidden."),
        Text("Anmäl felet. Publicera inte.", "Report the fault; do not publish."),
        Place(file=name),
    )
