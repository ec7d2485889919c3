"""Numbers as they stand in a sentence: Swedish with decimal comma, English with point, a true minus sign."""

from lagesbild.core.language import Text


def number_text(value: float, *, signed: bool = False, digits: int = 3) -> Text:
    """The value to so many significant digits, never in exponent form; "+" before it when `signed`."""
    rounded = float(f"{value:.{digits}g}")
    plain = f"{rounded:,.{_decimals(rounded, digits)}f}"
    sign = "+" if signed and rounded > 0 else ""
    english = (sign + plain).replace("-", "−")
    return Text(english.replace(",", "\u202f").replace(".", ","), english)


def interval_text(lower: float, upper: float, *, digits: int = 2) -> Text:
    low, high = number_text(lower, digits=digits), number_text(upper, digits=digits)
    return Text(f"{low.sv} till {high.sv}", f"{low.en} to {high.en}")


def _decimals(value: float, digits: int) -> int:
    whole = len(str(int(abs(value)))) if abs(value) >= 1 else 1
    return max(0, digits - whole)
