"""
wx.getImageInfo: what a picture's file says of itself; some 200 bytes of it are read.

One from a server becomes a temporary file first, as with wx.downloadFile, and is held against the domains of that.
"""

from kiosk import files
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.pictures import header
from kiosk.pictures.compress import look, read_header

_DOWNLOAD = (("url", None), ("filePath", None), ("timeout", None), ("header", None), ("enableProfile", False))


class _Unheard:
    """A DownloadTask that nobody listens to."""

    aborted = False

    def emit(self, event, **fields):
        """Nothing."""

    def check(self):
        """It is not aborted."""


async def info(src) -> dict:
    """width, height (of the file, not turned), orientation, type, path.

    KioskError: "image file", "image", "image download", those of files and of downloadFile; nothing is left of a failure.
    """
    is_ours = src[:7].lower() == "http://" or src[:8].lower() == "https://"
    url = await _downloaded(src) if is_ours else src
    own = files.current()
    path = own.readable(url)
    look(own, path, url)
    try:
        with open(path, "rb") as file:
            head = read_header(file)
    except BaseException:
        if is_ours:
            content.discard(path)
        raise
    return {
        "width": head.width, "height": head.height, "orientation": header.ORIENTATIONS[head.orientation - 1], "type": head.format,
        "path": url,
    }  # fmt: skip


async def _downloaded(src):
    from kiosk.net.download import download

    options = dict(_DOWNLOAD)
    options["url"] = src
    try:
        answer = await download(options, _Unheard())
    except KioskError as exc:
        raise KioskError("image download", exc.reason) if exc.args[0] in ("network", "tls") else exc
    url = answer["tempFilePath"]
    if answer["statusCode"] != 200:
        content.discard(files.current().readable(url))
        raise KioskError("image download", "HTTP %d" % answer["statusCode"])
    return url
