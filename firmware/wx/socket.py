"""Chapter "Network", WebSocket.  The service is kiosk/net/websocket."""

from kiosk import app
from kiosk.api import Result, api, failure
from kiosk.errors import KioskError
from kiosk.events import Emitter
from kiosk.net.websocket import sockets
from kiosk.promise import Promise

_CONNECT = (
    ("*url", "String", None),
    ("header", "Object", None),
    ("protocols", "Array", None),
    ("timeout", "Number", None),
    ("method", "String", "GET"),
    ("tcpNoDelay", "Boolean", False),
    ("perMessageDeflate", "Boolean", False),
    ("forceCellularNetwork", "Boolean", False),
)
_SEND = (("*data", "String|ArrayBuffer", None),)
_CLOSE = (("code", "Number", 1000), ("reason", "String", ""))

_target = None  # the SocketTask whose send() or close() is running; None in the calls without one


class SocketTask(Promise):
    """What wx.connectSocket returns.

    readyState, its four values and bufferedAmount are not in WeChat's reference; ports and browsers have them.
    """

    CONNECTING = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3

    connection = None

    def __init__(self):
        self._events = Emitter()

    @property
    def readyState(self):
        """int: CONNECTING, OPEN, CLOSING or CLOSED."""
        return self.connection.state if self.connection else self.CLOSED

    @property
    def bufferedAmount(self):
        """int: bytes of messages that send() has accepted and the network has not."""
        return self.connection.buffered if self.connection else 0

    def send(self, *args, **options):
        """Send a message; see sendSocketMessage."""
        return self._call(sendSocketMessage, args, options)

    def close(self, *args, **options):
        """Close the socket, or give up connecting; see closeSocket."""
        return self._call(closeSocket, args, options)

    def abort(self):
        """What other Tasks have: as close() without options.  The call itself has always succeeded by then."""
        if self.connection:
            self.connection.close(1000, "")

    def onOpen(self, listener):
        """`listener(res)`: the socket is open; res.header is that of the server's answer."""
        self._events.on("Open", listener)

    def onMessage(self, listener):
        """`listener(res)`: a message has come; res.data is a str or, where it is binary, bytes.

        While coroutine listeners are at work on 32 KB of messages, no more are read: the peer is held up.
        """
        self._events.on("Message", listener)

    def onError(self, listener):
        """`listener(res)`: the socket has failed; res.errMsg, res.errno.  onClose follows."""
        self._events.on("Error", listener)

    def onClose(self, listener):
        """`listener(res)`: the socket is closed; res.code (int) and res.reason (str)."""
        self._events.on("Close", listener)

    def opened(self, header):
        """For the service: the connection is open."""
        self._emit("Open", Result(header=header))

    def message(self, data):
        """For the service: a message has come.  Returns the Tasks (tuple) that coroutine listeners have become."""
        return self._emit("Message", Result(data=data))

    def closed(self, code, reason, error):
        """For the service: the connection has ended, with a KioskError or None."""
        if error:
            self._emit("Error", failure("connectSocket", error))
        self._emit("Close", Result(code=code, reason=reason))
        self._events.clear()

    def _emit(self, event, result):
        begun = self._events.emit(event, result)
        return begun + app.current.events.emit("Socket" + event, result) if app.current else begun

    def _call(self, called, args, options):
        global _target
        _target = self  # both APIs run within the call
        try:
            return called(*args, **options)
        finally:
            _target = None


def _connection():
    # That of the SocketTask which is being called, else the first open one.
    if not _target:
        return sockets.first_open()
    if not _target.connection:
        raise KioskError("network", "WebSocket is not connected")
    return _target.connection


@api(_CONNECT, (), SocketTask, at_once=True)
async def connectSocket(options, task):
    """Begin to open a WebSocket.  Success says that the attempt is being made; onOpen or onError how it has ended.

    url: wss, to a server that kiosk.json lists (ws where urlCheck is off).  timeout: ms, until it is open.
    protocols: subprotocols to offer; the server's choice is in onOpen's header.  At most 5 sockets at a time.

    header: goes with the request; User-Agent is "mpkiosk" unless given, Referer and the handshake's own are dropped.
    The request is a GET, whatever method says, and there is neither compression nor a mobile network; packets go out
    at once.  So method, perMessageDeflate, forceCellularNetwork and tcpNoDelay are accepted and have no effect.
    """
    task.connection, number = sockets.open_socket(options, task)
    return {"socketTaskId": number}


@api(_SEND, at_once=True)
async def sendSocketMessage(options):
    """Queue a message for the first open socket.  data: str as text, an ArrayBuffer as binary.

    Success says that the queue has taken it; it holds 32 KB, or a single longer message, and fails when it is full:
    see SocketTask.bufferedAmount.
    """
    _connection().send(options["data"])


@api(_CLOSE, at_once=True)
async def closeSocket(options):
    """Close the first open socket, after what has been sent.  code: 1000 or 3000 to 4999; reason: 123 bytes of UTF-8.

    onClose comes when the server has answered, at the latest after five seconds.  Its code and reason are the peer's;
    of our own making are 1000 "normal closure" where the peer gives no reason, 1000 "interrupted" by the background
    rule, 1001 "Stream end encountered" where the peer hung up without a close, and after an onError 1006 "abnormal
    closure", 1002, 1007 or 1009, which the peer was told, too.
    """
    sockets.close(_connection(), options["code"], options["reason"])


def onSocketOpen(listener):
    """`listener(res)`: a socket is open; see SocketTask.onOpen."""
    app.current.events.on("SocketOpen", listener)


def offSocketOpen(listener=None):
    """Undo onSocketOpen()."""
    app.current.events.off("SocketOpen", listener)


def onSocketMessage(listener):
    """`listener(res)`: a message has come; see SocketTask.onMessage."""
    app.current.events.on("SocketMessage", listener)


def offSocketMessage(listener=None):
    """Undo onSocketMessage()."""
    app.current.events.off("SocketMessage", listener)


def onSocketError(listener):
    """`listener(res)`: a socket has failed; see SocketTask.onError."""
    app.current.events.on("SocketError", listener)


def offSocketError(listener=None):
    """Undo onSocketError()."""
    app.current.events.off("SocketError", listener)


def onSocketClose(listener):
    """`listener(res)`: a socket is closed; see SocketTask.onClose."""
    app.current.events.on("SocketClose", listener)


def offSocketClose(listener=None):
    """Undo onSocketClose()."""
    app.current.events.off("SocketClose", listener)
