"""`make bench-statistics`: every measurement in benchmarks/statistical, against its target.

Each module there has `measures()`, which yields name, figure, least and most allowed; it is found by being
there. Name modules on the command line to run only those.
"""

import importlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

HERE = Path(__file__).parent


def modules(wanted: list[str]) -> Iterator[ModuleType]:
    sys.path.insert(0, str(HERE / "statistical"))
    for path in sorted((HERE / "statistical").glob("[a-z]*.py")):
        if not wanted or path.stem in wanted:
            yield importlib.import_module(path.stem)


def main() -> int:
    failed = 0
    print(f"{'measure':64} {'got':>10}  {'target':12}  CPU s")
    for module in modules(sys.argv[1:]):
        started = time.process_time()
        for name, got, low, high in module.measures():
            held = low <= got <= high
            failed += not held
            spent, started = time.process_time() - started, time.process_time()
            line = f"{name:64} {got:10.4g}  {low:g}..{high:<8g} {spent:6.1f}"
            print(line if held else f"{line}  MISSED", flush=True)
    return failed > 0


if __name__ == "__main__":
    raise SystemExit(main())
