"""Chapter "Network": requests.  The service is kiosk/net/request.py."""

from kiosk.api import Result, api
from kiosk.events import Emitter
from kiosk.net.request import request as answer
from kiosk.promise import Promise

_REQUEST = (
    ("*url", "String", None),
    ("data", "String|Object|Array|ArrayBuffer", None),
    ("header", "Object", None),
    ("method", "String", "GET"),
    ("timeout", "Number", None),
    ("dataType", "String", "json"),
    ("responseType", "String", "text"),
    ("redirect", "String", "follow"),
    ("enableChunked", "Boolean", False),
    ("enableProfile", "Boolean", True),
    ("enableCache", "Boolean", False),
    ("enableHttp2", "Boolean", False),
    ("enableQuic", "Boolean", False),
    ("enableHttpDNS", "Boolean", False),
    ("enableHttpDNSFallback", "Boolean", True),
    ("httpDNSServiceId", "String", None),
    ("httpDNSTimeout", "Number", 60000),
    ("forceCellularNetwork", "Boolean", False),
    ("useHighPerformanceMode", "Boolean", True),
)
_REQUEST_FIELDS = ("data", "statusCode", "header", "cookies", "profile", "exception", "useHttpDNS")


class RequestTask(Promise):
    """What wx.request returns: can be aborted, listened to, and awaited."""

    _events = None

    def onHeadersReceived(self, listener):
        """`listener(res)`: the head of the response is there; res has header, statusCode and cookies."""
        self._listeners().on("HeadersReceived", listener)

    def offHeadersReceived(self, listener=None):
        """Undo onHeadersReceived()."""
        self._listeners().off("HeadersReceived", listener)

    def onChunkReceived(self, listener):
        """`listener(res)`: with enableChunked, a piece of the body has come; res.data (bytes)."""
        self._listeners().on("ChunkReceived", listener)

    def offChunkReceived(self, listener=None):
        """Undo onChunkReceived()."""
        self._listeners().off("ChunkReceived", listener)

    def emit(self, event, **fields):
        """For the service: tell the listeners.  Ends the call if one of them has aborted it."""
        if self._events:
            self._events.emit(event, Result(fields))
            self.check()

    def _listeners(self):
        if self._events is None:
            self._events = Emitter()
        return self._events


@api(_REQUEST, _REQUEST_FIELDS, RequestTask)
async def request(options, task):
    """Make an HTTP request.  Any status is a success; only what keeps a response from coming is a failure.

    url: http or https, to a server that kiosk.json lists.  timeout: ms, waiting for a place included.

    data: for GET, HEAD and TRACE it becomes the query (an object by encodeURIComponent, a string as it is); CONNECT has
    none.  For the other methods it is the body: a string and an ArrayBuffer as they are, an object as
    `key=value` pairs if the content-type is application/x-www-form-urlencoded, else as JSON.  Within pairs, values that
    are objects become JSON.

    header: content-type is application/json unless given, on every request, as in WeChat.  Referer, which WeChat sets
    itself, and what belongs to the connection (Host, Content-Length, Connection ...) is dropped.  No Referer is sent.
    User-Agent is "mpkiosk" unless given.

    CONNECT ends with the head of the answer, and the connection with it: there is nothing to tunnel.

    Compressed answers (gzip, deflate) are decoded, but not asked for: that takes 32 KB more.  A program that has them
    sets accept-encoding.  With enableChunked a compressed answer fails.

    A kiosk has neither HTTP/2, QUIC, a cache, a mobile network nor a name service over HTTP: enableHttp2, enableQuic,
    enableCache, forceCellularNetwork, enableHttpDNS, enableHttpDNSFallback, httpDNSServiceId, httpDNSTimeout and
    useHighPerformanceMode are accepted and have no effect; useHttpDNS is always False.
    """
    return await answer(options, task)
