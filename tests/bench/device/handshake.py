"""
MicroPython script: what a TLS handshake takes.

    handshake.py heap PORT FOLDER    bytes of heap: that must be free for a handshake, that a connection holds
    handshake.py time PORT FOLDER    microseconds of a full handshake and of a resumed one, medians of interleaved ones

PORT is of a server at 127.0.0.1 with a certificate for localhost, FOLDER has its root.  Prints one JSON line.
"""

import gc
import json
import socket
import sys
from time import ticks_diff, ticks_us

import tls
import tlspeer

import board
from kiosk.net import roots

_STEP = 256
_MOST = 64 * 1024
_ROUNDS = 41
_REQUEST = b"GET /close HTTP/1.1\r\nHost: localhost\r\n\r\n"


def address(port):
    return socket.getaddrinfo("127.0.0.1", port)[0][-1]


def connected(context, port, session=None):
    """(TLS object, Peer) after the handshake; the socket is closed with it."""
    sock = socket.socket()
    try:
        sock.connect(address(port))
        sock.setsockopt(6, 1, 1)  # IPPROTO_TCP, TCP_NODELAY: as kiosk/net/stream.py has it
        peer = tlspeer.Peer(roots.find, (), session)
        secured = peer.wrap(context, sock, "localhost")
        secured.write(_REQUEST)
    except (OSError, ValueError, MemoryError):
        sock.close()
        raise
    return secured, peer


def fits(context, port, free):
    """bool: whether a handshake succeeds with `free` bytes of heap."""
    ballast = []
    gc.collect()
    while gc.mem_free() > free:
        ballast.append(bytearray(_STEP))
        gc.collect()
    try:
        connected(context, port)[0].close()
    except (OSError, ValueError, MemoryError):
        return False
    return True


def heap(context, port):
    least, most = 0, _MOST
    while most - least > _STEP:
        middle = (least + most) // 2
        if fits(context, port, middle):
            most = middle
        else:
            least = middle
    gc.collect()
    before = gc.mem_alloc()
    kept = connected(context, port)
    gc.collect()
    held = gc.mem_alloc() - before
    kept[0].close()
    return {"needed": most, "held": held}


def time(context, port):
    full, resumed = [], []
    for _ in range(_ROUNDS):
        session = None
        for taken in (full, resumed):
            started = ticks_us()
            secured, peer = connected(context, port, session)
            taken.append(ticks_diff(ticks_us(), started))
            assert peer.resumed == bool(session)
            session = peer.take_session()
            secured.close()
    return {"full": sorted(full)[_ROUNDS // 2], "resumed": sorted(resumed)[_ROUNDS // 2]}


board.ca_folder = sys.argv[3]
roots.prepare()
shared = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
shared.verify_mode = tls.CERT_REQUIRED
print(json.dumps((heap if sys.argv[1] == "heap" else time)(shared, int(sys.argv[2]))))
