"""The site on loopback: right types, strict headers, nothing outside the folder, no record of readers."""

import gzip
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from browsing import served
from lagesbild.outside.host import serve


@pytest.fixture
def address(tmp_path: Path):
    site = tmp_path / "site"
    (site / "sv").mkdir(parents=True)
    (site / "sv/index.html").write_text("<p>hej å ä ö</p>", encoding="utf-8")
    (site / "sv/flode.atom").write_text("<feed/>", encoding="utf-8")
    (site / "sv/kort").mkdir()
    (site / "sv/kort/index.html").write_text("kort", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("hemligt", encoding="utf-8")
    with served(site) as address:
        yield address


def get(url: str, **headers: str):
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)  # noqa: S310


def test_the_root_leads_to_the_swedish_start(address):
    with get(address + "/") as answer:
        assert answer.url.endswith("/sv/")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_a_folder_without_its_slash_is_led_right(address):
    with get(address + "/sv") as answer:
        assert answer.url.endswith("/sv/")


def test_gzip_for_those_who_ask_and_the_same_bytes_every_time(address):
    packed = []
    for _ in range(2):
        with get(address + "/sv/", **{"Accept-Encoding": "gzip"}) as answer:
            packed.append(answer.read())
            assert answer.headers["Content-Encoding"] == "gzip"
    assert packed[0] == packed[1]
    assert gzip.decompress(packed[0]).decode() == "<p>hej å ä ö</p>"


def test_types_and_policy(address):
    with get(address + "/sv/flode.atom") as answer:
        assert answer.headers["Content-Type"] == "application/atom+xml"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_only_the_cards_may_be_framed_elsewhere(address):
    for page, who in (("/sv/", "'self'"), ("/sv/kort/", "*")):
        with get(address + page) as answer:
            assert f"frame-ancestors {who}" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/../secret.txt", "/%2e%2e/secret.txt", "/sv/../../secret.txt", "/nothing"])
def test_nothing_outside_the_folder(address, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        get(address + path)
    with refused.value:
        assert refused.value.code == 404


def test_a_taken_port_is_exchanged_for_a_free_one(tmp_path):
    with serve(tmp_path, 0) as first:
        taken = first.server_address[1]
        with serve(tmp_path, taken) as second:
            assert second.server_address[1] != taken
