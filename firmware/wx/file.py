"""
Chapter "File": the mini-program's files, and those that it has saved.  The service is kiosk/files.

`wxfile://usr/...` (env.USER_DATA_PATH) may be read and written, `wxfile://tmp/...`, `wxfile://store/...` and the package
("/images/a.png") may be read.  What takes a while (contents, copies) happens piece by piece after the call; everything
else happens within it.

The methods of the FileSystemManager are rows of a table, which costs no RAM, and become Apis when they are asked for.

What WeChat leaves open: only usr is written, so a temporary file is neither renamed nor removed, only saved or swept; a
file that is open is not changed in another way; a ...Sync call that takes over five seconds is a stall.
"""

from kiosk import files
from kiosk.api import Api, Result, SyncApi, api
from kiosk.errors import KioskError

_FILE = const(("*filePath", "String", None))
_FD = const(("*fd", "String", None))
_ENCODING = const(("encoding", "String", "utf8"))
_RECURSIVE = const(("recursive", "Boolean", False))
_TEXT = const((_FILE, ("*data", "String|ArrayBuffer", None), _ENCODING))
_NO_SYNC = const(0)
_LIST = const(1)  # xSync(a, b)
_OBJECT = const(2)  # xSync({a, b})

# Name, module of kiosk.files, operation, options, fields, whether it comes in pieces, how ...Sync takes its arguments.
# fmt: off
_METHODS = (
    ("access", "entries", "access", (("*path", "String", None),), (), False, _LIST),
    ("stat", "entries", "stat", (("*path", "String", None), _RECURSIVE), ("stats",), False, _LIST),
    ("mkdir", "entries", "mkdir", (("*dirPath", "String", None), _RECURSIVE), (), False, _LIST),
    ("rmdir", "entries", "rmdir", (("*dirPath", "String", None), _RECURSIVE), (), False, _LIST),
    ("readdir", "entries", "readdir", (("*dirPath", "String", None),), ("files",), False, _LIST),
    ("rename", "entries", "rename", (("*oldPath", "String", None), ("*newPath", "String", None)), (), False, _LIST),
    ("unlink", "entries", "unlink", (_FILE,), (), False, _LIST),
    ("readFile", "content", "read_file", (
        _FILE, ("encoding", "String", None), ("position", "Number", None), ("length", "Number", None),
    ), ("data",), True, _LIST),
    ("writeFile", "content", "write_file", _TEXT, (), True, _LIST),
    ("appendFile", "content", "append_file", _TEXT, (), True, _LIST),
    ("copyFile", "content", "copy_file", (("*srcPath", "String", None), ("*destPath", "String", None)), (), True, _LIST),
    ("truncate", "content", "truncate", (_FILE, ("length", "Number", 0)), (), True, _OBJECT),
    ("getFileInfo", "content", "get_file_info", (_FILE, ("digestAlgorithm", "String", None)), ("size", "digest"), True, _NO_SYNC),
    ("open", "descriptors", "open_file", (_FILE, ("flag", "String", "r")), ("fd",), False, _OBJECT),
    ("close", "descriptors", "close", (_FD,), (), False, _OBJECT),
    ("read", "descriptors", "read", (
        _FD, ("*arrayBuffer", "ArrayBuffer", None), ("offset", "Number", 0), ("length", "Number", None), ("position", "Number", None),
    ), ("bytesRead", "arrayBuffer"), False, _OBJECT),
    ("write", "descriptors", "write", (
        _FD, ("*data", "String|ArrayBuffer", None), ("offset", "Number", 0), ("length", "Number", None), _ENCODING,
        ("position", "Number", None),
    ), ("bytesWritten",), False, _OBJECT),
    ("fstat", "descriptors", "fstat", (_FD,), ("stats",), False, _OBJECT),
    ("ftruncate", "descriptors", "ftruncate", (_FD, ("*length", "Number", None)), (), True, _OBJECT),
    ("saveFile", "saved", "save_file", (("*tempFilePath", "String", None), ("filePath", "String", None)), ("savedFilePath",), False, _LIST),
    ("removeSavedFile", "saved", "remove_saved", (_FILE,), (), False, _NO_SYNC),
    ("getSavedFileList", "saved", "saved_list", (), ("fileList",), False, _NO_SYNC),
    ("unzip", "archive", "unzip", (("*zipFilePath", "String", None), ("*targetPath", "String", None)), (), True, _NO_SYNC),
    ("readZipEntry", "archive", "read_zip_entry", (
        _FILE, ("*entries", "String|Array", None), ("encoding", "String", None),
    ), ("entries",), True, _NO_SYNC),
    ("readCompressedFile", "archive", "read_compressed_file", (
        _FILE, ("*compressionAlgorithm", "String", None),
    ), ("data",), True, _OBJECT),
)
# fmt: on


class Stats:
    """What is known of a file.  mode; size (bytes); lastAccessedTime, lastModifiedTime (seconds since 1970)."""

    def __init__(self, facts):
        self.mode, self.size, self.lastAccessedTime, self.lastModifiedTime = facts

    def isDirectory(self):
        """Whether it is a folder."""
        return self.mode & 0o40000 != 0

    def isFile(self):
        """Whether it is a file."""
        return self.mode & 0o100000 != 0


class _Method(Api):
    label = ""

    @property
    def name(self):
        """str: the method's, as errMsg begins."""
        return self.label


class _SyncMethod(SyncApi):
    label = ""
    takes_object = False

    @property
    def name(self):
        """str: the method's, as errMsg begins."""
        return self.label

    def __call__(self, *args, **options):
        if self.takes_object and len(args) == 1 and isinstance(args[0], dict):
            options = {key: value for key, value in args[0].items() if isinstance(key, str)}
            args = ()
        return super().__call__(*args, **options)


class FileSystemManager:
    """All methods of WeChat's FileSystemManager; for `xSync`, xSync as WeChat's takes its arguments."""

    def __getattr__(self, name):
        sync = name.endswith("Sync")
        for row in _METHODS:
            if row[0] == (name[:-4] if sync else name) and not (sync and row[6] == _NO_SYNC):
                return _sync_method(name, row) if sync else _async_method(row)
        raise AttributeError(name)


def _operation(row):
    name = "kiosk.files." + row[1]
    __import__(name)
    return getattr(getattr(files, row[1]), row[2])


def _values(row, options):
    return [options[option[0].lstrip("*")] for option in row[3]]


def _async_method(row):
    async def call(options):
        try:
            return _fields(row, await _done(row, _values(row, options))) or {"errCode": 0}
        except KioskError as exc:
            raise _coded(exc)

    method = _Method(call, row[3], row[4] or ("errCode",), None, not row[5])
    method.label = row[0]
    return method


def _sync_method(name, row):
    def call(**options):
        try:
            fields = _fields(row, files.now(_operation(row), files.current(), *_values(row, options)))
        except KioskError as exc:
            raise _coded(exc)
        return (
            None if fields is None else fields[row[4][0]] if len(row[4]) == 1 and row[0] != "write" else Result(fields)
        )

    method = _SyncMethod(call, row[3], row[4], None, True)
    method.label = name
    method.takes_object = row[6] == _OBJECT
    return method


def _coded(exc):
    # A failed method says it twice, as WeChat's do: errno and errCode.
    exc.fields["errCode"] = exc.errno
    return exc


async def _done(row, values):
    operation = _operation(row)
    if row[5]:
        return await files.gently(operation, files.current(), *values)
    return files.now(operation, files.current(), *values)


def _fields(row, value):
    names = row[4]
    if not names:
        return None
    if names[0] == "stats":
        value = _stats(value)
    elif names[0] == "fileList":
        value = [Result(filePath=url, size=size, createTime=time_s) for url, size, time_s in value]
    elif names[0] == "entries":
        value = {path: _zip_entry(data) for path, data in value}
    return {names[0]: value} if len(names) == 1 else dict(zip(names, value))


def _zip_entry(data):
    if isinstance(data, KioskError):
        return Result(errMsg="readZipEntry:fail " + data.reason, errno=data.errno)
    return Result(errMsg="readZipEntry:ok", data=data)


def _stats(facts):
    if isinstance(facts, list):
        return [Result(path=path, stats=Stats(one)) for path, one in facts]
    return Stats(facts)


_manager = FileSystemManager()


def getFileSystemManager():
    """Return the FileSystemManager, the same one each time."""
    return _manager


def _now(name, *args):
    from kiosk.files import saved

    return files.now(getattr(saved, name), files.current(), *args)


@api((("*tempFilePath", "String", None),), ("savedFilePath",), at_once=True)
async def saveFile(options):
    """Keep a temporary file, which gets a new name: savedFilePath."""
    return {"savedFilePath": _now("save_file", options["tempFilePath"])}


@api((), ("fileList",), at_once=True)
async def getSavedFileList(options):
    """The saved files: filePath, size (bytes) and createTime (seconds since 1970) of each."""
    names = ("filePath", "size", "createTime")
    return {"fileList": [Result(zip(names, one)) for one in _now("saved_list")]}


@api((_FILE,), ("size", "createTime"), at_once=True)
async def getSavedFileInfo(options):
    """Size (bytes) and time (seconds since 1970) of a saved file."""
    return dict(zip(("size", "createTime"), _now("saved_info", options["filePath"])))


@api((_FILE,), at_once=True)
async def removeSavedFile(options):
    """Remove a saved file."""
    _now("remove_saved", options["filePath"])
