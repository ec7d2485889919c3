"""Names for the numeric arrays that the methods pass to each other."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
