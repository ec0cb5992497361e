"""
The sockets of the running mini-program: how many there may be, whom they may reach, when they end.

Asks kiosk.app for the mini-program and its settings.  Raises KioskError: "too many sockets", "domain", "url",
"parameter", "close code", "network".
"""

import gc

from kiosk import app
from kiosk.errors import KioskError
from kiosk.net import domains
from kiosk.net.url import parse
from kiosk.net.websocket.connection import CLOSED, OPEN, Connection
from kiosk.net.websocket.frames import NORMAL, REASON_BYTES_MAX
from kiosk.net.websocket.handshake import checked_header, checked_protocols

_SOCKETS_MAX = const(5)  # wx-rules.md, rule 8
_TIMEOUT_MS = const(60000)
_INTERRUPTED = "interrupted"

_connections = []  # Connection, the oldest first
_last_id = 0


def open_socket(options, owner):
    """(Connection, int): one that begins to connect as wx.connectSocket's options say, and its number.

    owner is the Connection's (see there).
    """
    global _last_id
    program = app.current
    settings = program.settings if program else {}
    url = parse(options["url"])
    domains.check("socket", url, settings)
    header = checked_header(options["header"] or {})
    protocols = checked_protocols(options["protocols"] or ())
    _connections[:] = _living()
    if _has_one_socket(settings):
        for connection in _connections:
            connection.close(NORMAL, "")
    elif len(_connections) >= _SOCKETS_MAX:
        raise KioskError("too many sockets", _SOCKETS_MAX)
    gc.collect()  # what a socket holds stays: low in the heap it leaves room for long messages above
    connection = Connection(url, header, protocols, owner)
    _connections.append(connection)
    _last_id += 1
    if program:
        _attach(program)
    connection.start(_timeout_ms(options["timeout"], program))
    return connection, _last_id


def first_open():
    """Connection: the oldest that is open, which the calls without a SocketTask are about."""
    for connection in _connections:
        if connection.state == OPEN:
            return connection
    raise KioskError("network", "WebSocket is not connected")


def close(connection, code, reason):
    """Begin to close a Connection, or raise for a code or a reason that no program may give."""
    if code is None:
        code = NORMAL
    if code != NORMAL and not (3000 <= code <= 4999 and code == int(code)):
        raise KioskError("close code", "code")
    if len(reason.encode()) > REASON_BYTES_MAX:
        raise KioskError("close code", "reason")
    connection.close(int(code), reason)


def interrupt_all():
    """Close every socket: the mini-program has been in the background for long enough."""
    for connection in _living():
        connection.interrupt(_INTERRUPTED)


def close_all():
    """End every socket at once: the mini-program has closed."""
    for connection in _living():
        connection.abandon(_INTERRUPTED)
    _connections.clear()


def _attach(program):
    if close_all not in program.at_close:
        program.at_close += (close_all,)
        program.at_background += (interrupt_all,)


def _living():
    return [connection for connection in _connections if connection.state != CLOSED]


def _has_one_socket(settings):
    # Before base library 1.7.0 a new socket closed the one there was.
    version = settings.get("libVersion", "")
    return version and tuple(int(part) for part in version.split(".")) < (1, 7, 0)


def _timeout_ms(timeout, program):
    if not timeout and program:
        timeout = program.config.get("networkTimeout", {}).get("connectSocket")
    return timeout if timeout and timeout > 0 else _TIMEOUT_MS
