"""Documents by the converter: the reference service with a real PDF, and services that are down, slow, or lie."""

import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from host_tools.converter.service import serve
from tests.system.documents.test_screen import LOADED, NEXT, PAGE, TO_THE_LEFT, UP, left
from tests.system.screen.conftest import ask


@pytest.fixture
def service():
    """The reference service; its address in `url`."""
    with serve("127.0.0.1", 0) as server:
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


class Liar(ThreadingHTTPServer):
    """Answers what `answers` says: (method, number of the page or 0) -> (status, body), a function of the handler."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Lies)
        self.answers = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Lies(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        """Say nothing."""

    def _answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        last = self.path.partition("?")[0].rpartition("/")[2]
        answer = self.server.answers[self.command, int(last) if last.isdigit() else 0]
        if callable(answer):
            answer(self)
            return
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """Lie."""
        self._answer()

    def do_GET(self):
        """Lie."""
        self._answer()

    def do_DELETE(self):
        """Lie."""
        self._answer()


@pytest.fixture
def liar():
    """A service that lies."""
    with Liar() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def shown_page(kiosk, number):
    """Whether the page with this number, as officefiles.pdf() has drawn it, is seen."""

    def seen(_):
        red, green, blue = kiosk.glass.image().getpixel((30, 60))
        return red > 200 and blue < 80 and abs(green - 60 * number) < 16

    return seen


def test_pages_are_fetched_as_they_are_turned(reader, service):
    kiosk = reader("unix", "book.pdf")
    assert kiosk.target.ask("converter", service.url)["url"] == service.url
    assert kiosk.open("book.pdf") == "openDocument:ok"
    assert kiosk.shows(shown_page(kiosk, 1)) and kiosk.page("_document.count") == 3
    kiosk.touch(*UP, UP[-1])
    assert kiosk.shows(
        lambda _: kiosk.glass.image().getpixel((30, 60))[0] > 240 and not kiosk.page("_flow.is_at_top()")
    )
    kiosk.touch(NEXT)
    assert kiosk.shows(shown_page(kiosk, 2))
    kiosk.touch(*TO_THE_LEFT, TO_THE_LEFT[-1])
    assert kiosk.shows(shown_page(kiosk, 3))
    assert len(list(service.folder.iterdir())) == 1
    left(kiosk)
    end = time.monotonic() + 60
    while list(service.folder.iterdir()) and time.monotonic() < end:
        kiosk.target.wait(50)
    assert not list(service.folder.iterdir())  # the kiosk has told it
    kiosk.target.stop()
    assert kiosk.target.launch("test")["errMsg"] == "launch:ok"  # the address is kept
    assert kiosk.open("book.pdf") == "openDocument:ok"


def test_a_pdf_on_a_boards_heap(reader, service):
    kiosk = reader("unix32", "book.pdf")
    kiosk.target.ask("converter", service.url)
    assert kiosk.open("book.pdf") == "openDocument:ok"
    assert kiosk.shows(shown_page(kiosk, 1))
    kiosk.touch(NEXT)
    assert kiosk.shows(shown_page(kiosk, 2))
    left(kiosk)


def test_a_document_that_the_service_refuses(reader, service):
    kiosk = reader("unix", bad_pdf=b"this is no PDF", old_doc=b"x" * 9000)
    kiosk.target.ask("converter", service.url)
    assert kiosk.open("bad.pdf") == "openDocument:fail the converter refuses: the document cannot be read"
    assert kiosk.open("old.doc").startswith("openDocument:fail the converter refuses: ")
    assert kiosk.shows(PAGE) and ask(kiosk.target, LOADED) == []


def test_the_address_is_checked(reader):
    kiosk = reader("unix", bad_pdf=b"x")
    for url in ("ftp://there", "nowhere", "http://"):
        assert kiosk.target.ask("converter", url)["errMsg"].startswith("converter:fail"), url
    assert kiosk.target.ask("converter") == {"errMsg": "converter:ok", "url": ""}
    kiosk.target.ask("converter", "http://127.0.0.1:1/")
    assert "the converter cannot be reached: net::ERR_CONNECTION_REFUSED" in kiosk.open("bad.pdf")
    kiosk.target.ask("converter", "")
    assert "has no converter" in kiosk.open("bad.pdf")


def _hang(handler):
    threading.Event().wait(20)


def _cut(handler):
    handler.send_response(201)
    handler.send_header("Content-Length", "400")
    handler.end_headers()
    handler.wfile.write(b'{"id":')
    handler.close_connection = True


def _png(width, height, color=(255, 0, 0)):
    data = io.BytesIO()
    Image.new("RGB", (width, height), color).save(data, "PNG")
    return data.getvalue()


def test_services_that_answer_nonsense(reader, liar):
    kiosk = reader("unix", bad_pdf=b"x" * 5000)
    kiosk.target.ask("converter", liar.url)
    good = {"id": "a", "pages": 2}
    sense = "the converter's answer makes no sense"
    for answer, part in (
        ((201, b""), sense),
        ((201, b"no JSON"), sense),
        ((201, b"[1]"), sense),
        *[
            ((201, json.dumps({**good, **wrong}).encode()), sense)
            for wrong in ({"pages": 0}, {"pages": -1}, {"pages": True}, {"pages": 1e9}, {"pages": "2"}, {"id": ""}, {"id": "../x"}, {"id": 5}, {"id": "x" * 65})
        ],
        ((201, b'{"id": "' + b"x" * 3000), "too long"),
        ((500, b"<html>"), "the converter refuses: 500"),
        ((422, b'{"error": ["x"]}'), "the converter refuses: 422"),
        ((422, json.dumps({"error": "because"}).encode()), "the converter refuses: because"),
        ((302, b""), "the converter refuses: 302"),
        (_cut, "cannot be reached"),
    ):  # fmt: skip
        liar.answers["POST", 0] = answer
        assert part in kiosk.open("bad.pdf"), answer
        assert ask(kiosk.target, LOADED) == []
    kiosk.target.exec("from kiosk.documents import converter\nconverter.convert_ms = 300")
    liar.answers["POST", 0] = _hang
    assert "does not answer in time" in kiosk.open("bad.pdf")
    assert kiosk.shows(PAGE)


def test_pictures_that_are_none(reader, liar):
    kiosk = reader("unix", bad_pdf=b"x" * 5000)
    kiosk.target.ask("converter", liar.url)
    liar.answers = {("POST", 0): (201, b'{"id": "a", "pages": 3}'), ("DELETE", 0): (200, b"{}")}
    for body, part in (
        (b"", "no picture"),
        (b"GIF89a" + bytes(50), "the GIF is damaged"),
        (_png(20000, 1), "20000x1"),
        (bytes(3 << 20), "too large"),
    ):
        liar.answers["GET", 1] = (200, body)
        assert part in kiosk.open("bad.pdf"), part
        assert ask(kiosk.target, LOADED) == [] and kiosk.shows(PAGE)
    liar.answers["GET", 1] = (200, _png(30, 20))  # small: shown larger
    assert kiosk.open("bad.pdf") == "openDocument:ok"
    assert kiosk.shows(lambda _: kiosk.glass.image().getpixel((300, 120)) == (255, 0, 0))
    liar.answers["GET", 2] = (404, b'{"error": "gone"}')
    kiosk.touch(NEXT)
    assert kiosk.shows(lambda _: "the converter refuses: gone" in kiosk.page("message"))
    liar.answers["GET", 2] = (200, _png(320, 100)[:60])  # the pixels are missing: found when it is painted
    kiosk.touch((160, 100))
    assert kiosk.shows(lambda _: kiosk.page("message") not in ("", "加载中…") and "gone" not in kiosk.page("message"))
    liar.answers["GET", 2] = (200, _png(320, 100, (0, 0, 255)))
    kiosk.touch((160, 100))
    assert kiosk.shows(lambda _: kiosk.glass.image().getpixel((160, 60)) == (0, 0, 255))
    left(kiosk)
