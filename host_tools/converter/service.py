"""The converter's HTTP side: documents come in, pictures of their pages go out (README.md has the protocol)."""

import json
import re
import secrets
import shutil
import tempfile
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Dict, Optional
from urllib.parse import parse_qs, urlsplit

from host_tools.converter.pages import KINDS, ConversionError, count_pages, picture, to_pdf

_PIECE_BYTES = 65536
_PAGE = re.compile(r"/documents/([\w-]{1,64})/(\d{1,5})")
_DOCUMENT = re.compile(r"/documents/([\w-]{1,64})")
_WIDTHS = range(16, 2049)
_SOCKET_TIMEOUT_S = 30


@dataclass(frozen=True)
class Limits:
    """What a document may cost, and how long it is kept when nobody asks for it."""

    size_bytes: int = 50 << 20
    timeout_s: float = 120.0
    documents: int = 50
    kept_s: float = 1800.0
    at_once: int = 2


@dataclass
class _Document:
    folder: Path
    pdf: Path
    pages: int
    width: int
    asked_at: float


class Converter(ThreadingHTTPServer):
    """The server; its documents lie in a folder that goes with it."""

    daemon_threads = True

    def __init__(self, address, limits: Limits):
        self.limits = limits
        self.folder = Path(tempfile.mkdtemp(prefix="mpkiosk-converter-"))
        self._documents: Dict[str, _Document] = {}
        self._lock = threading.Lock()
        self.working = threading.Semaphore(limits.at_once)
        try:
            super().__init__(address, _Handler)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def server_close(self) -> None:
        """Let go of the port and of all files."""
        super().server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, document: _Document) -> str:
        """Keep a document; return its id.  The one that nobody has asked for longest may have to go."""
        name = secrets.token_urlsafe(18)
        with self._lock:
            self._documents[name] = document
        self.sweep()
        return name

    def find(self, name: str) -> Optional[_Document]:
        """Return a document by its id."""
        self.sweep()
        with self._lock:
            document = self._documents.get(name)
            if document:
                document.asked_at = time.monotonic()
            return document

    def remove(self, name: str) -> bool:
        """Forget a document; return whether there was one."""
        with self._lock:
            document = self._documents.pop(name, None)
        if document:
            shutil.rmtree(document.folder, ignore_errors=True)
        return document is not None

    def sweep(self) -> None:
        """Forget what has not been asked for, and what is too much."""
        now = time.monotonic()
        with self._lock:
            by_age = sorted(self._documents, key=lambda name: self._documents[name].asked_at)
            excess = len(by_age) - self.limits.documents
            old = [
                name
                for place, name in enumerate(by_age)
                if place < excess or now - self._documents[name].asked_at > self.limits.kept_s
            ]
        for name in old:
            self.remove(name)


def serve(host: str, port: int, limits: Optional[Limits] = None) -> Converter:
    """Return a Converter that listens; whoever has it calls serve_forever(), and closes it."""
    return Converter((host, port), limits or Limits())


class _Refused(Exception):
    def __init__(self, status: int, why: str):
        super().__init__(why)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _SOCKET_TIMEOUT_S
    server: Converter

    def log_message(self, format, *args):
        """Say nothing of who asks for what."""

    def do_POST(self) -> None:
        """Take a document."""
        self._answer_with(self._take)

    def do_GET(self) -> None:
        """Give a page."""
        self._answer_with(self._give)

    def do_DELETE(self) -> None:
        """Forget a document."""
        self._answer_with(self._forget)

    def _answer_with(self, work) -> None:
        try:
            work()
        except _Refused as refused:
            self.close_connection = True  # what of the request has not been read is in the way
            self._json(refused.status, {"error": str(refused)})
        except ConversionError as error:
            self._json(422, {"error": str(error)})

    def _take(self) -> None:
        target = urlsplit(self.path)
        query = parse_qs(target.query)
        kind, width = query.get("type", [""])[0], query.get("width", ["320"])[0]
        if target.path != "/documents":
            raise _Refused(404, "there is no such thing")
        if kind not in KINDS:
            raise _Refused(415, "documents of this type are not converted")
        if not width.isdigit() or int(width) not in _WIDTHS:
            raise _Refused(400, "this is no width")
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            raise _Refused(411, "the length is missing")
        if int(length) > self.server.limits.size_bytes:
            raise _Refused(413, f"documents of up to {self.server.limits.size_bytes >> 20} MB are converted")
        folder = Path(tempfile.mkdtemp(dir=self.server.folder))
        kept = False
        try:
            document = folder / ("document." + kind)
            self._save(document, int(length))
            with self.server.working:
                pdf = to_pdf(document, kind, self.server.limits.timeout_s)
                pages = count_pages(pdf, self.server.limits.timeout_s)
            name = self.server.add(_Document(folder, pdf, pages, int(width), time.monotonic()))
            kept = True
        finally:
            if not kept:
                shutil.rmtree(folder, ignore_errors=True)
        self._json(201, {"id": name, "pages": pages})

    def _save(self, path: Path, length: int) -> None:
        with open(path, "wb") as file:
            while length:
                piece = self.rfile.read(min(length, _PIECE_BYTES))
                if not piece:
                    raise _Refused(400, "the document is cut off")
                file.write(piece)
                length -= len(piece)

    def _give(self) -> None:
        found = _PAGE.fullmatch(urlsplit(self.path).path)
        document = self.server.find(found.group(1)) if found else None
        if document is None:
            raise _Refused(404, "there is no such document, or no longer")
        number = int(found.group(2))
        if not 1 <= number <= document.pages:
            raise _Refused(404, "there is no such page")
        with self.server.working:
            data = picture(document.pdf, number, document.width, self.server.limits.timeout_s)
        self._send(200, "image/png", data)

    def _forget(self) -> None:
        found = _DOCUMENT.fullmatch(urlsplit(self.path).path)
        if not found or not self.server.remove(found.group(1)):
            raise _Refused(404, "there is no such document, or no longer")
        self._json(200, {})

    def _json(self, status: int, answer: dict) -> None:
        self._send(status, "application/json", json.dumps(answer).encode())

    def _send(self, status: int, kind: str, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)
