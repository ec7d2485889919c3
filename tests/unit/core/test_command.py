"""Both commands: what they share at the edge."""

import argparse
import errno
import os
import re
import signal

import pytest

from lagesbild.core import command
from lagesbild.core.language import Text, preferred
from lagesbild.core.refusal import Exit, Finding, Place, Refusal
from lagesbild.inside import cli as inside_cli
from lagesbild.outside import cli as outside_cli


@pytest.mark.parametrize("main", [inside_cli.main, outside_cli.main])
@pytest.mark.parametrize(
    ("language", "has", "lacks"), [("sv", "användning:", "usage"), ("en", "usage:", "språk")]
)
def test_a_command_alone_says_what_it_can_do(main, language, has, lacks, capsys):
    assert main(["--lang", language]) == Exit.OK
    said = capsys.readouterr()
    assert said.err == ""
    assert has in said.out
    assert "verify" in said.out
    assert lacks not in said.out


@pytest.mark.parametrize("main", [inside_cli.main, outside_cli.main])
@pytest.mark.parametrize(("language", "has"), [("sv", "visa den här hjälpen"), ("en", "show this help")])
def test_every_help_is_in_one_language(main, language, has, capsys):
    """A help text is written in both, with a stroke between them."""
    for command_line in _commands(main):
        with pytest.raises(SystemExit) as stopped:
            main([*command_line, "--lang", language, "--help"])
        said = " ".join(capsys.readouterr().out.split())
        assert stopped.value.code == Exit.OK
        assert has in said
        assert " / " not in said


def _commands(main):
    package = inside_cli if main is inside_cli.main else outside_cli
    top = command.parser(package, "x", "x")
    [below] = (action for action in top._actions if isinstance(action, argparse._SubParsersAction))
    for name, found in below.choices.items():
        yield [name]
        for action in found._actions:
            if isinstance(action, argparse._SubParsersAction):
                yield from ([name, step] for step in action.choices)


@pytest.mark.parametrize(
    ("error", "code", "word"),
    [
        (OSError(errno.ENOSPC, "x"), Exit.MACHINE, "disk is full"),
        (PermissionError(errno.EACCES, "x", "/mnt/kanarie"), Exit.MACHINE, "no right"),
        (OSError(errno.EIO, "x"), Exit.MACHINE, "file system"),
    ],
)
def test_what_the_machine_refuses_is_said_without_a_traceback(error, code, word, capsys):
    def fail(options: argparse.Namespace) -> int:
        raise error

    top = command.Parser()
    top.set_defaults(run=fail, lang="sv")
    assert command.run(top, ["--lang", "en"]) == code
    said = capsys.readouterr().err
    assert word in said
    assert "kanarie" not in said


def test_an_interrupted_command_says_what_is_kept(monkeypatch, capsys):
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", interrupted)
    assert inside_cli.main(["--lang", "en", "check"]) == Exit.INTERRUPTED
    assert "Only what was said to be kept" in capsys.readouterr().err


def test_a_process_that_was_forked_for_part_of_the_work_ends_in_silence(monkeypatch, capfd):
    def forks(*_: object) -> int:
        ready, tell = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(tell, b".")
                signal.pause()
            finally:
                os._exit(1)
        os.read(ready, 1)
        os.kill(child, signal.SIGTERM)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    monkeypatch.setattr(command, "run", forks)
    assert inside_cli.main(["check"]) == -signal.SIGTERM
    assert not capfd.readouterr().err


@pytest.mark.parametrize(
    "command_line",
    [
        ["check", "{0}/none.csv"], ["check", "{0}/none.csv", "{0}"],
        ["import", "{0}/none.csv", "--who", "A", "--source", "B", "--store", "{0}/store"],
        ["verify", "{0}/none"], ["protect", "{0}/none.csv", "--spec", "{0}/none.toml", "--to", "{0}/to"],
        ["audit", "{0}/none.csv", "--spec", "{0}/none.toml"], ["analyse", "rate", "--data", "{0}/none.csv"],
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_wrong_usage(command_line, tmp_path, capsys):
    typed = [word.format(tmp_path) for word in command_line]
    assert inside_cli.main(typed) == Exit.USAGE
    assert re.match(r"\[[a-z-]+\] ", capsys.readouterr().err)


@pytest.mark.parametrize(
    "command_line",
    [
        ["verify", "{0}/none"], ["site", "--releases", "{0}/none", "--to", "{0}/to"], ["serve", "{0}/none"],
        ["verify", "{0}", "--keys", "{0}/none"],
    ],
)  # fmt: skip
def test_a_path_of_the_outside_that_leads_nowhere_is_wrong_usage(command_line, tmp_path, capsys):
    assert outside_cli.main([word.format(tmp_path) for word in command_line]) == Exit.USAGE
    assert re.match(r"\[[a-z-]+\] ", capsys.readouterr().err)


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
