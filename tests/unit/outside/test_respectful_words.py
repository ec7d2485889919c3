"""No phrase, template or message to a reader uses a word that the glossary avoids."""

import re
from pathlib import Path

import pytest

import lagesbild
from lagesbild.reference import load

SOURCE = Path(lagesbild.__file__).parent
WRITTEN = sorted(
    path
    for folder in ("outside/words", "outside/templates", "inside", "analysis", "release")
    for path in (SOURCE / folder).rglob("*")
    if path.suffix in {".toml", ".html", ".py"}
)
ENDINGS = "(?:s|n|en|ens|er|ers|erna|r|rna|a|na)?"
AVOIDED = re.compile(
    "|".join(
        rf"\b{re.escape(word)}{ENDINGS}\b"
        for term in load().terms
        if term.use == "avoid"
        for word in (term.sv, term.en)
    ),
    re.IGNORECASE,
)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_avoided_word_is_written(path: Path) -> None:
    assert not AVOIDED.findall(path.read_text(encoding="utf-8"))


def test_there_is_something_to_look_through() -> None:
    assert len(WRITTEN) > 50
    assert AVOIDED.search("Kunderna köpte av en prostituerad")
    assert not AVOIDED.search("Det kunde inte räknas ut")
