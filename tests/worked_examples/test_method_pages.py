"""The pages in docs/method: each method has one in each language, and its example gives what it says."""

import re
import shlex
from pathlib import Path

import pytest

from lagesbild.analysis.catalogue import METHODS
from lagesbild.inside.cli import main

PAGES = Path(__file__).parents[2] / "docs" / "method"
BLOCK = re.compile(r"^```(?P<kind>\w+) ?(?P<file>\S*)\n(?P<body>.*?)^```$", re.M | re.S)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("method", METHODS)
def test_the_example_on_the_page_is_what_the_command_writes(method, language, tmp_path, monkeypatch, capsys):
    page = (PAGES / language / f"{method}.md").read_text()
    monkeypatch.chdir(tmp_path)
    command, shown = "", 0
    for block in BLOCK.finditer(page):
        match block["kind"]:
            case "csv":
                Path(block["file"]).write_text(block["body"])
            case "sh":
                command = block["body"]
            case "text":
                shown += 1
                program, *words = shlex.split(command)
                assert program == "lagesbild"
                assert main(["--lang", language, *words]) == 0
                assert capsys.readouterr().out == block["body"]
    assert shown, "a method page needs a worked example"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("method", METHODS)
def test_the_page_names_every_option(method, language):
    page = (PAGES / language / f"{method}.md").read_text()
    assert [option.flag for option in METHODS[method].options if option.flag not in page] == []
