"""Shows a built site on loopback: files only, nothing followed out of the folder, strict headers."""

import gzip
import mimetypes
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
"""What any host of these pages should send; the site needs nothing that they forbid."""

EMBEDDED = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "frame-ancestors 'self'", "frame-ancestors *"
    )
}
"""The cards are made for the frames of municipalities' own sites."""

TYPES = {
    ".atom": "application/atom+xml",
    ".csv": "text/csv",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".js": "text/javascript",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
}
PACKED = ("text/", "application/json", "application/atom+xml", "image/svg+xml")


def serve(root: Path, port: int = 8000) -> ThreadingHTTPServer:
    """A server on loopback, not yet running; on a free port where the wished one is taken."""
    handler = type("Pages", (Handler,), {"root": root.resolve()})
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError:
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD of the files below `root`; a folder means its index.html, the root the Swedish start."""

    root: Path
    server_version = "lagesbild"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        if path == "/" and (self.root / "sv").is_dir():
            self._send(HTTPStatus.FOUND, b"", {"Location": "/sv/"}, body)
            return
        file = self._file(path)
        if file is None:
            self._send(HTTPStatus.NOT_FOUND, b"404\n", {"Content-Type": "text/plain; charset=utf-8"}, body)
        elif file.is_dir():
            self._send(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": path + "/"}, body)
        else:
            self._send_file(file, body)

    def _file(self, path: str) -> Path | None:
        """The file of a path, or the folder where its slash is missing; None for all that lies elsewhere."""
        wanted = (self.root / path.lstrip("/")).resolve()
        if not wanted.is_relative_to(self.root):
            return None
        if path.endswith("/"):
            wanted /= "index.html"
        elif wanted.is_dir():
            return wanted
        return wanted if wanted.is_file() else None

    def _send_file(self, file: Path, body: bool) -> None:
        kind = content_type(file)
        headers = EMBEDDED if file.parent.name in ("kort", "card") else {}
        headers = headers | {"Content-Type": kind + ("; charset=utf-8" if kind.startswith("text/") else "")}
        content = file.read_bytes()
        if kind.startswith(PACKED) and "gzip" in self.headers.get("Accept-Encoding", ""):
            content = packed(content)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self._send(HTTPStatus.OK, content, headers, body)

    def _send(self, status: HTTPStatus, content: bytes, headers: dict[str, str], body: bool) -> None:
        self.send_response(status)
        for name, value in (HEADERS | headers | {"Content-Length": str(len(content))}).items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the overridden method
        """Nobody who reads the pages is written down."""


def content_type(file: Path) -> str:
    return TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


@lru_cache(maxsize=256)
def packed(content: bytes) -> bytes:
    """Gzip without a time stamp, so that the same page is the same bytes."""
    return gzip.compress(content, compresslevel=6, mtime=0)
