"""Imports one table after another and says so after each: `importer.py STORE [ADDRESS]`. Gets killed."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from lagesbild.core.figures import Key
from lagesbild.inside.counts import Counts
from lagesbild.inside.vault import Event, Vault

vault = Vault.open(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
first = len(vault.vintages())
sys.stdout.write("open\n")
sys.stdout.flush()
for i in range(first, 100_000):
    table = Counts.of("D01", {Key("2480", "2024"): i})
    vintage = vault.keep([table], "", event=Event("Anna", datetime.now(UTC)))[0]
    sys.stdout.write(f"{vintage.sequence}\n")
    sys.stdout.flush()
