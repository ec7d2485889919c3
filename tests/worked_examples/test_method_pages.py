"""The pages in docs/method: each method has one in each language, and its example gives what it says."""

import json
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


NAMED_BY_THE_DATA = {
    *("weights", "time_weights", "gap", "synthetic", "leave_one_out"),
    *("coef", "coefficient", "se", "se_newey_west"),
}
"""Mappings whose keys are places, periods or terms of a model."""


def keys_of(value):
    """Every key of the document, those of texts and of what the data names aside."""
    if isinstance(value, list):
        return {key for inner in value for key in keys_of(inner)}
    if not isinstance(value, dict) or set(value) == {"sv", "en"}:
        return set()
    inner = [keys_of(part) for key, part in value.items() if key not in NAMED_BY_THE_DATA]
    return set(value).union(*inner)


def stem(key):
    """`upper99.8` is told by `upper`, `effect_upper` by `effect`, `upper_3s_limit` by `lower_2s_limit`."""
    key = re.sub(r"_(lower|upper)$|_overdispersed$", "", re.sub(r"[0-9]+\.[0-9]+$", "", key))
    return re.sub(r"^(lower|upper)_[23]s", "lower_2s", re.sub(r"^q97", "q2", key))


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("method", METHODS)
def test_the_page_names_every_key_of_its_example(method, language, tmp_path, monkeypatch, capsys):
    page = (PAGES / language / f"{method}.md").read_text()
    prose, of_the_data = BLOCK.sub("", page), set()
    told = {*re.findall(r"\w+", prose), *re.findall(r"`([\w.]+)`", prose)}
    monkeypatch.chdir(tmp_path)
    for block in BLOCK.finditer(page):
        if block["kind"] == "csv":
            Path(block["file"]).write_text(block["body"])
            of_the_data |= set(re.findall(r"\w+", block["body"]))
        elif block["kind"] == "sh":
            assert main([*shlex.split(block["body"])[1:], "--json"]) == 0
            document = json.loads(capsys.readouterr().out)
            keys = keys_of(document["results"]) | keys_of(document["summary"])
            assert sorted(key for key in keys - of_the_data if not {key, stem(key)} & told) == []
