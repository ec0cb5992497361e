"""
Which servers are believed: the TLS context, with the certificates of the board's folder as its only roots.

Touches the folder `board.ca_folder` (DER files named *.der).  Fails closed: without a clock, without the folder or
without a certificate in it no connection is made.  Raises KioskError "tls" or "oom".
"""

import gc
import os
import time

import board
from kiosk.errors import KioskError

_FIRST_YEAR = const(2024)  # a clock that shows an earlier one has not been set since power-on
# What one connection takes while it is made (mbedTLS: 16 KB in, 4 KB out, about 15 KB for the handshake).
_HANDSHAKE_BYTES = const(40 * 1024)

_context = None


def context():
    """SSLContext: made once and kept until forget(), for reading the certificates takes long."""
    global _context
    if time.gmtime()[0] < _FIRST_YEAR:
        raise KioskError("tls", "the clock is not set")
    gc.collect()
    if gc.mem_free() < _HANDSHAKE_BYTES:
        raise KioskError("oom")
    if _context is None:
        _context = _load(getattr(board, "ca_folder", None))
    return _context


def forget():
    """Give back the context's memory."""
    global _context
    _context = None


def _load(folder):
    import tls

    made = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    made.verify_mode = tls.CERT_REQUIRED
    count = 0
    for name in _certificates(folder):
        with open(folder + "/" + name, "rb") as file:
            try:
                made.load_verify_locations(file.read())
            except ValueError:
                raise KioskError("tls", "%s is no DER certificate" % name)
        count += 1
    if not count:
        raise KioskError("tls", "no trusted certificates")
    return made


def _certificates(folder):
    try:
        return sorted(name for name in os.listdir(folder) if name.endswith(".der")) if folder else ()
    except OSError:
        return ()
