"""
The service that makes pictures of the pages of a PDF, or of a document in an old binary format (host_tools/converter/README.md).

Where it is the kiosk's configuration says: `kiosk.converter("http://192.168.1.5:8010")` on the console, kept in /converter.json.  It is
the kiosk's, so a mini-program's domains say nothing of it.

    POST   /documents?type=pdf&width=320    the file; answers {"id": text, "pages": number}
    GET    /documents/ID/1                  a page, as PNG or JPEG
    DELETE /documents/ID

What it answers is checked like anything from a network.  KioskError (converter): what is wrong with it.
"""

import asyncio
import json

from kiosk.errors import KioskError
from kiosk.net import http
from kiosk.net.body import MemorySink
from kiosk.net.filesink import FileSink
from kiosk.net.trace import Trace
from kiosk.net.url import parse

FILE = "/converter.json"  # {"url": where it is}
_MOST_PAGES = const(5000)
_MOST_ANSWER_BYTES = const(1024)
_MOST_PICTURE_BYTES = const(2097152)
_PIECE_BYTES = const(2048)
_ID_LETTERS = const(64)
convert_ms = 180000  # an office program starts, and reads the document
page_ms = 60000


def address():
    """str: where the service is, "" if nobody has said."""
    try:
        with open(FILE) as file:
            found = json.load(file)
    except (OSError, ValueError):
        return ""
    found = found.get("url") if isinstance(found, dict) else None
    return found if isinstance(found, str) else ""


def set_address(url):
    """Say where it is, for good; "": nowhere.  KioskError (url): that is no place; OSError of the flash."""
    url = url.rstrip("/")
    if url and parse(url).scheme not in ("http", "https"):
        raise KioskError("url", url)
    with open(FILE, "w") as file:
        json.dump({"url": url}, file)


class Conversion:
    """A document at the service.  count: pages."""

    def __init__(self, path, size, kind, width):
        base = address()
        if not base:
            raise KioskError("unsupported", "this kiosk has no converter for " + kind)
        self._base = base + "/documents"
        self._path = path
        self._size = size
        self._query = "?type=%s&width=%d" % (kind, width)
        self._id = None
        self.count = 0

    async def begin(self):
        """Send the document there."""
        exchange = _Exchange(_answer_sink)
        body = _File(self._path, self._size)
        await exchange.run("POST", self._base + self._query, convert_ms, body)
        answer = _json(exchange.taken)
        pages, name = answer.get("pages"), answer.get("id")
        if type(pages) is not int or not 0 < pages <= _MOST_PAGES or not _is_name(name):
            raise KioskError("converter", "the converter's answer makes no sense")
        self._id, self.count = name, pages

    async def fetch(self, number, path):
        """Put the picture of a page (from 0) into a file."""
        exchange = _Exchange(lambda response: _Picture(path, response))
        try:
            await exchange.run("GET", "%s/%s/%d" % (self._base, self._id, number + 1), page_ms)
            await exchange.taken.finish()
        finally:
            if exchange.taken:
                exchange.taken.close()

    async def forget(self):
        """Tell the service that nobody wants it any longer; if that does not succeed it finds out by itself."""
        if self._id is None:
            return
        try:
            await _Exchange(_answer_sink).run("DELETE", "%s/%s" % (self._base, self._id), page_ms)
        except KioskError:
            return  # it forgets what has not been asked for


def _is_name(name):
    if not isinstance(name, str) or not 0 < len(name) <= _ID_LETTERS:
        return False
    return all("0" <= each <= "9" or "a" <= each.lower() <= "z" or each in "-_" for each in name)


def _json(sink):
    try:
        answer = json.loads(bytes(sink.data()))
    except ValueError:
        answer = None
    return answer if isinstance(answer, dict) else {}


def _answer_sink(response):
    return _Answer(min(response.length or 0, _MOST_ANSWER_BYTES) or None)


class _Exchange:
    """One question.  taken: the sink with the answer's body, made by a function of the Response; None: none has come."""

    def __init__(self, make_sink):
        self._make_sink = make_sink
        self._said = None  # the sink of an answer that is no success
        self.taken = None

    async def run(self, method, url, patience_ms, body=None):
        """Ask; KioskError (converter): no answer, or one that is no success."""
        header = {"Content-Type": "application/octet-stream"} if body else {}
        request = http.Request(method, parse(url), header, body, False)
        try:
            response = await asyncio.wait_for_ms(http.fetch(request, self, Trace()), patience_ms)
        except asyncio.TimeoutError:
            raise KioskError("converter", "the converter does not answer in time")
        except KioskError as exc:
            if exc.args[0] in ("network", "tls"):
                raise KioskError("converter", "the converter cannot be reached: " + exc.reason)
            raise
        if self._said:
            said = _json(self._said).get("error")
            raise KioskError(
                "converter", "the converter refuses: %s" % (said[:200] if isinstance(said, str) else response.status)
            )

    def check(self, url):
        """See http.fetch: it may be anywhere."""

    def sink(self, response):
        """See http.fetch."""
        if 200 <= response.status < 300:
            self.taken = self._make_sink(response)
            return self.taken
        self._said = _answer_sink(response)
        return self._said


class _Answer(MemorySink):
    def filled(self, count):
        """See kiosk/net/body.py."""
        super().filled(count)
        if self.size > _MOST_ANSWER_BYTES:
            raise KioskError("converter", "the converter's answer is too long")


class _Picture(FileSink):
    def __init__(self, path, response):
        _check_size(response.length or 0)
        super().__init__(path, lambda: _check_size(self.size))


def _check_size(size):
    if size > _MOST_PICTURE_BYTES:
        raise KioskError("converter", "the converter's picture is too large")


class _File:
    """Body source (kiosk/net/http.py): a file."""

    data = None

    def __init__(self, path, size):
        self._path = path
        self.length = size

    async def send(self, stream):
        """Write all of it."""
        piece = memoryview(bytearray(_PIECE_BYTES))
        left = self.length
        with open(self._path, "rb") as file:
            while left:
                count = file.readinto(piece[: min(left, _PIECE_BYTES)])
                if not count:
                    raise KioskError("file io", "")  # it has become shorter meanwhile
                await stream.write(piece[:count])
                left -= count
