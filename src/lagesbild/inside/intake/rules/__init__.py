"""What the gate demands, in words: each rule's code, what it says and how to mend what breaks it.

A rule never quotes what it found. Its code stands in docs/intake.md, and a test keeps it there.
"""

from collections.abc import Mapping

from lagesbild.core.language import Text
from lagesbild.core.refusal import Finding, Place

from . import of_files, of_persons, of_sources, of_tables, of_workbooks

RULES: Mapping[str, tuple[Text, Text]] = {
    **of_files.RULES,
    **of_workbooks.RULES,
    **of_tables.RULES,
    **of_persons.RULES,
    **of_sources.RULES,
}


def finding(rule: str, place: Place) -> Finding:
    """What breaks a rule, at its place."""
    says, remedy = RULES[rule]
    return Finding(rule, says, remedy, place)


def more(number: int) -> Finding:
    """Stands for the findings that are not shown one by one."""
    return Finding(
        "more",
        Text(f"Minst {number} fel till av dessa slag.", f"At least {number} more errors of these kinds."),
        Text("Rätta de första och kör igen.", "Mend the first ones and run again."),
    )
