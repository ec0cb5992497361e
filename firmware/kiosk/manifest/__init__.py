"""
A mini-program's JSON files, read and checked: app.json, kiosk.json, and one beside each page's script.

Whatever is wrong in one raises ManifestError, whose text is one line that a developer can act on:

    app.json:7: tabBar.list[1].pagePath: "pages/x/x" is not in pages

Keys that are not known here are no fault: one warning per file lists them.  A component that is not there is found by
whoever opens it; a tab's icon is missed here.  The tables below are what the kiosk knows of the files' contents.

Every file goes through strictjson, on the board too: json.load() alone would take `{"pages" ["a",,` as well as the real
thing, and can tell neither a duplicate key nor a line.

Reads files in the mini-program's folder and writes none; calls kiosk.log.  Imported for a launch and dropped after it, with
the other modules of this package: until then, frozen, they hold some 2.3 KB (32 bits), the tables none of it.
"""

import errno
import json
import os

from kiosk import log
from kiosk.manifest import strictjson
from kiosk.manifest.formats import FORMATS, appid, wrong_server

_LIMIT = const(65536)  # bytes in a file
_ICON_LIMIT = const(40960)  # bytes of a tab's icon: WeChat's
_NAMED_KEYS = const(10)  # in a warning
_ENOTDIR = const(20)  # MicroPython's errno has no name for it

# What JSON calls the values: a table says so, and so does the error.
_STRING = const("a string")
_NUMBER = const("a number")
_BOOL = const("true or false")
_OBJECT = const("an object")
_LIST = const("a list")
_TYPES = const(
    (
        ("str", _STRING),
        ("int", _NUMBER),
        ("float", _NUMBER),
        ("bool", _BOOL),
        ("dict", _OBJECT),
        ("list", _LIST),
        ("NoneType", "null"),
    )
)

# Further rules for a value: indices into formats.FORMATS.
_COLOR = const(0)
_PAGE_PATH = const(1)
_FILE = const(2)
_MS = const(3)
_APPID = const(4)
_LIB_VERSION = const(5)
_HTTPS = const(6)
_WSS = const(7)
_PIN = const(8)
_PX = const(9)

# A table's row: (key, type, detail).  `*key` is required, `%` at the end of a key stands for any ending.  Type None: any.
# The detail of a string is the tuple of what it may be, or a format; a number's is a format; an object's its table; a
# list's (fewest, most, type, detail) of its entries; None: no further rule.
_COMPONENTS = const((("%", _STRING, None),))

# A page's own file may say what app.json's window says, and the last rows.
_WINDOW = const(
    (
        ("navigationBarBackgroundColor", _STRING, _COLOR),
        ("navigationBarTextStyle", _STRING, ("black", "white")),
        ("navigationBarTitleText", _STRING, None),
        ("navigationStyle", _STRING, ("default", "custom")),
        ("homeButton", _BOOL, None),
        ("backgroundColor", _STRING, _COLOR),
        ("backgroundColorTop", _STRING, _COLOR),
        ("backgroundColorBottom", _STRING, _COLOR),
        ("backgroundColorContent", _STRING, _COLOR),
        ("backgroundTextStyle", _STRING, ("dark", "light")),
        ("enablePullDownRefresh", _BOOL, None),
        ("onReachBottomDistance", _NUMBER, _PX),
        ("disableScroll", _BOOL, None),
        ("pageOrientation", _STRING, ("portrait", "landscape", "auto")),
        ("restartStrategy", _STRING, ("homePage", "homePageAndLatestPage")),
        ("visualEffectInBackground", _STRING, ("none", "hidden")),
        ("handleWebviewPreload", _STRING, ("static", "manual", "auto")),
        ("initialRenderingCache", _STRING, None),
        ("component", _BOOL, None),
        ("usingComponents", _OBJECT, _COMPONENTS),
        ("componentPlaceholder", _OBJECT, _COMPONENTS),
        ("componentFramework", _STRING, None),
        ("renderer", _STRING, None),
        ("style", _STRING, None),
        ("styleIsolation", _STRING, None),
    )
)

_TAB = const(
    (
        ("*pagePath", _STRING, None),
        ("*text", _STRING, None),
        ("iconPath", _STRING, _FILE),
        ("selectedIconPath", _STRING, _FILE),
    )
)

_TAB_BAR = const(
    (
        ("color", _STRING, _COLOR),
        ("selectedColor", _STRING, _COLOR),
        ("backgroundColor", _STRING, _COLOR),
        ("borderStyle", _STRING, ("black", "white")),
        ("position", _STRING, ("bottom", "top")),
        ("custom", _BOOL, None),
        ("*list", _LIST, (2, 5, _OBJECT, _TAB)),
    )
)

_TIMEOUTS = const(
    (
        ("request", _NUMBER, _MS),
        ("connectSocket", _NUMBER, _MS),
        ("uploadFile", _NUMBER, _MS),
        ("downloadFile", _NUMBER, _MS),
    )
)

_APP = const(
    (
        ("*pages", _LIST, (1, None, _STRING, _PAGE_PATH)),
        ("entryPagePath", _STRING, None),
        ("window", _OBJECT, _WINDOW),
        ("tabBar", _OBJECT, _TAB_BAR),
        ("networkTimeout", _OBJECT, _TIMEOUTS),
        ("permission", _OBJECT, (("scope.%", _OBJECT, (("*desc", _STRING, None),)),)),
        ("requiredBackgroundModes", _LIST, (0, None, _STRING, ("audio", "location"))),
        ("usingComponents", _OBJECT, _COMPONENTS),
        ("debug", _BOOL, None),
        # Without effect on a kiosk.
        ("style", _STRING, None),
        ("sitemapLocation", _STRING, None),
        ("lazyCodeLoading", _STRING, None),
        ("requiredPrivateInfos", _LIST, (0, None, _STRING, None)),
        ("resizable", _BOOL, None),
        ("darkmode", _BOOL, None),
        ("themeLocation", _STRING, None),
        ("componentFramework", _STRING, None),
        ("renderer", _STRING, None),
        ("rendererOptions", _OBJECT, None),
        ("debugOptions", _OBJECT, None),
        ("enablePassiveEvent", None, None),
        ("useExtendedLib", _OBJECT, None),
        ("singlePage", _OBJECT, None),
        ("convertRpxToVw", _BOOL, None),
    )
)

_HTTPS_LIST = const((0, None, _STRING, _HTTPS))

_SETTINGS = const(
    (
        ("appid", _STRING, _APPID),
        ("name", _STRING, None),
        ("icon", _STRING, _FILE),
        ("version", _STRING, None),
        ("libVersion", _STRING, _LIB_VERSION),
        (
            "domains",
            _OBJECT,
            (
                ("request", _LIST, _HTTPS_LIST),
                ("upload", _LIST, _HTTPS_LIST),
                ("download", _LIST, _HTTPS_LIST),
                ("socket", _LIST, (0, None, _STRING, _WSS)),
            ),
        ),
        ("pins", _OBJECT, (("%", _LIST, (1, None, _STRING, _PIN)),)),
        ("urlCheck", _BOOL, None),
        ("policies", _OBJECT, None),
    )
)


class ManifestError(Exception):
    """A fault in one of the files.  Its text: `<file>:<line>: <key path>: <what is wrong>`, without what does not apply."""


class _Fault(Exception):
    # args: the path (keys and indices) of a value, and what is wrong with it; _load() knows the file and finds the line.
    pass


def load_app(root):
    """dict: app.json of the mini-program in the folder `root`, as it is.  Raises ManifestError."""
    app = _load(root, "app.json", _APP, _check_app)
    if app is None:
        raise ManifestError("app.json: not found")
    return app


def load_settings(root):
    """dict: kiosk.json, which may be missing and any key of it too; here all but pins have a value.  Raises ManifestError.

    appid is the folder's name then, which must do as one; name the appid; version "0.0.0"; libVersion ""; urlCheck True;
    domains {"request": [], "upload": [], "download": [], "socket": []}; policies {}.
    """
    settings = _load(root, "kiosk.json", _SETTINGS, _complete_settings)
    if settings is None:
        settings = {}
        try:
            _complete_settings(settings, root)
        except _Fault as fault:
            raise ManifestError("kiosk.json: %s: %s" % (_path_text(fault.args[0]), fault.args[1]))
    return settings


def load_page(root, path):
    """dict: the file of a page or component, `path` as in app.json's pages; {} when it has none.  Raises ManifestError."""
    return _load(root, path + ".json", _WINDOW, None) or {}


def _load(root, name, rows, finish):
    # The checked value of a file, None when there is none.  `finish(value, root)` sees to what no table can say.
    data = _read(root, name)
    if data is None:
        return None
    unknown = []
    try:
        value = strictjson.loads(data)
        _check(value, rows, unknown)
        if finish:
            finish(value, root)
    except strictjson.JsonFault as fault:
        raise ManifestError(_text(name, fault.line, fault.path, fault.reason))
    except _Fault as fault:
        path, reason = fault.args
        raise ManifestError(_text(name, strictjson.line_of(data, path), path, reason))
    if unknown:
        more = len(unknown) - _NAMED_KEYS
        keys = ", ".join(unknown[:_NAMED_KEYS]) + (" and %d more" % more if more > 0 else "")
        log.warn("manifest", "%s: unknown keys, ignored: %s", name, keys)
    return value


def _read(root, name):
    # bytes of a file, None when it is not there.
    try:
        mode, size = _stat(root, name)
        if mode & 0x4000:
            raise ManifestError("%s: a folder, not a file" % name)
        if size > _LIMIT:
            raise ManifestError("%s: larger than %d KB" % (name, _LIMIT >> 10))
        with open(_join(root, name), "rb") as file:
            return file.read(size)
    except OSError as exc:
        if exc.errno in (errno.ENOENT, _ENOTDIR):
            return None
        raise ManifestError("%s: cannot be read: %s" % (name, errno.errorcode.get(exc.errno, exc.errno)))


def _stat(root, name):
    status = os.stat(_join(root, name))
    return status[0], status[6]


def _join(root, name):
    return root + name if root.endswith("/") else root + "/" + name


def _text(name, line, path, reason):
    where = _path_text(path)
    return "%s:%d: %s%s" % (name, line, where + ": " if where else "", reason)


def _path_text(path):
    text = ""
    for step in path:
        if isinstance(step, int):
            text += "[%d]" % step
        else:
            text += "." + json.dumps(step)[1:-1]  # a control character in a key stays on this line
    return text[1:]  # the whole is an object: no path begins with an index


def _quote(value):
    text = json.dumps(value)
    return text if len(text) <= 80 else text[:76] + '..."'


def _check(value, rows, unknown):
    # Holds a value against a table, keys in alphabetical order; paths of those that are not in it go to `unknown`.  A
    # list of what is yet to be checked instead of recursion: a launch from the console is deep in the C stack already.
    pending = [((), value, _OBJECT, rows)]
    while pending:
        path, value, kind, detail = pending.pop()
        found = _type(value)
        if kind is not None and kind != found:
            raise _Fault(path, "must be %s, not %s" % (kind, found))
        if detail is None:
            continue
        if kind == _OBJECT:
            _check_object(path, value, detail, pending, unknown)
        elif kind == _LIST:
            _check_list(path, value, detail, pending)
        elif isinstance(detail, tuple):
            if value not in detail:
                raise _Fault(path, "must be %s, not %s" % (" or ".join(map(json.dumps, detail)), _quote(value)))
        else:
            wanted = FORMATS[detail](value)
            if wanted:
                raise _Fault(path, "must be %s, not %s" % (wanted, _quote(value)))


def _type(value):
    name = type(value).__name__
    for python, kind in _TYPES:
        if python == name:
            return kind
    raise TypeError(name)


def _check_object(path, value, rows, pending, unknown):
    for row in rows:
        if row[0][0] == "*" and row[0][1:] not in value:
            raise _Fault(path + (row[0][1:],), "required")
    members = []
    for key in sorted(value):
        row = _row(rows, key)
        if row:
            members.append((path + (key,), value[key], row[1], row[2]))
        else:
            unknown.append(_path_text(path + (key,)))
    pending.extend(reversed(members))


def _row(rows, key):
    for row in rows:
        name = row[0]
        if name[-1] == "%":
            if key.startswith(name[:-1]):
                return row
        elif key == (name[1:] if name[0] == "*" else name):
            return row
    return None


def _check_list(path, value, detail, pending):
    fewest, most, kind, rule = detail
    if len(value) < fewest or most and len(value) > most:
        wanted = "%d to %d entries" % (fewest, most) if most else "at least %d" % fewest
        raise _Fault(path, "must have %s, not %d" % (wanted, len(value)))
    for index in range(len(value) - 1, -1, -1):
        pending.append((path + (index,), value[index], kind, rule))


def _check_app(app, root):
    pages = app["pages"]
    for index, page in enumerate(pages):
        if pages.index(page) != index:
            raise _Fault(("pages", index), "%s is listed twice" % _quote(page))
        if not _is_file(root, page + ".py") and not _is_file(root, page + ".mpy"):
            raise _Fault(("pages", index), "there is no %s.py" % page)
    _check_listed(pages, app, "entryPagePath", ())
    tabs = app.get("tabBar", {})
    if tabs.get("custom"):
        raise _Fault(
            ("tabBar", "custom"), "a mini-program's own tab bar (custom-tab-bar) is not supported; leave it out"
        )
    for index, tab in enumerate(tabs.get("list", ())):
        path = ("tabBar", "list", index)
        _check_listed(pages, tab, "pagePath", path)
        for key in ("iconPath", "selectedIconPath"):
            if key in tab:
                _check_icon(root, tab[key], path + (key,))


def _check_icon(root, name, path):
    name = name[2:] if name[:2] == "./" else name[1:] if name[0] == "/" else name
    if not _is_file(root, name):
        raise _Fault(path, "there is no %s" % name)
    if _stat(root, name)[1] > _ICON_LIMIT:
        raise _Fault(path, "%s is larger than %d KB" % (name, _ICON_LIMIT >> 10))


def _is_file(root, name):
    try:
        return not _stat(root, name)[0] & 0x4000
    except OSError:
        return False


def _check_listed(pages, holder, key, path):
    if key in holder and holder[key] not in pages:
        raise _Fault(path + (key,), "%s is not in pages" % _quote(holder[key]))


def _complete_settings(settings, root):
    if "appid" not in settings:
        folder = _folder_name(root)
        if appid(folder):
            raise _Fault(("appid",), "required: the folder's name, %s, cannot stand in for it" % _quote(folder))
        settings["appid"] = folder
    wrong = wrong_server(settings.get("pins", ()))
    if wrong:
        raise _Fault(("pins", wrong[0]), wrong[1])
    settings.setdefault("name", settings["appid"])
    settings.setdefault("version", "0.0.0")
    settings.setdefault("libVersion", "")
    settings.setdefault("urlCheck", True)
    settings.setdefault("policies", {})
    domains = settings.setdefault("domains", {})
    for kind in ("request", "upload", "download", "socket"):
        domains.setdefault(kind, [])


def _folder_name(root):
    if root in (".", "./"):
        root = os.getcwd()
    return root.rstrip("/").rpartition("/")[2]
