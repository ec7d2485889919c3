"""The gate before paper: each planted fault is found, named and refused, and a sound document passes."""

import pytest

from lagesbild.outside.paper.accessible import Unreadable, require

SOUND = (
    '<html lang="sv"><head><title>Umeå</title></head><body><h1>Umeå</h1><h2>Serien</h2>'
    '<svg role="img"><title>Serien</title><svg><path d="M0 0"/></svg></svg>'
    '<svg aria-hidden="true"><path d="M0 0"/></svg><img src="x" alt="Märke">'
    '<table><caption>Serien</caption><tr><th scope="col">År</th></tr></table></body></html>'
)


def faults(html: str) -> list[str]:
    with pytest.raises(Unreadable) as refused:
        require(html, "2480")
    return [finding.code for finding in refused.value.findings]


def test_a_sound_document_passes():
    require(SOUND)


@pytest.mark.parametrize(
    ("was", "planted", "code"),
    [
        (' lang="sv"', "", "P1"),
        ('lang="sv"', 'lang="xx"', "P1"),
        ("<title>Umeå</title>", "", "P2"),
        ("<title>Umeå</title>", "<title> </title>", "P2"),
        ("<title>Serien</title>", "", "P3"),
        ("<title>Serien</title>", "<title></title>", "P3"),
        (' alt="Märke"', "", "P3"),
        (' alt="Märke"', ' alt=""', "P3"),
        ("<caption>Serien</caption>", "", "P4"),
        ("<caption>Serien</caption>", "<caption> </caption>", "P4"),
        (' scope="col"', "", "P5"),
        ("<h2>Serien</h2>", "<h3>Serien</h3>", "P6"),
        ("<h1>Umeå</h1>", "", "P7"),
    ],
)
def test_a_planted_fault_is_refused(was, planted, code):
    assert was in SOUND
    assert code in faults(SOUND.replace(was, planted))


def test_every_fault_is_told_at_once_with_its_place_and_without_any_value():
    broken = SOUND.replace(' lang="sv"', "").replace(' alt="Märke"', "")
    with pytest.raises(Unreadable) as refused:
        require(broken, "2480")
    assert {finding.code for finding in refused.value.findings} == {"P1", "P3"}
    assert "fil 2480" in refused.value.in_("sv")
    assert "Nothing was written" in refused.value.in_("en")
