"""Writing so that what was said to be written is still there after a power cut."""

import os
import shutil
import threading
from pathlib import Path

INCOMING = ".incoming-"
"""How the name of everything begins that is not wholly written yet."""


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """A new file with these bytes, on the disk when this returns. Raises FileExistsError, OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def settle(directory: Path) -> None:
    """The names in a directory, on the disk when this returns: a file's own fsync does not keep its name."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes, mode: int = 0o644) -> None:
    """The file with these bytes instead of what it held: wholly the old or wholly the new, never between."""
    beside = path.with_name(f"{INCOMING}{os.getpid()}-{path.name}")
    write(beside, content, mode)
    beside.rename(path)
    settle(path.parent)


def write_tree(directory: Path, files: dict[str, bytes]) -> None:
    """A new directory with these files by relative name, all of it on the disk when this returns."""
    directory.mkdir()
    folders = sorted({str(Path(name).parent) for name in files} - {"."})
    for folder in folders:
        (directory / folder).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        write(directory / name, content)
    for folder in folders:
        settle(directory / folder)
    settle(directory)
    settle(directory.parent)


def sweep(directory: Path) -> None:
    """Remove what an interrupted writer left; only for the one writer that a directory has at a time."""
    for path in directory.glob(f"{INCOMING}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def create(path: Path, content: bytes, mode: int = 0o644) -> None:
    """The file with these bytes unless it is there already; of several at once, one wins wholly."""
    beside = path.with_name(f"{INCOMING}{os.getpid()}-{threading.get_ident()}-{path.name}")
    write(beside, content, mode)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    settle(path.parent)
