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
    call = _Upload(options, task)
    return await call.run(call.result())


class _Upload(Call):
    kind, timeout_key = "upload", "uploadFile"

    def __init__(self, options, task):
        super().__init__(options, task)
        self._files = files.current()
        self._progress = Progress(task, "totalBytesSent", "totalBytesExpectedToSend")

    async def result(self):
        """dict: the fields of the success."""
        options = self.options
        url = options["filePath"]
        path = self._files.readable(url)
        self._form = Form(
            options["formData"] or {}, options["name"], path, url, self._files.file_size(path, url), self._tell
        )
        header = fields.header(options["header"], {})
        header["Content-Type"] = self._form.content_type
        request = http.Request("POST", parse(options["url"]), header, self._form)
        self._files.held.append(path)  # nobody changes it meanwhile
        try:
            response = await self.fetch(request)
            self._sink = await plain(self._sink, response)
            return {
                "data": await decode(without_mark(self._sink.data())),
                "statusCode": response.status,
                "profile": self.profile(),
            }
        except OSError as exc:
            raise from_exception(explain(exc, url))
        finally:
            self._files.held.remove(path)

    def sink(self, response):
        """Tell the listeners of the head; the sink for the body."""
        self.tell_head(response)
        self._sink = MemorySink(response.length)
        return self._sink

    def _tell(self, sent):
        self._progress.tell(sent, self._form.length)
