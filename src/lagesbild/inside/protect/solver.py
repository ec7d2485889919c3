"""HiGHS, for linear and whole-number programs, set to be silent and to give the same answer every time."""

from highspy._core import _Highs


def quiet_solver() -> _Highs:
    # The public class prints a banner from its constructor; the one below it is the same solver without that.
    solver = _Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("random_seed", 0)):
        solver.setOptionValue(option, value)
    return solver
