"""Every method there is: the one list behind `lagesbild analyse`, the pages in docs/method and the tests."""

from collections.abc import Mapping

from .compare import COMPARE
from .composite import COMPOSITE
from .cost import COST
from .funnel import FUNNEL
from .method import Method
from .prevalence import PREVALENCE
from .rate import PROPORTION, RATE
from .smooth import SMOOTH
from .spc import SPC
from .standardisation import DSR, ISR
from .trend_answer import TREND

METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        RATE,
        PROPORTION,
        DSR,
        ISR,
        TREND,
        FUNNEL,
        SPC,
        SMOOTH,
        COMPARE,
        PREVALENCE,
        COMPOSITE,
        COST,
    )
}
