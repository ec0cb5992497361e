"""
`import uploads`: uploads that must not be lost.  The kiosk's own, beside WeChat's API; the service is kiosk/uploads.

What addUpload() takes in is kept on the flash until a server has taken it: while the network is away, after a restart of
the mini-program and after a power cut.  May see `kiosk`.
"""

from kiosk import uploads
from kiosk.api import api, sync_api

_ADD = (
    ("*url", "String", None),
    ("*filePath", "String", None),
    ("*name", "String", None),
    ("header", "Object", None),
    ("formData", "Object", None),
    ("timeout", "Number", None),
)


@api(_ADD, ("id",))
async def addUpload(options):
    """Take a file into the queue; it goes out as wx.uploadFile would send it, when its turn comes.  The success has `id`.

    Options as of wx.uploadFile; timeout (ms) is that of each attempt.  A temporary file is moved into the queue, and so
    gone from where it was; any other is copied.  Fails for what will never go: a server that is not in kiosk.json's
    list "upload", a file that is not there; for no room on the flash (1300202); beyond 100 entries (600007).
    """
    return {"id": await uploads.current().add(options)}


@sync_api()
def getUploadsSync():
    """The entries, the oldest first: id, url, filePath, name, size (bytes), state, reason, statusCode.

    state: "waiting", "sending", or "refused" by the server, for `reason` with `statusCode`; it stays until it is
    removed or tried again.
    """
    return uploads.current().entries()


@sync_api((("*id", "Number", None),))
def removeUploadSync(id):
    """Give an entry and its file up; not one that is under way."""
    uploads.current().remove(id)


@sync_api()
def retryUploadsSync():
    """Try all entries again now, those that were refused included."""
    uploads.current().retry()


def onUploadSent(listener):
    """`listener(res)`: a server has taken an entry, which is gone.  res: id, statusCode, data (String)."""
    uploads.current().events.on("Sent", listener)


def offUploadSent(listener=None):
    """Undo onUploadSent()."""
    uploads.current().events.off("Sent", listener)


def onUploadFailed(listener):
    """`listener(res)`: an attempt has failed; there will be another.  res: id, errMsg, errno (0: by its status)."""
    uploads.current().events.on("Failed", listener)


def offUploadFailed(listener=None):
    """Undo onUploadFailed()."""
    uploads.current().events.off("Failed", listener)


def onUploadRefused(listener):
    """`listener(res)`: an entry will not be tried again by itself.  res: id, errMsg, statusCode (0: none came)."""
    uploads.current().events.on("Refused", listener)


def offUploadRefused(listener=None):
    """Undo onUploadRefused()."""
    uploads.current().events.off("Refused", listener)
