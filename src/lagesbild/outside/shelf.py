"""Opens releases for readers: every seal is verified, or nothing is shown."""

from pathlib import Path

from lagesbild.core.refusal import BadUsage, BrokenSeal
from lagesbild.release import bundle, chain, keys, seal
from lagesbild.release.breach import broken
from lagesbild.release.contents import Release
from lagesbild.release.keys import KeyList
from lagesbild.release.seal import MANIFEST, SIGNATURE


def open_releases(
    path: Path, key_file: Path | None = None, known_head: str | None = None
) -> tuple[Release, ...]:
    """The releases of a shelf, oldest first, or the one release that `path` is. Raises BrokenSeal.

    `key_file`: the key list that the reader got from the publisher by another way; without it the shelf's
    own list is used, which shows damage but not a shelf that was exchanged as a whole.
    `known_head`: the newest digest that the reader has seen; an older shelf is refused.
    """
    trusted = trusted_keys(path, key_file)
    if (path / MANIFEST).exists():
        return (bundle.read(path, trusted, known_head),)
    releases = chain.read(path, trusted, known_head)
    if not releases:
        raise BrokenSeal(broken("no-release", path.name))
    return releases


def sealed_files(path: Path, key_file: Path | None = None) -> dict[str, dict[str, bytes]]:
    """By its number each release's very files, seal included, as `lagesbild-outside verify` takes them.

    Raises BrokenSeal.
    """
    trusted = trusted_keys(path, key_file)
    folders = [path] if (path / MANIFEST).exists() else bundle.sealed_directories(path)
    found = {}
    for folder in folders:
        sealed = seal.verify(folder, trusted)
        own = {MANIFEST: sealed.manifest_bytes, SIGNATURE: (folder / SIGNATURE).read_bytes()}
        found[sealed.manifest.number] = own | dict(sealed.files)
    return found


def trusted_keys(path: Path, key_file: Path | None) -> KeyList:
    """The given key list, never another in its place; without one, the shelf's own.

    Raises BadUsage where a path that was given leads nowhere, BrokenSeal where a shelf has no list.
    """
    if not path.is_dir():
        raise BadUsage(broken("no-shelf", path.name))
    if key_file is not None and not key_file.is_file():
        raise BadUsage(broken("no-keys", key_file.name))
    beside = (path / keys.NAME, path.resolve().parent / keys.NAME)
    found = next((each for each in ((key_file,) if key_file else beside) if each.is_file()), None)
    if found is None:
        raise BrokenSeal(broken("no-keys", keys.NAME))
    return keys.read(found)
