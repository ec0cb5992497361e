"""Chapter "Network": requests, uploads, downloads.  The services are kiosk/net/{request,upload,download}.py."""

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


_UPLOAD = (
    ("*url", "String", None),
    ("*filePath", "String", None),
    ("*name", "String", None),
    ("header", "Object", None),
    ("formData", "Object", None),
    ("timeout", "Number", None),
    ("enableProfile", "Boolean", True),
    ("enableHttp2", "Boolean", False),
    ("enableQuic", "Boolean", False),
)
_DOWNLOAD = (
    ("*url", "String", None),
    ("header", "Object", None),
    ("timeout", "Number", None),
    ("filePath", "String", None),
    ("enableProfile", "Boolean", True),
    ("enableHttp2", "Boolean", False),
    ("enableQuic", "Boolean", False),
)


class _Task(Promise):
    """What the Tasks of this chapter have in common: they can be aborted, listened to, and awaited."""

    _events = None

    def onHeadersReceived(self, listener):
        """`listener(res)`: the head of the response is there; res has header, statusCode and cookies."""
        self._listeners().on("HeadersReceived", listener)

    def offHeadersReceived(self, listener=None):
        """Undo onHeadersReceived()."""
        self._listeners().off("HeadersReceived", listener)

    def emit(self, event, **fields):
        """For the service: tell the listeners.  Ends the call if one of them has aborted it."""
        if self._events:
            self._events.emit(event, Result(fields))
            self.check()

    def _listeners(self):
        if self._events is None:
            self._events = Emitter()
        return self._events


class RequestTask(_Task):
    """What wx.request returns."""

    def onChunkReceived(self, listener):
        """`listener(res)`: with enableChunked, a piece of the body has come; res.data (bytes)."""
        self._listeners().on("ChunkReceived", listener)

    def offChunkReceived(self, listener=None):
        """Undo onChunkReceived()."""
        self._listeners().off("ChunkReceived", listener)


class _TransferTask(_Task):
    def onProgressUpdate(self, listener):
        """`listener(res)`: so much has passed.  res.progress: percent, 0 as long as the whole is unknown.

        Bytes of the body: of an upload, res.totalBytesSent of totalBytesExpectedToSend; of a download,
        res.totalBytesWritten of totalBytesExpectedToWrite (0: unknown), and under the other two names, too.
        """
        self._listeners().on("ProgressUpdate", listener)

    def offProgressUpdate(self, listener=None):
        """Undo onProgressUpdate()."""
        self._listeners().off("ProgressUpdate", listener)


class UploadTask(_TransferTask):
    """What wx.uploadFile returns."""


class DownloadTask(_TransferTask):
    """What wx.downloadFile returns."""


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


@api(_UPLOAD, ("data", "statusCode", "profile"), UploadTask)
async def uploadFile(options, task):
    """Post a file as part of a form (multipart/form-data).  Any status is a success; `data` is the response's text.

    url: https (or http), to a server in the list "upload" of kiosk.json.  filePath: any file that the mini-program may read;
    it cannot be changed meanwhile.  name: of the form's field that the file becomes.  formData: more fields, sent before
    it; values that are not strings become JSON.  header: as in request, but for content-type, which the form needs.
    timeout: ms for all of it.

    The file is sent from flash in pieces of 4 KB, its size known beforehand (Content-Length, not chunked).  Its type is
    told by its ending.  The connection is HTTP/1.1: enableHttp2 and enableQuic have no effect.

    For uploads that must not be lost there is the module `uploads`.
    """
    from kiosk.net.upload import upload

    return await upload(options, task)


@api(_DOWNLOAD, ("tempFilePath", "filePath", "statusCode", "profile"), DownloadTask)
async def downloadFile(options, task):
    """Get a file.  Any status is a success, and its body is what the file holds.

    url: https (or http), to a server in the list "download" of kiosk.json.  timeout: ms for all of it.

    filePath: where it is to be, in wxfile://usr; what is there stays until the last byte has come.  The success has
    filePath then, else tempFilePath: a temporary file, which is gone when the mini-program closes, named by the content's
    type or the URL's ending.

    At most 200 MB (errno 603301), and what the flash has room for (603300).  A transfer that breaks is taken up where
    it broke, five times in a row at most, if the server sends an ETag or Last-Modified with a 200.  A compressed body
    is written as it comes and decompressed then, which takes the room of both and 32 KB of memory.
    enableHttp2 and enableQuic have no effect.
    """
    from kiosk.net.download import download

    return await download(options, task)
