"""What the committee's report costs: `benchmarks/reports.py SHELF` (`make bench-reports`).

CPU seconds of the whole command for one municipality, and of each of a sample of all municipalities made one
after the other in one process, as each worker of `report --all` makes them. CPU seconds grow where other
programs share the processor, so the load is told too.
"""

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean, median

from lagesbild import reference
from lagesbild.outside.material import Material
from lagesbild.outside.paper.report import report
from lagesbild.outside.picture import picture
from lagesbild.outside.press import Press
from lagesbild.outside.shelf import open_releases

EACH = 1.5
"""The bound: CPU seconds a report, on the mean of all municipalities."""


def one(shelf: Path) -> float:
    """CPU seconds of `lagesbild-outside report 2480`."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = Path(sys.executable).parent / "lagesbild-outside"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([command, "report", "2480", "--releases", shelf, "--to", folder], check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def sample(shelf: Path, of: int) -> list[float]:
    """CPU seconds of each of `of` reports, evenly from all municipalities, after a first one."""
    material = Material(open_releases(shelf), reference.load()).prepare()
    press = Press(material, "sv")
    codes = [place.code for place in material.municipalities]
    report(press, picture(material, "2480"))
    gc.collect()
    gc.freeze()
    costs = []
    for code in codes[:: max(1, len(codes) // of)][:of]:
        start = time.process_time()
        report(press, picture(material, code))
        costs.append(time.process_time() - start)
    return costs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shelf", type=Path)
    parser.add_argument("--of", type=int, default=40, help="reports in the sample")
    options = parser.parse_args()
    alone, costs = one(options.shelf), sample(options.shelf, options.of)
    print(f"one report, the whole command: {alone:.2f} CPU s; load {os.getloadavg()[0]:.1f}")
    print(f"each of {len(costs)}: mean {mean(costs):.2f} CPU s, median {median(costs):.2f}")
    return int(mean(costs) > EACH)


if __name__ == "__main__":
    sys.exit(main())
