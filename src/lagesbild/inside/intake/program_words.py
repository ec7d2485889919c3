"""Names that programs give to styles, themes and fonts: which two words are no person's.

A single word is let through where programs name things, since Facet, Berlin and Aptos are themes and fonts: a
person's name is two words or more. What somebody calls a style of her own is judged word by word.
"""

# ruff: noqa: SIM905 -- long lists of words read better than quoted ones

import re
from collections.abc import Callable

_WORD = re.compile(r"[^\W\d_]{2,}")
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[\s,]+[^\W\d_]{2,}")

_STYLES = frozenset(
    """
    normal standard stil style default comma currency percent hyperlink followed good bad neutral input output
    calculation check cell linked note explanatory text title heading accent warning total built-in built in
    excel pivot table light medium dark row column field value corner category result status error footnote
    untitled body bra dålig procent tusental valuta hyperlänk följd indata utdata beräkning kontrollcell
    länkad anteckning förklarande rubrik dekorfärg färg summa varningstext blad sheet tabell tabellformat
    cellformat kommentar länk ljus mellan mörk datum tid date time tal number heltal rad kolumn cellstil
    header footer user graphics conditionalstyle tablestyle tablestylelight tablestylemedium tablestyledark
    pivotstylelight pivotstylemedium pivotstyledark slicerstylelight slicerstyledark timelinestylelight
    timelinestyledark euro dezimal komma prozent währung milliers pourcentage monétaire percentage
    """.split()
)
_THEMES = frozenset(
    """
    office theme tema anpassad custom design color colors färger färg fonts teckensnitt effects effekter
    gråskala grayscale blue green red orange yellow violet purple blå grön röd gul lila varm warm marquee
    slipstream aspect median paper ion boardroom view wood type main event
    """.split()
)
_FONTS = frozenset(
    """
    sans serif mono ui mt ms pro new roman condensed light black bold narrow slab display text std lt nova
    next rounded gothic grotesk book old style script semibold medium linotype antiqua console unicode
    typewriter variable emoji symbol math microsoft baiti himalaya uighur yi boli pota edessa cherokee
    schoolbook handwriting ｐゴシック ｐ明朝 ゴシック 明朝 고딕 명조
    """.split()
)

_DOCUMENTED = (
    "This value indicates the number of saves or revisions. "
    "The application is responsible for updating this value after each revision."
)
"""What a document library's own schema says of itself."""


def could_be_a_name(text: str) -> bool:
    """Whether there are two words: less is no one's full name."""
    return _TWO_WORDS.search(text) is not None


def has_a_word(text: str) -> bool:
    """Whether there is a word at all: A2 and 12 are none."""
    return _WORD.search(text) is not None


def is_a_programs(text: str, ordinary: Callable[[str], bool]) -> bool:
    """Whether the words are ones that programs, or ordinary headings, are made of."""
    if text.strip() == _DOCUMENTED:
        return True
    words = [word.casefold() for word in _WORD.findall(text)]
    known = _STYLES | _THEMES
    return bool(_FONTS.intersection(words)) or all(word in known or ordinary(word) for word in words)
