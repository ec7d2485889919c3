"""Where values, words and templates meet: one press for each language."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from lagesbild.core.figures import Origin
from lagesbild.core.language import Language
from lagesbild.core.region import Region
from lagesbild.outside.addresses import Addresses
from lagesbild.outside.material import Material
from lagesbild.outside.numbers import Numbers
from lagesbild.outside.table import Cells
from lagesbild.outside.words import Words, speak
from lagesbild.outside.words.sentences import place_name

TEMPLATES = Path(__file__).parent / "templates"
Files = Iterable[tuple[str, bytes]]
"""Paths below the site's root, with what stands there."""


class _Compiled(BytecodeCache):
    """Compiles each template once in a process, however many presses there are."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@dataclass(frozen=True)
class Page:
    """What every page has: address in both languages, title, description, and whether it shows examples."""

    path: str
    twin: str
    title: str
    description: str
    section: str = ""
    example: bool = False
    trail: tuple[tuple[str, str], ...] = ()
    heading: str = ""
    robots: str = ""


@dataclass(frozen=True)
class Press:
    """Prints the pages of one language from the material."""

    material: Material
    language: Language
    base: str = "/"
    words: Words = field(init=False)
    to: Addresses = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", speak(self.language))
        object.__setattr__(self, "to", Addresses(self.language, self.base))

    @property
    def numbers(self) -> Numbers:
        return self.words.numbers

    @cached_property
    def cells(self) -> Cells:
        return Cells(self.words)

    @cached_property
    def environment(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_COMPILED,
        )
        environment.globals.update(
            w=self.words,
            num=self.numbers,
            to=self.to,
            release=self.material.release,
            country=self.to.place(self.material.nation),
        )
        environment.globals["tail"] = Markup(environment.get_template("tail.html").render())  # noqa: S704 - autoescaped
        return environment

    def warm(self) -> None:
        """Read every template now, so that processes that fork from this one need not."""
        for name in self.environment.list_templates(extensions=["html", "svg"]):
            self.environment.get_template(name)

    @property
    def tail(self) -> str:
        """How every page of the language ends: with the release. The one part that is the same on all."""
        return str(self.environment.globals["tail"])

    def page(self, template: str, page: Page, **context: Any) -> tuple[str, bytes]:
        """One page as its path below the root and its bytes."""
        html = self.environment.get_template(template).render(page=page, **context)
        return page.path.removeprefix(self.base) + "index.html", html.encode()

    def fragment(self, template: str, **context: Any) -> Markup:
        """A part of a page that is shared by several."""
        return Markup(self.environment.get_template(template).render(**context))  # noqa: S704 - autoescaped

    def section_page(
        self, template: str, section: str, title: str, description: str, **context: Any
    ) -> tuple[str, bytes]:
        """A page of the fixed sections, with its twin in the other language."""
        page = Page(
            path=self.to(section),
            twin=self.to.other(section),
            title=title,
            description=description,
            section=section,
            heading=title,
            example=bool(context.pop("example", False)),
            trail=tuple(context.pop("trail", ())),
        )
        return self.page(template, page, **context)

    def name(self, region: Region) -> str:
        return region.name_en if self.language == "en" else region.name_sv

    def in_text(self, region: Region) -> str:
        """The name inside a sentence: the country has no capital there in Swedish."""
        return place_name(self.words, region)

    def example(self, origin: Origin) -> Markup:
        """The mark that stands on every element with invented figures."""
        if origin != "example":
            return Markup("")
        return Markup(' <span class="example" title="{}">{}</span>').format(
            self.words("mark.example_title"), self.words("mark.example")
        )
