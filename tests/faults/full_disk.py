"""Imports a large table into a store on a disk that is almost full: `full_disk.py STORE`."""

import resource
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from lagesbild.core.figures import Key
from lagesbild.inside.counts import Counts
from lagesbild.inside.vault import Event, Vault

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
vault = Vault.open(Path(sys.argv[1]))
counts = np.random.default_rng(1).integers(0, 10**6, 40_000)
cells = {Key("2480", f"{1000 + i}"): int(count) for i, count in enumerate(counts)}
table = Counts.of("D01", cells)
resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))
vault.keep([table], "", event=Event("Anna", datetime(2026, 3, 1, tzinfo=UTC)))
