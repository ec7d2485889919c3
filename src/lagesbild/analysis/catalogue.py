"""Every method there is: the one list behind `lagesbild analyse`, the pages in docs/method and the tests."""

from collections.abc import Mapping

from .chao.answer import CHAO
from .compare import COMPARE
from .composite import COMPOSITE
from .cost import COST
from .did.answer import DID
from .effect.answer import EFFECT
from .effort.answer import EFFORT
from .funnel import FUNNEL
from .its.answer import ITS
from .method import Method
from .mse.answer import MSE
from .prevalence import PREVALENCE
from .rate import PROPORTION, RATE
from .smooth.answer import SMOOTH
from .spc import SPC
from .standardisation import DSR, ISR
from .synth.answer import SYNTH
from .trend.answer import TREND

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
        ITS,
        DID,
        SYNTH,
        EFFECT,
        EFFORT,
        MSE,
        CHAO,
    )
}
