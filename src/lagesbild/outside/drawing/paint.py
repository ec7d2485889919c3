"""The page's colours put into a drawing itself, for paper and files that no style sheet reaches.

A drawing has classes alone. On screen style.css gives them their colours; here the same rules of the same
file are written into the drawing, so that screen, paper and chart files have one source.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

HERE = Path(__file__).parents[1]
NAMESPACE = "http://www.w3.org/2000/svg"
SHAPES = frozenset({"svg", "text", "path", "rect", "line", "circle", "polygon"})
DRAWN = frozenset({"fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin"})
LETTERS = frozenset({"font-size", "font-weight", "text-anchor"})
SCREEN = frozenset({"paint-order", "vector-effect"})
"""What browsers know and paper does not: a rule that rests on it is left out there as a whole."""
PAPER = ".chart text{font-size:10px}"
"""Letters are set for a screen at arm's length; on paper the text around them is smaller."""

_HIDDEN = re.compile(r'<svg(?P<head>[^>]*aria-hidden="true"[^>]*)>(?P<body>.*?)</svg>', re.S)
_SHOWN = re.compile(r'<svg(?P<head>[^>]*role="(?:img|group)"[^>]*)>')
_ENDS = re.compile(r"<svg\b|</svg>")
_CLASSES = re.compile(r'class="([^"]*)"')
_UNWANTED = re.compile(r'\s(?:class|aria-hidden|focusable|xmlns|width|height)="[^"]*"')


@dataclass(frozen=True)
class Rule:
    """One selector of the sheet with what it says about drawing; `needs` are the classes it speaks of."""

    selector: str
    needs: frozenset[str]
    says: tuple[tuple[str, str], ...]

    @property
    def for_screen(self) -> bool:
        return any(name == "paint-order" for name, _ in self.says)


def painted(svg: str, *, paper: bool = True) -> str:
    """The drawing with its own style sheet, and with the hatch where a class asks for it."""
    return _SHOWN.sub(lambda found: found[0] + style(svg, paper=paper), svg, count=1)


def style(svg: str, *, paper: bool = True) -> str:
    """A style element with the rules for the classes that occur, and the hatch where one asks for it."""
    return _style(_used(svg), paper)


def paint_all(html: str) -> str:
    """A document with every drawing of it painted; a drawing inside a drawing belongs to the outer one."""
    parts, depth, start, last = [], 0, 0, 0
    for found in _ENDS.finditer(html):
        if found[0] == "</svg>":
            depth -= 1
            if depth == 0:
                parts += [html[last:start], painted(html[start : found.end()])]
                last = found.end()
        else:
            start = found.start() if depth == 0 else start
            depth += 1
    return "".join([*parts, html[last:]])


def as_backgrounds(html: str) -> str:
    """Decoration drawn behind empty spans: beside words that say the same, nothing there is read aloud."""
    return _HIDDEN.sub(lambda found: _background(found["head"], found["body"]), html)


@cache
def _style(used: frozenset[str], paper: bool) -> str:
    rules = [rule for rule in sheet() if rule.needs <= used and not (paper and rule.for_screen)]
    lines = []
    for rule in rules:
        says = ";".join(f"{name}:{value}" for name, value in rule.says if not (paper and name in SCREEN))
        if says:
            lines.append(f"{rule.selector}{{{says}}}")
    text = "".join(lines) + (PAPER if paper and "chart" in used else "")
    hatch = f"<defs>{_hatch()}</defs>" if "#hatch" in text else ""
    return f"<style>{text}</style>{hatch}"


@lru_cache(maxsize=512)
def _background(head: str, body: str) -> str:
    classes = _CLASSES.search(head)
    box = _UNWANTED.sub("", head)
    # A drawing without a box of its own has shares of its width: it is stretched to the span.
    size = "" if "viewBox" in box else ' width="100%" height="100%"'
    inner = f"{style(head + body)}{body}"
    root = f'<svg xmlns="{NAMESPACE}" class="{classes[1] if classes else ""}"{box}{size}>{inner}</svg>'
    data = base64.b64encode(root.encode()).decode()
    name = f"drawn {classes[1]}" if classes else "drawn"
    return f'<span class="{name}" style="background-image:url(\'data:image/svg+xml;base64,{data}\')"></span>'


@cache
def sheet() -> tuple[Rule, ...]:
    """Every rule of style.css that can speak of a part of a drawing, with its variables filled in."""
    text = re.sub(r"/\*.*?\*/", "", (HERE / "static/style.css").read_text(encoding="utf-8"), flags=re.S)
    rules = list(_rules(text))
    root = next(body for selectors, body in rules if selectors == ":root")
    values = dict(_declarations(root))
    return tuple(found for selectors, body in rules for found in _drawing_rules(selectors, body, values))


def _rules(text: str) -> Iterator[tuple[str, str]]:
    """Selectors and declarations of the plain rules; what stands in a media query is for screens."""
    depth = start = 0
    for place, sign in enumerate(text):
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                head, _, body = text[start:place].partition("{")
                start = place + 1
                if not head.strip().startswith("@"):
                    yield head.strip(), body


def _declarations(body: str) -> Iterator[tuple[str, str]]:
    for each in body.split(";"):
        name, _, value = each.partition(":")
        if value:
            yield name.strip(), value.strip()


def _drawing_rules(selectors: str, body: str, values: dict[str, str]) -> Iterator[Rule]:
    known = DRAWN | LETTERS | SCREEN
    says = tuple(
        (name, re.sub(r"var\((--[\w-]+)\)", lambda found: values[found[1]], value))
        for name, value in _declarations(body)
        if name in known
    )
    for selector in (each.strip() for each in selectors.split(",")):
        if says and _speaks_of_shapes(selector):
            yield Rule(selector, frozenset(re.findall(r"\.([\w-]+)", selector)), says)


def _speaks_of_shapes(selector: str) -> bool:
    parts = selector.split()
    return all(re.fullmatch(r"[\w]*(?:\.[\w-]+)*", part) for part in parts) and all(
        part.partition(".")[0] in SHAPES | {""} for part in parts
    )


def _used(svg: str) -> frozenset[str]:
    return frozenset(name for classes in _CLASSES.findall(svg) for name in classes.split())


@cache
def _hatch() -> str:
    return (HERE / "templates/hatch.svg").read_text(encoding="utf-8").strip()
