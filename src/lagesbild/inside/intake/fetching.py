"""A thin client for open data: one named host, encrypted, no redirects, and an answer of bounded size."""

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from lagesbild.core.refusal import Refusal

from .context import refused

Fetch = Callable[[str], bytes]
"""The body of an address. Tests give recorded answers instead of the network."""

SECONDS = 30
MOST_BYTES = 64 << 20


def https(host: str, source: str) -> Fetch:
    """Fetches from one host only. Raises Refusal where it cannot, naming the source and never the address."""

    def fetch(address: str) -> bytes:
        require_host(address, host, source)
        parts = urlsplit(address)
        connection = http.client.HTTPSConnection(host, timeout=SECONDS)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}", headers={"User-Agent": "lagesbild"})
            answer = connection.getresponse()
            if answer.status != http.client.OK:
                raise _why(answer.status, source)
            body = answer.read(MOST_BYTES + 1)
        except (OSError, http.client.HTTPException):
            raise refused("no-answer", source) from None
        finally:
            connection.close()
        if len(body) > MOST_BYTES:
            raise refused("too-large", source)
        return body

    return fetch


def require_host(address: str, host: str, source: str) -> None:
    """Raise Refusal unless the address is on that host, encrypted, on the usual port, without a user."""
    try:
        parts = urlsplit(address)
        trusted = parts.scheme == "https" and parts.netloc == host
    except ValueError:
        trusted = False
    if not trusted:
        raise refused("other-host", source)


def _why(status: int, source: str) -> Refusal:
    return refused("source-retired" if status == http.client.GONE else "no-answer", source)


def parsed(body: bytes, source: str) -> Any:
    """The JSON of an answer, which may begin with a byte order mark."""
    try:
        return json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise refused("changed-format", source) from None
