"""One thread for linear algebra, as the commands have it; read when numpy loads, so before any test module."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
