"""The site is a function of its releases: `benchmarks/same_site.py SHELF` (`make same-site`).

The whole site is built by the command itself, twice, in surroundings that have nothing in common: hash seed,
time zone, locale, umask, working folder, number of processors, and a name of the shelf of its own. Every file
of both is compared. With `tests/attacks/test_two_worlds_of_the_demo.py`, where a hundred other stores give
the same releases, this is two worlds for every page: a store speaks through its releases only, and what they
say comes out in one way. Exit 1 and the names where a byte differs.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"}
THERE = {"PYTHONHASHSEED": "31415", "TZ": "America/Los_Angeles", "LC_ALL": "C.UTF-8", "LANG": "sv_SE.UTF-8"}


def built(shelf: Path, folder: Path, surroundings: dict[str, str], umask: int, cores: int) -> dict[str, str]:
    """The digest of each file of the site that the command makes of a copy of the shelf."""
    folder.mkdir()
    shutil.copytree(shelf, folder / f"shelf-{umask}")
    command = [Path(sys.executable).parent / "lagesbild-outside", "site", "--releases", f"shelf-{umask}"]
    available = sorted(os.sched_getaffinity(0))

    def alone() -> None:
        os.sched_setaffinity(0, available[:cores])

    subprocess.run([*command, "--to", "site"], cwd=folder, env={"PATH": os.defpath, **surroundings},
                   umask=umask, preexec_fn=alone, check=True)  # fmt: skip
    site = folder / "site"
    return {
        str(path.relative_to(site)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shelf", type=Path)
    shelf = parser.parse_args().shelf.resolve()
    with tempfile.TemporaryDirectory() as folder:
        here = built(shelf, Path(folder) / "here", HERE, 0o022, 1)
        there = built(shelf, Path(folder) / "elsewhere", THERE, 0o077, 64)
    differing = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
    print(f"{len(here)} files twice, {len(differing)} differ")
    print("\n".join(differing[:20]))
    return int(bool(differing) or not here)


if __name__ == "__main__":
    sys.exit(main())
