"""Every rule has words in both languages, stands in the manual, and is what some code refuses by."""

import re
from pathlib import Path

import pytest

from lagesbild.core.refusal import Place
from lagesbild.inside.intake.rules import RULES, finding

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_rule_says_what_and_how_in_both_languages(rule):
    for text in RULES[rule]:
        for language in ("sv", "en"):
            assert text.in_(language).endswith(".")
        assert text.sv != text.en
    assert finding(rule, Place(file="D01.csv", row=3)).in_("sv").startswith(f"[{rule}] fil D01.csv, rad 3: ")


def test_the_manual_names_every_rule_and_no_other():
    manual = (ROOT / "docs/intake.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z-]+)` \|", manual, re.MULTILINE)) == set(RULES)
    for rule, (says, remedy) in RULES.items():
        for language in ("sv", "en"):
            assert f"\n| `{rule}` | {says.in_(language)} | {remedy.in_(language)} |\n" in manual


def test_every_rule_is_used():
    folder = ROOT / "src/lagesbild/inside/intake"
    code = "".join(
        path.read_text(encoding="utf-8") for path in folder.glob("*.py") if path.name != "rules.py"
    )
    assert [rule for rule in RULES if f'"{rule}"' not in code] == []
