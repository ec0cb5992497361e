"""
The service under wx.downloadFile: a response's body becomes a file, piece by piece.

Touches the network through call and http, and the mini-program's files.  Holds one piece of 2 KB.  The file is a temporary
one until the last byte has come, so that a failure leaves nothing, and what was under `filePath` before as it was.

A connection that breaks in the middle of a 200 is taken up again where it broke (RFC 9110, 14.2 and 13.1.5), if the
server has said by what to recognise the same content; a server that sends all of it again is taken at its word.
"""

import asyncio
import os

from kiosk import files
from kiosk.errors import KioskError, from_exception
from kiosk.files import content, paths
from kiosk.files.reasons import explain
from kiosk.net import fields, http
from kiosk.net.call import Call, Progress
from kiosk.net.filesink import FileSink
from kiosk.net.mediatypes import suffix_of
from kiosk.net.url import parse

_SIZE_MAX = const(200 * 1024 * 1024)  # wx-rules.md, rule 11
_ATTEMPTS_MAX = const(5)  # in a row without a byte
_PAUSE_MS = const(500)  # before the first of them; then twice as long each time


async def download(options, task):
    """Answer wx.downloadFile: `options` as declared in wx/network.py, `task` its DownloadTask."""
    call = _Download(options, task)
    return await call.run(call.result())


class _Download(Call):
    kind, timeout_key = "download", "downloadFile"

    def __init__(self, options, task):
        super().__init__(options, task)
        self._files = files.current()
        self._progress = Progress(task, "totalBytesWritten", "totalBytesExpectedToWrite")
        self._response = None  # the first, which is the one to tell of
        self._sink = self._url = None
        self._expected = None  # bytes of the whole, where known
        self._validator = ""  # what the server calls this very content: an entity tag or a date
        self._broken = None  # KioskError that the transfer is being taken up after

    async def result(self):
        """dict: the fields of the success."""
        url = self.options["filePath"]
        if url is not None:
            self._check_place(url)
        request = http.Request("GET", parse(self.options["url"]), fields.header(self.options["header"], {}))
        try:
            await self._fetch_all(request)
            await self._complete()
            result = {"statusCode": self._response.status, "profile": self.profile()}
            if url is None:
                result["tempFilePath"] = self._url
            else:
                self._check_place(url)  # it may have been opened, or become a folder, meanwhile
                path, size = self._sink.path, self._sink.size
                content.take_name(self._files, path, self._files.writable(url), size)
                result["filePath"] = url
            self._sink = None
            return result
        except OSError as exc:
            raise _not_saved(exc)
        finally:
            if self._sink:
                self._discard()

    def sink(self, response):
        """Where the body goes: into a new file, or on into the one that is there."""
        if self._broken:
            return self._resumed(response)
        self._response = response
        self.tell_head(response)
        self._note(response)
        self._begin()
        return self._sink

    def _resumed(self, response):
        size = self._sink.size
        if response.status == 206 and _starts_at(response.get(b"content-range"), size, self._expected):
            return self._sink
        if response.status != 200:
            raise self._broken
        self._note(response)
        self._sink.restart()
        return self._sink

    def _note(self, response):
        self._check_room(response.length)
        self._expected = response.length
        self._validator = ""
        if response.status == 200 and response.get(b"accept-ranges").lower() != "none":
            tag = response.get(b"etag")
            self._validator = tag if tag and not tag.startswith("W/") else response.get(b"last-modified")

    async def _fetch_all(self, request):
        failures = reached = 0
        while True:
            try:
                return await self.fetch(request)
            except KioskError as exc:
                if exc.args[0] != "network" or exc is self._broken or not (self._sink and self._validator):
                    raise
                self._broken = exc
                self.trace.failed(exc)
            failures = failures + 1 if self._sink.size == reached else 1
            reached = self._sink.size
            if failures > _ATTEMPTS_MAX:
                raise self._broken
            await asyncio.sleep_ms(_PAUSE_MS << (failures - 1))
            request.header["Range"] = "bytes=%d-" % reached
            request.header["If-Range"] = self._validator

    def _begin(self):
        self._url, path = self._files.temporary(_suffix(self.options["url"], self._response))
        self._sink = FileSink(path, self._tell)

    async def _complete(self):
        # The file is whole; decompressed if the server has compressed it, which it was not asked to.
        await self._sink.finish()
        coding = self._response.get(b"content-encoding").lower()
        if coding and self._sink.size:
            from kiosk.net import inflate

            if inflate.is_compressed(coding):
                packed, self._expected = self._sink.path, None
                try:
                    self._begin()
                    await inflate.inflate_file(packed, coding, self._sink)
                    await self._sink.finish()
                finally:
                    content.discard(packed)
        self._progress.tell(self._sink.size, self._sink.size)

    def _discard(self):
        self._sink.close()
        content.discard(self._sink.path)

    def _tell(self):
        if self._sink.size > _SIZE_MAX:
            raise KioskError("download size")
        self._progress.tell(self._sink.size, self._expected)

    def _check_place(self, url):
        try:
            self._files.new(url)
        except KioskError as exc:
            raise KioskError("download path", paths.shown(url)) if exc.args[0] == "file permission" else exc

    def _check_room(self, size):
        # Before the first byte, where the size is known by then: flash wears, and others want to write on it, too.
        if size is None:
            return
        if size > _SIZE_MAX:
            raise KioskError("download size")
        if self.options["filePath"] is not None:
            self._files.quota.check(size)
        status = os.statvfs(self._files.folder)
        if size > status[1] * status[4]:
            raise KioskError("download save", "no space left on device")


def _starts_at(content_range, start, whole):
    # "bytes 100-199/200"; a size that is not what it was is that of something else.
    unit, _, rest = content_range.partition(" ")
    span, _, size = rest.partition("/")
    first = span.partition("-")[0]
    return unit.lower() == "bytes" and first == str(start) and (size == "*" or whole is None or size == str(whole))


def _suffix(url, response):
    kind = response.get(b"content-type").lower().partition(";")[0].strip()
    return suffix_of(kind) or paths.suffix(url.partition("#")[0].partition("?")[0])


def _not_saved(exc):
    explained = explain(exc, "")
    if isinstance(explained, OSError):
        explained = from_exception(exc)
        if explained.args[0] == "oom":
            return explained
    return KioskError("download save", explained.reason.strip())
