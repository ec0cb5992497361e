"""
Every error that an API can answer with: one table, one exception, one place that maps what the hardware raises.

The numbers are WeChat's errno table (wx-rules.md, "errno table"; developers.weixin.qq.com, PublicErrno); the texts are
those that its clients are seen to give after "<api>:fail ".  Nothing in here imports another module of the kiosk.
"""

import errno

_ENOSPC = const(28)  # MicroPython's errno module leaves it out
_DETAIL_LETTERS = const(2000)  # of what a hostile caller may have made long: an error must not take the heap

# name, errno, text.  `%s` takes the detail that the raiser gives.  A tuple, so that frozen it costs no RAM.
# WeChat publishes no numbers for storage: its failures take those of the file system that it stands on.
_TABLE = (
    ("system", -1, "system error: %s"),
    ("permission", 3, "system permission denied"),
    ("timeout", 5, "timeout"),
    ("unsupported", 100, "not supported: %s"),
    ("invalid data", 101, "invalid request data: %s"),
    ("denied", 103, "auth deny"),
    ("cancel", 104, "cancel"),
    ("abort", 104, "abort"),
    ("oom", 111, "out of memory"),
    ("parameter", 1001, "parameter error: %s"),
    ("route", 1001, "%s"),
    # network
    ("network", 600001, "%s"),
    ("tls", 600001, "ssl hand shake error: %s"),
    ("domain", 600002, "url not in domain list"),
    ("interrupted", 600003, "interrupted"),
    ("too many tasks", 600007, "exceed max task count %s"),
    ("too many uploads", 600007, "exceed max upload count %s"),
    ("no upload", 1001, "no upload %s"),
    ("too many sockets", 600007, "reach max websocket connect count %s"),
    ("redirects", 600008, "exceed max redirection count %s"),
    ("url", 600009, 'invalid url "%s"'),
    ("close code", 1001, "invalid %s"),
    ("download save", 603300, "download save file error: %s"),
    ("download size", 603301, "exceed max file size"),
    ("download path", 603303, "permission denied, open %s"),
    # storage
    ("no data", 1300002, "data not found"),
    ("entry size", 1300202, "entry size limit reached: %s"),
    ("quota", 1300202, "the maximum size of the storage limit is exceeded: %s"),
    ("no space", 1300202, "no space left on device"),
    # files
    ("file operation", 1300001, "operation not permitted %s"),
    ("no file", 1300002, "no such file or directory %s"),
    ("file io", 1300005, "input/output error %s"),
    ("file descriptor", 1300009, "bad file descriptor"),
    ("file permission", 1300013, "permission denied %s"),
    ("not a folder", 1300020, "not a directory %s"),
    ("is a folder", 1300021, "is a directory %s"),
    ("file argument", 1300022, "invalid argument %s"),
    ("file name", 1300036, "file name too long %s"),
    ("folder not empty", 1300066, "directory not empty %s"),
    ("file system", 1300201, "system error %s"),
    ("file quota", 1300202, "the maximum size of the file storage limit is exceeded"),
    ("file exists", 1301005, "file already exists %s"),
    # documents
    ("file type", 1001, "filetype not supported"),
    ("document", 1001, "%s"),
    ("converter", 600001, "%s"),
    # screen
    ("canvas", 1001, "%s"),
    ("bar", 1001, "%s"),
    ("keyboard", 1001, "%s"),
    ("dialog", 1001, "%s"),
    # pictures
    ("image file", 1300002, "file not found"),
    ("image", 1001, "invalid image: %s"),
    ("video", 1001, "invalid video: %s"),
    ("image download", 600001, "download image fail. reason: %s"),
    ("live", 1001, "%s"),
    # sound: the recorder's own, its encoders'
    ("recorder", 1001, "%s"),
    ("microphone", -1, "system error: %s"),
    ("microphone timeout", 5, "timeout: the microphone gives nothing"),
    ("codec memory", 111, "out of memory: %s"),
    # the camera: what its driver says
    ("camera", -1, "system error: %s"),
    ("camera timeout", 5, "timeout: the camera gives no picture"),
    # sound: InnerAudioContext.onError's own
    ("sound system", 10001, "%s"),
    ("sound network", 10002, "%s"),
    ("sound file", 10003, "%s"),
    ("format", 10004, "%s"),
    ("sound interrupted", 104, "interrupted"),
    ("brotli", 1301111, "brotli decompress fail"),
)


class KioskError(Exception):
    """An operation that cannot be done.  Made of the name of a row of the table, its detail, and fields for the answer.

    errno (int) is WeChat's; reason (str) is what stands after `<api>:fail ` in errMsg; fields (dict) are more of those
    of the answer.
    """

    def __init__(self, name, detail="", **fields):
        if isinstance(detail, str) and len(detail) > _DETAIL_LETTERS:
            detail = detail[:_DETAIL_LETTERS] + "..."
        super().__init__(name, detail)
        _, self.errno, text = _row(name)
        self.reason = text % detail if "%s" in text else text
        self.fields = fields


def _row(name):
    for row in _TABLE:
        if row[0] == name:
            return row
    raise KeyError(name)


def from_exception(exc):
    """Map any exception to a KioskError: its own kind as it is, MemoryError, OSError; the rest is a system error."""
    if isinstance(exc, KioskError):
        return exc
    if isinstance(exc, MemoryError):
        return KioskError("oom")
    if isinstance(exc, OSError) and exc.args:
        if exc.args[0] == _ENOSPC:
            return KioskError("no space")
        if exc.args[0] == errno.ETIMEDOUT:
            return KioskError("timeout")
        if exc.args[0] == errno.ENOMEM:
            return KioskError("oom")
        return KioskError("system", errno.errorcode.get(exc.args[0], "error %s" % exc.args[0]))
    return KioskError("system", "%s: %s" % (type(exc).__name__, exc))
