"""The private, append-only store of admitted tables."""

from . import faults as faults
from . import library as library  # configures Django before anything below imports its models
from . import policies as policies
from .records import Draft as Draft
from .records import Event as Event
from .records import Vintage as Vintage
from .store import Vault as Vault
