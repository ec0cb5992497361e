"""
Which servers are believed, and what is remembered of them: certificates, pinned keys, sessions to resume.

Asks kiosk.app for the running mini-program and its pins (kiosk.json, "pins": the servers that must show one of certain
keys).  Fails closed: without a clock or without a trusted certificate no connection is made.  Sessions are kept for
_KEPT servers until the mini-program closes.  Raises KioskError "tls" or "oom".
"""

import binascii
import gc
import time

from kiosk import app
from kiosk.errors import KioskError
from kiosk.net import roots
from kiosk.net.url import parse

_FIRST_YEAR = const(2024)  # a clock that shows an earlier one has not been set since power-on
# What a connection may take while it is made: 21 KB of buffers, the largest in one piece, 3 KB for what the connection
# has besides, 11 KB for a chain of three RSA keys (less for ECDSA), and what lies between all these and is too small.
_HANDSHAKE_BYTES = const(48 * 1024)
_LARGEST_BYTES = const(17 * 1024)
_KEPT = const(2)
_SESSION_S = const(3600)  # a server's certificate is looked at again at least that often
_PIN_PREFIX = "sha256/"

_context = None
_sessions = []  # (key of a Party, session, time.time() of the handshake that showed certificates), the oldest first


def check():
    """Raise what is sure to keep a handshake from succeeding, before a connection is made for it."""
    global _context
    if time.gmtime()[0] < _FIRST_YEAR:
        raise KioskError("tls", "the clock is not set")
    _check_memory()
    if _context is None:
        if not roots.prepare():
            raise KioskError("tls", "no trusted certificates")
        _context = _new_context()
    if app.current and forget not in app.current.at_close:
        app.current.at_close += (forget,)


def _check_memory():
    try:
        bytearray(_LARGEST_BYTES)
    except MemoryError:
        raise KioskError("oom")
    gc.collect()
    if gc.mem_free() < _HANDSHAKE_BYTES:
        raise KioskError("oom")


def forget():
    """Give back all that is kept."""
    global _context
    _context = None
    _sessions.clear()
    roots.forget()


class Party:
    """The other side of one TLS connection: the server at `host` (str) and `port` (int)."""

    def __init__(self, host, port):
        import tlspeer

        pins = _pins(host, port)
        self._key = (host, port, pins)
        self._host = host
        session, self._since = _session(self._key)
        self._peer = tlspeer.Peer(roots.find, pins, session)

    def wrap(self, sock):
        """The TLS object over a socket; its first write makes the handshake."""
        return self._peer.wrap(_context, sock, self._host)

    def succeeded(self):
        """The handshake is over: keep its session."""
        session = self._peer.take_session()
        if session:
            since = self._since if self._peer.resumed else time.time()
            _drop(self._key)
            del _sessions[: len(_sessions) - _KEPT + 1]
            _sessions.append((self._key, session, since))

    def failed(self, exc):
        """KioskError: why the handshake failed, from what it raised."""
        from kiosk.net.handshakefaults import fault

        _drop(self._key)
        return fault(exc, self._peer)


def _new_context():
    import tls

    made = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    made.verify_mode = tls.CERT_REQUIRED
    return made


def _pins(host, port):
    # tuple of bytes: the keys of which the server must show one; empty if any will do.
    for origin, pins in app.current.settings.get("pins", {}).items() if app.current else ():
        url = parse(origin)
        if (url.host, url.port) == (host, port):
            return tuple(binascii.a2b_base64(pin[len(_PIN_PREFIX) :]) for pin in pins)
    return ()


def _session(key):
    for kept, session, since in _sessions:
        if kept == key and 0 <= time.time() - since < _SESSION_S:
            return session, since
    return None, 0


def _drop(key):
    _sessions[:] = [entry for entry in _sessions if entry[0] != key]
