"""Property tests look for wrong answers, not for slow machines; the same examples every time."""

from hypothesis import settings

settings.register_profile("patient", deadline=None, derandomize=True)
settings.load_profile("patient")
