"""Both commands: what they share at the edge."""

import argparse

import pytest

from lagesbild.core import command
from lagesbild.core.language import Text, preferred
from lagesbild.core.refusal import Exit, Finding, Place, Refusal
from lagesbild.inside import cli as inside_cli
from lagesbild.outside import cli as outside_cli


@pytest.mark.parametrize("main", [inside_cli.main, outside_cli.main])
def test_no_command_is_wrong_usage(main, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == Exit.USAGE
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize("main", [inside_cli.main, outside_cli.main])
@pytest.mark.parametrize(("language", "word"), [("sv", "Kommandot saknar"), ("en", "The command lacks")])
@pytest.mark.parametrize("command_line", [["verify"], ["verify", "x", "--secret=7"], ["canary"]])
def test_wrong_usage_is_said_in_the_language_asked_for_without_what_was_typed(
    main, language, word, command_line, capsys
):
    with pytest.raises(SystemExit) as stopped:
        main(["--lang", language, *command_line])
    assert stopped.value.code == Exit.USAGE
    said = capsys.readouterr().err
    assert word in said
    assert "secret" not in said
    assert "canary" not in said


@pytest.mark.parametrize(
    ("language", "word"),
    [("sv", "fil a.xlsx, rad 3: Fel. Rätta."), ("en", "file a.xlsx, row 3: Wrong. Mend.")],
)
def test_a_refusal_is_shown_in_the_users_language_with_its_exit_code(language, word, capsys):
    def refuse(options: argparse.Namespace) -> int:
        raise Refusal(
            Finding("X1", Text("Fel.", "Wrong."), Text("Rätta.", "Mend."), Place(file="a.xlsx", row=3))
        )

    top = command.Parser()
    top.set_defaults(run=refuse, lang="sv")
    assert command.run(top, ["--lang", language]) == Exit.REFUSED
    assert word in capsys.readouterr().err


def test_language_is_swedish_unless_asked():
    assert preferred({"LANG": "en_GB.UTF-8", "LAGESBILD_LANG": "sv"}) == "sv"
    assert preferred({"LANG": "en_GB.UTF-8"}) == "en"
    assert preferred({}) == "sv"
