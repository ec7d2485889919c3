"""A release as a directory: written once, sealed, published in one step, and read only if the seal holds."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lagesbild.core.indicator import parse_indicator
from lagesbild.core.language import Text
from lagesbild.core.refusal import AgainstPolicy, BrokenSeal, Finding
from lagesbild.core.region import Geography

from . import delimited, durable, indicator_text, jsonstat, keys, manifest, parquet, seal
from .breach import broken
from .contents import Edition, Release
from .keys import KeyList, PublicKey
from .origin import mark
from .seal import MANIFEST, SIGNATURE, Sealed


def contents(edition: Edition, geography: Geography) -> dict[str, bytes]:
    """Every file of an unsealed release by its name. The same edition always gives the same bytes."""
    files: dict[str, bytes] = {}
    for code, figures in sorted(edition.figures.items()):
        indicator = edition.indicators[code]
        text = f"# {mark(figures.origin)}\n{indicator_text.write(indicator)}"
        files[f"indicators/{code}.toml"] = text.encode()
        files[f"tables/{code}.parquet"] = parquet.write(figures)
        files[f"tables/{code}.csv"] = delimited.write(figures, geography)
        for language in ("sv", "en"):
            dataset = jsonstat.write(figures, indicator, geography, edition.published, language)
            files[f"tables/{code}.{language}.json"] = dataset
    return files


def write(edition: Edition, geography: Geography, directory: Path) -> str:
    """Stage an edition, not yet sealed, as a new directory. Returns the digest of its manifest."""
    files = contents(edition, geography)
    listed = manifest.write(edition, files)
    durable.write_tree(directory, {**files, MANIFEST: listed})
    return manifest.digest(listed)


def read(path: Path, trusted: KeyList, known_head: str | None = None) -> Release:
    """The release in a directory. Raises BrokenSeal.

    `known_head` is the digest of the newest release that the reader has seen: what is read must be that
    one or name it as its predecessor.
    """
    sealed = seal.verify(path, trusted)
    if known_head not in (None, sealed.digest, sealed.manifest.predecessor):
        raise BrokenSeal(broken("rolled-back", MANIFEST))
    try:
        return _release(sealed)
    except (KeyError, TypeError, ValueError, StopIteration, OSError) as error:
        raise BrokenSeal(broken("format", MANIFEST)) from error


def read_staged(path: Path, expected: str) -> Release:
    """The release that was staged under this digest. Raises AgainstPolicy where its bytes have changed."""
    try:
        return _release(seal.verify_staged(path, expected))
    except BrokenSeal as error:
        raise AgainstPolicy(_CHANGED, *error.findings) from error


def _release(sealed: Sealed) -> Release:
    listed = sealed.manifest
    tables = [parquet.read(found) for name, found in sealed.files.items() if name.endswith(".parquet")]
    texts = [found.decode() for name, found in sealed.files.items() if name.endswith(".toml")]
    indicators = [parse_indicator(text) for text in texts]
    return Release(
        number=listed.number,
        published=listed.published,
        title=listed.title,
        figures={figures.indicator: figures for figures in tables},
        indicators={indicator.code: indicator for indicator in indicators},
        sources=listed.sources,
        audit=listed.audit,
        revisions=listed.revisions,
        predecessor=listed.predecessor,
        digest=sealed.digest,
    )


Record = Callable[[Release], None]
"""Writes down that a release is about to be seen; what it refuses is not put on the shelf."""


def unrecorded(release: Release) -> None:
    """Writes nothing down."""


def publish(
    staged: Path, expected: str, shelf: Path, key: Ed25519PrivateKey, record: Record = unrecorded
) -> Release:
    """Seal the staged bytes and put them on the shelf by one rename. Returns the release as readers see it.

    `record` is called when nothing but the rename is left, so that no reader sees what nobody wrote down.
    Raises AgainstPolicy where the staged bytes are not those of the `expected` digest, or where the shelf
    lacks what they follow or has moved on. Publishing what is on the shelf already changes nothing there.
    """
    trusted = KeyList((PublicKey.of(key),))
    shelf.mkdir(parents=True, exist_ok=True)
    with _alone(shelf):
        incoming = shelf / f"{durable.INCOMING}{os.getpid()}"
        release = _seal(staged, expected, incoming, key, trusted)
        return _shelve(release, incoming, shelf, trusted, record)


def _seal(staged: Path, expected: str, incoming: Path, key: Ed25519PrivateKey, trusted: KeyList) -> Release:
    """A sealed copy of the very bytes that were verified, so that a change meanwhile finds nothing to hit."""
    try:
        sealed = seal.verify_staged(staged, expected)
    except BrokenSeal as error:
        raise AgainstPolicy(_CHANGED, *error.findings) from error
    listed = sealed.manifest_bytes
    durable.write_tree(incoming, {**sealed.files, MANIFEST: listed, SIGNATURE: seal.sign(listed, key)})
    return read(incoming, trusted)


def _shelve(release: Release, incoming: Path, shelf: Path, trusted: KeyList, record: Record) -> Release:
    place = shelf / release.number
    if place.exists() and seal.verify(place, _shelf_keys(shelf, trusted)).digest == release.digest:
        record(release)
        return release
    _check_follows(release, shelf)
    record(release)
    durable.replace(shelf / keys.NAME, keys.write(_shelf_keys(shelf, trusted)))
    incoming.rename(place)
    durable.settle(shelf)
    return release


def _check_follows(release: Release, shelf: Path) -> None:
    """The release is the next one of this shelf. Raises AgainstPolicy."""
    digests = {manifest.digest(content) for content in _manifests(shelf)}
    if release.predecessor and release.predecessor not in digests:
        raise AgainstPolicy(_OTHER_SHELF)
    if (shelf / release.number).exists() or release.predecessor != head(shelf):
        raise AgainstPolicy(_MOVED_ON)


def head(shelf: Path) -> str | None:
    """The digest that no other release on the shelf names as its predecessor; None on an empty shelf.

    Reads manifests only; whoever relies on them verifies the chain (`chain.read`).
    """
    listed = _manifests(shelf)
    followed = {manifest.read(content).predecessor for content in listed}
    heads = [found for found in map(manifest.digest, listed) if found not in followed]
    if len(heads) > 1:
        raise BrokenSeal(broken("broken-chain"))
    return heads[0] if heads else None


def _manifests(shelf: Path) -> list[bytes]:
    return [(path / MANIFEST).read_bytes() for path in sealed_directories(shelf)]


def sealed_directories(shelf: Path) -> list[Path]:
    """The folders of a shelf that claim to be releases, by name."""
    return sorted(path for path in shelf.iterdir() if path.is_dir() and not path.name.startswith("."))


def _shelf_keys(shelf: Path, own: KeyList) -> KeyList:
    listed = shelf / keys.NAME
    found = keys.read(listed) if listed.exists() else KeyList(())
    for key in own.keys:
        found = found.with_(key)
    return found


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """One publisher at a time. The lock lies on the folder itself and ends with the process."""
    descriptor = os.open(shelf, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        durable.sweep(shelf)
        yield
        # What a kill leaves behind lies under a name that no reader opens; the next publisher sweeps it.
        durable.sweep(shelf)
    finally:
        os.close(descriptor)


_CHANGED = Finding(
    "changed-after-approval",
    Text(
        "Det som ska publiceras är inte det som godkändes.",
        "What is to be published is not what was approved.",
    ),
    Text("Gör ett nytt utkast och låt det godkännas.", "Make a new draft and have it approved."),
)
_MOVED_ON = Finding(
    "shelf-moved-on",
    Text(
        "På hyllan ligger en publicering som förrådet inte känner till.",
        "On the shelf lies a release that the store does not know.",
    ),
    Text(
        "Ange med --to förrådets egen hylla, eller lägg tillbaka förrådets senaste säkerhetskopia.",
        "Name with --to the store's own shelf, or put the store's newest backup back.",
    ),
)
_OTHER_SHELF = Finding(
    "other-shelf",
    Text(
        "Hyllan saknar den publicering som utkastet följer på.",
        "The shelf lacks the release that the draft follows.",
    ),
    Text(
        "Ange med --to hyllan där den ligger. Avbröts den på väg dit: kör publish --number med dess nummer.",
        "Name with --to the shelf where it lies. Was it cut off on its way: run publish --number for it.",
    ),
)
