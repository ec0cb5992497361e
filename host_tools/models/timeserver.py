"""A time server (SNTP, RFC 4330, section 5) on the host's loopback: what a router's own is to a board."""

import socket
import struct
import threading
import time

_BYTES = 48
_FROM_1900 = 2208988800  # seconds from 1900, where NTP's time begins, to 1970
_SERVER = 4 << 3 | 4  # version 4, mode "server"
_STRATUM = 2
_LOOK_S = 0.2


class TimeServer:
    """Answers with the host's clock until close().

    address: "IP:PORT".  silent: answers nobody while it is true.  offset_s: added to the time.  asked: how often it was.
    """

    def __init__(self):
        self.silent = False
        self.offset_s = 0.0
        self.asked = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(_LOOK_S)
        self.address = "{}:{}".format(*self._socket.getsockname())
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="time server", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                question, sender = self._socket.recvfrom(512)
            except socket.timeout:
                continue
            self.asked += 1
            if len(question) >= _BYTES and not self.silent:
                self._socket.sendto(self._answer(question), sender)

    def _answer(self, question: bytes) -> bytes:
        now = _timestamp(time.time() + self.offset_s)
        head = struct.pack("!BBbb", _SERVER, _STRATUM, 6, -20) + bytes(12)
        return head + now + question[40:48] + now + now  # reference, originate, receive, transmit

    def close(self) -> None:
        """End the server."""
        self._closing.set()
        self._thread.join()
        self._socket.close()


def _timestamp(unix_s: float) -> bytes:
    return int((unix_s + _FROM_1900) * (1 << 32) % (1 << 64)).to_bytes(8, "big")
