"""Every method there is: the one list behind `lagesbild analyse`, the pages in docs/method and the tests."""

from collections.abc import Mapping

from .method import Method
from .rate import PROPORTION, RATE

METHODS: Mapping[str, Method] = {method.name: method for method in (RATE, PROPORTION)}
