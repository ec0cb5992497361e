"""
The head of an HTTP/1.1 response: read within limits, and what it says about the body that follows.

Touches the stream it is given.  Raises KioskError "network".
"""

from kiosk.api import Result
from kiosk.net.reasons import failed
from kiosk.net.text import header_text

_HEAD_BYTES_MAX = const(8192)  # status line and header lines, those of interim responses included
_LINES_MAX = const(64)
_LENGTH_DIGITS_MAX = const(15)
_START = b"HTTP/1."
_SPACE = b" \t\r"  # around a value; strip() alone would take away more, such as the form feed of "\fchunked"


class Response:
    """The head of a response.

    status (int); header (Result: name as it came -> value; repeated ones joined by ", "); cookies (list of the values
    of Set-Cookie, which the header has joined by ","); framing of the body: chunked (bool), length (int, or None for
    all up to the end of the connection); keep_alive (bool: another request may follow on the connection).
    """

    chunked = False
    length = None
    keep_alive = False

    def __init__(self, status, is_1_1):
        self.status = status
        self.header = Result()
        self.cookies = []
        self._is_1_1 = is_1_1
        self._names = {}  # name in lower case -> as it came first

    def get(self, name):
        """str: the value of a header by its name in lower case (bytes); "" without one."""
        return self.header[self._names[name]] if name in self._names else ""

    def add(self, lines):
        """Take in header lines (iterable of bytes; as str each would be looked up among the interned ones)."""
        names, header = self._names, self.header
        for line in lines:
            name, colon, value = line.partition(b": ")
            if not colon or b":" in name:
                name, colon, value = line.partition(b":")
            if not colon or not name or name.strip() != name:  # no header, or the folded rest of another
                raise failed("INVALID_HTTP_RESPONSE")
            value = header_text(value.strip(_SPACE))
            lower = name.lower()
            if lower == b"set-cookie":
                self.cookies.append(value)
            if lower in names:
                header[names[lower]] += ("," if lower == b"set-cookie" else ", ") + value
            else:
                name = names[lower] = header_text(name)
                header[name] = value

    def frame(self, method):
        """Find out how the body is delimited, for a response to `method`."""
        self.keep_alive = self._is_1_1
        if b"connection" in self._names:
            connection = self.get(b"connection").lower()
            self.keep_alive = "close" not in connection if self._is_1_1 else "keep-alive" in connection
        if method == "CONNECT" and self.status < 300:  # a tunnel; nobody here has anything to send through it
            self.length, self.keep_alive = 0, False
        elif method == "HEAD" or self.status in (204, 304):
            self.length = 0
        elif b"transfer-encoding" in self._names:
            if self.get(b"transfer-encoding").lower() != "chunked":
                raise failed("INVALID_HTTP_RESPONSE")
            self.chunked = True
            if b"content-length" in self._names:  # RFC 9112, 6.3: may be an attempt to smuggle a response in
                self.keep_alive = False
        elif b"content-length" in self._names:
            self.length = _length(self.get(b"content-length"))
        else:
            self.keep_alive = False


def _length(digits):
    if "," in digits:
        values = [value.strip(" \t") for value in digits.split(",")]
        digits = values[0]
        if any(value != digits for value in values):
            raise failed("RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH")
    if not digits.isdigit() or len(digits) > _LENGTH_DIGITS_MAX:
        raise failed("INVALID_HTTP_RESPONSE")
    return int(digits)


def _parse(head, method):
    # The Response of a head (bytes), without its last, empty line.  What one reader takes for the end of a line and
    # another does not hides a header: a CR stands before a LF or nowhere, a NUL nowhere (RFC 9112, 2.2; RFC 9110, 5.5).
    if head.count(b"\r") != head.count(b"\r\n") + head.endswith(b"\r") or b"\0" in head:
        raise failed("INVALID_HTTP_RESPONSE")
    lines = head.split(b"\n")
    if len(lines) - 1 > _LINES_MAX:
        raise failed("RESPONSE_HEADERS_TOO_BIG")
    first = lines[0]
    status = first[9:12]  # of "HTTP/1.1 200 OK", the text being left out by some, and the space before it
    if not first.startswith(_START) or not first[7:8].isdigit() or len(status) != 3 or not status.isdigit():
        raise failed("INVALID_HTTP_RESPONSE")
    if first[8:9] != b" " or first[12:13] not in (b" ", b"", b"\r"):
        raise failed("INVALID_HTTP_RESPONSE")
    response = Response(int(status), first[7:8] != b"0")
    del lines[0]
    response.add(lines)
    response.frame(method)
    return response


async def read_head(stream, method):
    """Response: the head of the final response to `method` (str); interim ones (1xx, but for 101) are skipped."""
    left = _HEAD_BYTES_MAX
    while True:
        before = stream.buffered()
        block = stream.until_empty_line()
        if block is None:
            await _more(stream, left)
            continue
        left -= before - stream.buffered()
        if left < 0:
            raise failed("RESPONSE_HEADERS_TOO_BIG")
        response = _parse(bytes(block), method)
        if response.status >= 200 or response.status == 101:
            return response


async def _more(stream, left):
    start = stream.peek(len(_START))
    if start != _START[: len(start)]:  # whatever this is, no end of a head need ever come
        raise failed("INVALID_HTTP_RESPONSE")
    if stream.buffered() >= left:
        raise failed("RESPONSE_HEADERS_TOO_BIG")
    if not await stream.fill():
        raise failed("CONNECTION_CLOSED" if start else "EMPTY_RESPONSE")
