"""What surveys would mean in a place, as text and as a table: always a range or a ceiling."""

from markupsafe import Markup

from lagesbild.outside.known.expected import Expected
from lagesbild.outside.picture import Picture
from lagesbild.outside.press import Press
from lagesbild.outside.table import Head, Line, table


def expected_text(press: Press, each: Expected) -> Markup:
    """280–470, or "fewer than 36"."""
    high = press.numbers.whole(each.high)
    if each.low is None:
        return press.words("expected.below", high=high)
    return press.words("expected.between", low=press.numbers.whole(each.low), high=high)


def expected_table(press: Press, shown: Picture) -> Markup:
    """What the surveys' shares would mean here: ranges and ceilings, with what each is counted on."""
    words, numbers = press.words, press.numbers
    heads = [
        Head(words("expected.question")),
        Head(words("expected.share"), number=True),
        Head(words("expected.would"), number=True),
    ]
    lines = [
        Line(
            (
                _asked(press, each),
                _free(_share(press, each)),
                _free(
                    Markup('{}<br><span class="small soft">{}</span>').format(
                        expected_text(press, each),
                        words("expected.men" if each.men else "expected.adults", n=numbers.whole(each.asked)),
                    )
                ),
            )
        )
        for each in shown.expected
    ]
    caption = words("expected.caption", place=press.in_text(shown.place))
    return table(caption, heads, lines)


def _free(text: Markup) -> Markup:
    """Words that may break over lines though they stand in a column of numbers."""
    return Markup('<span class="free">{}</span>').format(text)


def _asked(press: Press, each: Expected) -> Markup | str:
    ranged = each.low is not None
    return press.words("expected.men_ever") if ranged else each.surveys[0].title.in_(press.language)


def _share(press: Press, each: Expected) -> Markup:
    ends = [press.numbers.decimal(survey.value, 0) for survey in each.surveys]
    key = "expected.share_range" if len(ends) > 1 else "expected.share_below"
    return press.words(key, low=ends[0], high=ends[-1])
