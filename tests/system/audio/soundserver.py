"""A web server of sounds with ranges and with faults, in threads of the test's own process."""

import contextlib
import socket
import threading


class SoundServer:
    """Serves `files` (name -> bytes, or a function that gives them).  How is said by the first part of the path, as /plain/x.mp3.

    ranges: as good servers do; plain: no ranges; chunked: no length; cut: each connection breaks after 70,000 bytes of the body;
    drip: in pieces of 100 bytes; lie: a length twice as long; dead: breaks at byte 9,000, and nothing after it is ever there;
    moved: redirects to /ranges.  asked: the heads of the requests.
    """

    def __init__(self, files):
        self.files = files
        self.asked = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """Serve nobody any more."""
        with contextlib.suppress(OSError):  # else accept() may go on with whatever socket gets the number next
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def ranges(self):
        """What the requests so far wanted: "100-", or None for all."""
        return [_header(head, "range").removeprefix("bytes=") or None for head in self.asked]

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near):
        with near, contextlib.suppress(OSError):
            held = b""
            while True:
                while b"\r\n\r\n" not in held:
                    data = near.recv(4096)
                    if not data:
                        return
                    held += data
                head, _, held = held.partition(b"\r\n\r\n")
                self.asked.append(head.decode())
                if not self._answer(near, head.decode()):
                    return

    def _answer(self, near, head):
        """Whether the connection stays."""
        way, _, name = head.split(" ")[1][1:].partition("/")
        if way == "moved":
            near.sendall(f"HTTP/1.1 302 Found\r\nLocation: /ranges/{name}\r\nContent-Length: 0\r\n\r\n".encode())
            return True
        if name not in self.files:
            near.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return True
        whole = self.files[name]() if callable(self.files[name]) else self.files[name]
        body, status, lines = whole, "200 OK", ['ETag: "x"', "Content-Type: application/octet-stream"]
        wanted = _header(head, "range")
        if wanted and way not in ("plain", "chunked"):
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            body = whole[int(first) : int(last) + 1 if last else None]
            status = "206 Partial Content"
            lines.append(f"Content-Range: bytes {first}-{int(first) + len(body) - 1}/{len(whole)}")
        lines.append("Transfer-Encoding: chunked" if way == "chunked" else f"Content-Length: {_said(way, body)}")
        near.sendall("\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode())
        if way == "chunked":
            for at in range(0, len(body), 777):
                piece = body[at : at + 777]
                near.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            near.sendall(b"0\r\n\r\n")
            return True
        if way == "drip":
            for at in range(0, len(body), 100):
                near.sendall(body[at : at + 100])
            return True
        limit = {"cut": 70000, "dead": 0 if wanted else 9000}.get(way, len(body))
        near.sendall(body[:limit])
        return limit >= len(body) and way != "lie"


def _said(way, body):
    return 2 * len(body) if way == "lie" else len(body)


def _header(head, name):
    for line in head.split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.lower() == name:
            return value.strip()
    return ""
