"""
The service under wx.uploadFile: a file goes out as part of a form, piece by piece.

Touches the network through call and http, and the mini-program's files.  Holds one piece of 4 KB, and the response.
"""

from kiosk import files
from kiosk.errors import from_exception
from kiosk.files.reasons import explain
from kiosk.net import fields, http
from kiosk.net.body import MemorySink
from kiosk.net.call import Call, Progress
from kiosk.net.multipart import Form
from kiosk.net.request import plain
from kiosk.net.text import decode, without_mark
from kiosk.net.url import parse


async def upload(options, task):
    """Answer wx.uploadFile: `options` as declared in wx/network.py, `task` its UploadTask."""
    url = options["filePath"]
    store = files.current()
    path = store.readable(url)
    store.held.append(path)  # nobody changes it meanwhile
    try:
        return await send(options, task, path, store.file_size(path, url))
    except OSError as exc:
        raise from_exception(explain(exc, url))
    finally:
        store.held.remove(path)


async def send(options, task, path, size):
    """The same with the file at `path`, of `size` bytes; options["filePath"] is what the server is told of its name."""
    call = _Upload(options, task)
    return await call.run(call.result(path, size))


class _Upload(Call):
    kind, timeout_key = "upload", "uploadFile"

    def __init__(self, options, task):
        super().__init__(options, task)
        self._progress = Progress(task, "totalBytesSent", "totalBytesExpectedToSend")

    async def result(self, path, size):
        """dict: the fields of the success."""
        options = self.options
        self._form = Form(options["formData"] or {}, options["name"], path, options["filePath"], size, self._tell)
        header = fields.header(options["header"], {})
        header["Content-Type"] = self._form.content_type
        response = await self.fetch(http.Request("POST", parse(options["url"]), header, self._form))
        self._sink = await plain(self._sink, response)
        return {
            "data": await decode(without_mark(self._sink.data())),
            "statusCode": response.status,
            "profile": self.profile(),
        }

    def sink(self, response):
        """Tell the listeners of the head; the sink for the body."""
        self.tell_head(response)
        self._sink = MemorySink(response.length)
        return self._sink

    def _tell(self, sent):
        self._progress.tell(sent, self._form.length)
