"""kiosk.manifest over files in a RAM file system: every key of its tables, and every way in which a file can be wrong."""

import errno
import io
import json
import os

import vfs

from kiosk import log, manifest
from tests.fakes.ramblockdev import RAMBlockDev

_ROOT = "/ram/apps/shop-1"
_COLOR = 'must be a colour like "#rrggbb" or "#rgb", not '
_BOOL = "must be true or false, not a number"
_STRING = "must be a string, not a number"
_OBJECT = "must be an object, not a list"
_LIST = "must be a list, not an object"
_MS = "must be a whole number of milliseconds from 1 to 536870911, not "
_HTTPS = 'must be "https://host" or "https://host:port", without wildcard or path, not '
_WSS = 'must be "wss://host" or "wss://host:port", without wildcard or path, not '
_PATH = 'must be a path like "pages/index/index", no "/" at its ends, no ".", no extension, not '
_APPID = 'must be one to 64 letters, digits, "-" and "_", not '
_FILE = "must be the path of a file in the mini-program, not "
_PIN = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
_PIN_RULE = 'must be "sha256/" and the SHA-256 of a public key in base64, not '
_VERSION = 'must be a version like "2.10.4", not '

# Per key: values that are right, then (value, what is wrong with it) of others.
_COLOR_CASE = (
    ("#fff", "#12aBcD"),
    ("red", _COLOR + '"red"'),
    ("#ffff", _COLOR + '"#ffff"'),
    ("#ggg", _COLOR + '"#ggg"'),
)
_BOOL_CASE = ((True, False), (1, _BOOL))
_STRING_CASE = (("", "a %s 你"), (5, _STRING))
_COMPONENTS_CASE = (({}, {"my-button": "/components/b/b"}), ([], _OBJECT))
_MS_CASE = ((1, 60000), (0, _MS + "0"), (-1, _MS + "-1"), (1.5, _MS + "1.5"), (1 << 29, _MS + "536870912"))

_WINDOW_CASES = (
    ("navigationBarBackgroundColor",) + _COLOR_CASE,
    ("navigationBarTextStyle", ("black", "white"), ("red", 'must be "black" or "white", not "red"')),
    ("navigationBarTitleText",) + _STRING_CASE,
    ("navigationStyle", ("default", "custom"), ("none", 'must be "default" or "custom", not "none"')),
    ("homeButton",) + _BOOL_CASE,
    ("backgroundColor",) + _COLOR_CASE + ((0, _STRING),),
    ("backgroundColorTop",) + _COLOR_CASE,
    ("backgroundColorBottom",) + _COLOR_CASE,
    ("backgroundColorContent",) + _COLOR_CASE,
    ("backgroundTextStyle", ("dark", "light"), ("", 'must be "dark" or "light", not ""')),
    ("enablePullDownRefresh",) + _BOOL_CASE,
    (
        "onReachBottomDistance",
        (0, 50, 2.5),
        ("50", "must be a number, not a string"),
        (None, "must be a number, not null"),
        (-1, "must be a number of px from 0 to 1000000, not -1"),
        (1000001, "must be a number of px from 0 to 1000000, not 1000001"),
    ),
    ("disableScroll",) + _BOOL_CASE,
    (
        "pageOrientation",
        ("portrait", "landscape", "auto"),
        ("x", 'must be "portrait" or "landscape" or "auto", not "x"'),
    ),
    (
        "restartStrategy",
        ("homePage", "homePageAndLatestPage"),
        ("x", 'must be "homePage" or "homePageAndLatestPage", not "x"'),
    ),
    ("visualEffectInBackground", ("none", "hidden"), ("x", 'must be "none" or "hidden", not "x"')),
    ("handleWebviewPreload", ("static", "manual", "auto"), ("x", 'must be "static" or "manual" or "auto", not "x"')),
    ("initialRenderingCache",) + _STRING_CASE,
    ("component",) + _BOOL_CASE,
    ("usingComponents",) + _COMPONENTS_CASE,
    ("componentPlaceholder",) + _COMPONENTS_CASE,
    ("componentFramework",) + _STRING_CASE,
    ("renderer",) + _STRING_CASE,
    ("style",) + _STRING_CASE,
    ("styleIsolation",) + _STRING_CASE,
)

_TAB = {"pagePath": "pages/a/a", "text": "A"}
_TABS = [_TAB, {"pagePath": "pages/b/b", "text": "B"}]
_ENTRIES = "must have 2 to 5 entries, not %d"

_APP_CASES = (
    (
        "pages",
        (["pages/b/b", "pages/a/a"], ["a", "pages/b/b", "pages/a/a"]),
        ([], "must have at least 1, not 0"),
        ({}, _LIST),
        ("pages/a/a", "must be a list, not a string"),
    ),
    ("entryPagePath", ("pages/b/b",), (5, _STRING), ("pages/x/x", '"pages/x/x" is not in pages')),
    ("window", ({},), ([], _OBJECT)),
    ("tabBar", ({"list": _TABS},), ([], _OBJECT)),
    ("tabBar.color",) + _COLOR_CASE,
    ("tabBar.selectedColor",) + _COLOR_CASE,
    ("tabBar.backgroundColor",) + _COLOR_CASE,
    ("tabBar.borderStyle", ("black", "white"), ("#fff", 'must be "black" or "white", not "#fff"')),
    ("tabBar.position", ("bottom", "top"), ("left", 'must be "bottom" or "top", not "left"')),
    (
        "tabBar.custom",
        (False,),
        (True, "a mini-program's own tab bar (custom-tab-bar) is not supported; leave it out"),
        (1, "must be true or false, not a number"),
    ),
    (
        "tabBar.list",
        (_TABS, [_TAB] * 5),
        ([], _ENTRIES % 0),
        ([_TAB], _ENTRIES % 1),
        ([_TAB] * 6, _ENTRIES % 6),
        ({}, _LIST),
    ),
    ("tabBar.list[1]", (_TAB,), ([], _OBJECT)),
    ("tabBar.list[1].pagePath", ("pages/b/b",), (5, _STRING), ("pages/x/x", '"pages/x/x" is not in pages')),
    ("tabBar.list[0].text",) + _STRING_CASE,
    (
        "tabBar.list[0].iconPath",
        ("images/home.png", "/images/home.png", "./a..b"),
        ("images/none.png", "there is no images/none.png"),
        ("/images", "there is no images"),
        ("images/large.png", "images/large.png is larger than 40 KB"),
        ("", _FILE + '""'),
        ("../home.png", _FILE + '"../home.png"'),
        ("https://a/b.png", _FILE + '"https://a/b.png"'),
    ),
    (
        "tabBar.list[1].selectedIconPath",
        ("images/home.png",),
        ("a/../../b", _FILE + '"a/../../b"'),
        ("./images/large.png", "images/large.png is larger than 40 KB"),
    ),
    ("networkTimeout", ({},), ([], _OBJECT)),
    ("networkTimeout.request",) + _MS_CASE + ((True, "must be a number, not true or false"),),
    ("networkTimeout.connectSocket",) + _MS_CASE,
    ("networkTimeout.uploadFile",) + _MS_CASE,
    ("networkTimeout.downloadFile",) + _MS_CASE,
    ("permission", ({}, {"scope.userLocation": {"desc": ""}, "scope.camera": {"desc": "x"}}), ([], _OBJECT)),
    ("requiredBackgroundModes", ([], ["audio", "location"]), ("audio", "must be a list, not a string")),
    ("requiredBackgroundModes[0]", ("location",), ("bluetooth", 'must be "audio" or "location", not "bluetooth"')),
    ("usingComponents",) + _COMPONENTS_CASE,
    ("debug",) + _BOOL_CASE,
    ("style",) + _STRING_CASE,
    ("sitemapLocation",) + _STRING_CASE,
    ("lazyCodeLoading",) + _STRING_CASE,
    ("requiredPrivateInfos", ([], ["getLocation"]), ("getLocation", "must be a list, not a string")),
    ("requiredPrivateInfos[0]",) + _STRING_CASE,
    ("resizable",) + _BOOL_CASE,
    ("darkmode",) + _BOOL_CASE,
    ("themeLocation",) + _STRING_CASE,
    ("componentFramework",) + _STRING_CASE,
    ("renderer",) + _STRING_CASE,
    ("rendererOptions", ({"skyline": {"x": [1]}},), ([], _OBJECT)),
    ("debugOptions", ({"a": 1},), ([], _OBJECT)),
    ("enablePassiveEvent", (True, {"touchstart": False}, None)),
    ("useExtendedLib", ({"weui": True},), ([], _OBJECT)),
    ("singlePage", ({"navigationBarFit": "squeezed"},), ([], _OBJECT)),
    ("convertRpxToVw",) + _BOOL_CASE,
)


def _origins(scheme, wrong):
    right = (
        scheme + "example.com",
        scheme + "a-1.Example.com:8443",
        scheme + "127.0.0.1:1",
        scheme + "localhost:65535",
    )
    texts = (
        "example.com",
        "http://example.com",
        "ws://example.com",
        scheme,
        scheme + ":80",
        scheme + "*.example.com",
        scheme + "example.com/",
        scheme + "example.com/path",
        scheme + "example.com:443/",
        scheme + "a..b",
        scheme + "a b",
        scheme + "user@host",
        scheme + "host:",
        scheme + "host:0",
        scheme + "host:65536",
        scheme + "host:080",
        scheme + "host:+80",
        scheme + "host.",
        scheme + "\uff45xample.com",
        scheme + "[::1]",
        scheme + "host:1e3",
        scheme + "host:1:2",
    )
    return (right,) + tuple((text, wrong + json.dumps(text)) for text in texts) + ((5, _STRING),)


_SETTINGS_CASES = (
    (
        "appid",
        ("a", "wx1234_ABC-d", "x" * 64),
        ("", _APPID + '""'),
        ("x" * 65, _APPID + '"%s"' % ("x" * 65)),
        ("a b", _APPID + '"a b"'),
        ("../a", _APPID + '"../a"'),
        ("é", _APPID + '"é"'),
        (5, _STRING),
    ),
    ("name",) + _STRING_CASE,
    ("icon", ("icon.png", "images/icon.jpg"), ("../icon.png", _FILE + '"../icon.png"'), (5, _STRING)),
    ("version",) + _STRING_CASE,
    (
        "libVersion",
        ("2.10.4", "0.0.0"),
        ("2.10", _VERSION + '"2.10"'),
        ("2..4", _VERSION + '"2..4"'),
        ("2.1.4.0", _VERSION + '"2.1.4.0"'),
        ("v2.1.4", _VERSION + '"v2.1.4"'),
        ("", _VERSION + '""'),
    ),
    ("domains", ({"request": [], "upload": [], "download": [], "socket": []},), ([], _OBJECT)),
    ("domains.request", ([],), ({}, _LIST)),
    ("domains.upload", ([],), ({}, _LIST)),
    ("domains.download", ([],), ({}, _LIST)),
    ("domains.socket", ([],), ({}, _LIST)),
    ("domains.request[0]",) + _origins("https://", _HTTPS),
    ("domains.upload[0]", ("https://a",), ("wss://a", _HTTPS + '"wss://a"')),
    ("domains.download[0]", ("https://a",), ("wss://a", _HTTPS + '"wss://a"')),
    ("domains.socket[0]",) + _origins("wss://", _WSS) + (("https://a", _WSS + '"https://a"'),),
    ("pins", ({}, {"https://a": [_PIN]}), ([], _OBJECT)),
    ("pins.https://a", ([_PIN], [_PIN, _PIN]), ({}, _LIST), ([], "must have at least 1, not 0")),
    (
        "pins.https://a[0]",
        (_PIN, "sha256/" + "A" * 43 + "="),
        ("", _PIN_RULE + '""'),
        (_PIN[7:], _PIN_RULE + json.dumps(_PIN[7:])),
        ("sha1/" + _PIN[7:], _PIN_RULE + json.dumps("sha1/" + _PIN[7:])),
        ("sha256/", _PIN_RULE + '"sha256/"'),
        (_PIN[:-1], _PIN_RULE + json.dumps(_PIN[:-1])),
        (_PIN + "=", _PIN_RULE + json.dumps(_PIN + "=")),
        (_PIN[:-2] + "V=", _PIN_RULE + json.dumps(_PIN[:-2] + "V=")),  # the last bits are not zero
        (_PIN[:-5] + "-_-_=", _PIN_RULE + json.dumps(_PIN[:-5] + "-_-_=")),
        (_PIN[:-2] + " =", _PIN_RULE + json.dumps(_PIN[:-2] + " =")),
        (5, _STRING),
    ),
    ("urlCheck",) + _BOOL_CASE,
    ("policies", ({}, {"any": {"thing": [1]}}), ([], _OBJECT)),
)


def _app():
    app = {"pages": ["pages/a/a", "pages/b/b"], "tabBar": {"list": [dict(tab) for tab in _TABS]}}
    app["requiredBackgroundModes"] = ["audio"]
    app["requiredPrivateInfos"] = ["x"]
    return app


def _settings():
    domains = {kind: ["https://a"] for kind in ("request", "upload", "download")}
    return {"appid": "shop", "domains": dict(domains, socket=["wss://a"]), "pins": {"https://a": [_PIN]}}


def _steps(path):
    for part in path.split("."):
        name, _, index = part.partition("[")
        yield name
        if index:
            yield int(index[:-1])


def _put(value, path, new):
    # Sets what is at a path such as "tabBar.list[1].text", making objects on the way; returns the whole.
    whole = value
    steps = list(_steps(path))
    for step in steps[:-1]:
        value = value.setdefault(step, {}) if isinstance(value, dict) else value[step]
    value[steps[-1]] = new
    return whole


def _folder(chip=None):
    # A new file system with the scripts of three pages; returns the chip.
    chip = chip or RAMBlockDev(64, 512)
    vfs.VfsLfs2.mkfs(chip)
    vfs.mount(vfs.VfsLfs2(chip), "/ram")
    for folder in ("/ram/apps", _ROOT, _ROOT + "/pages", _ROOT + "/pages/a", _ROOT + "/pages/b"):
        os.mkdir(folder)
    for script in ("pages/a/a.py", "pages/b/b.mpy", "a.py"):
        _write(script, "")
    return chip


def _write(name, text):
    with open(_ROOT + "/" + name, "wb") as file:
        file.write(text)


def _write_json(name, value):
    _write(name, json.dumps(value))


def _error(load, *args):
    try:
        load(*args)
    except manifest.ManifestError as exc:
        return str(exc)
    raise AssertionError("accepted")


def _app_error(text):
    _write("app.json", text)
    return _error(manifest.load_app, _ROOT)


def _try_cases(name, load, fresh, cases):
    # Every value of every case, right and wrong, each in an otherwise right file of one line.
    for path, right, *wrong in cases:
        for value in right:
            _write_json(name, _put(fresh(), path, value))
            loaded = load()
            for step in _steps(path):
                loaded = loaded[step]
            assert loaded == value, path
        for value, reason in wrong:
            _write_json(name, _put(fresh(), path, value))
            message = _error(load)
            assert message == "%s:1: %s: %s" % (name, path, reason), message


def _load_app():
    return manifest.load_app(_ROOT)


def _load_settings():
    return manifest.load_settings(_ROOT)


def _load_page():
    return manifest.load_page(_ROOT, "pages/a/a")


def test_every_key_of_app_json():
    _folder(RAMBlockDev(120, 512))
    os.mkdir(_ROOT + "/images")
    for name, size in (("images/large.png", 40961), ("images/home.png", 1), ("a..b", 1)):
        _write(name, bytes(size))
    _try_cases("app.json", _load_app, _app, _APP_CASES)


def test_every_key_of_the_window():
    _folder()
    cases = tuple(("window." + case[0],) + case[1:] for case in _WINDOW_CASES)
    _try_cases("app.json", _load_app, _app, cases)


def test_every_key_of_a_page():
    _folder()
    _try_cases("pages/a/a.json", _load_page, dict, _WINDOW_CASES)


def test_every_key_of_kiosk_json():
    _folder()
    _try_cases("kiosk.json", _load_settings, _settings, _SETTINGS_CASES)


def _is_row(piece):
    # Other tuples in the tables hold strings only: the values that a key may have.
    return piece[:1] == '"' and piece.split(",")[1].strip()[:1] in ("_", "N")


def test_no_key_of_the_tables_is_without_a_case():
    tried = {"%", "scope.%", "desc"}  # components and permissions, whose keys are anybody's: tests of their own
    for path, *_ in _WINDOW_CASES + _APP_CASES + _SETTINGS_CASES:
        tried.add([step for step in _steps(path) if isinstance(step, str)][-1])
    with open("firmware/kiosk/manifest/__init__.py") as source:
        text = source.read()
    text = text[text.index("_COMPONENTS = const(") : text.index("class ManifestError")]
    # A row begins with its key, on the line of its bracket or on the next.
    openings = [piece.strip() for piece in text.split("(")]
    known = {piece.split('"')[1].lstrip("*") for piece in openings if _is_row(piece)}
    assert len(known) > 60, known
    assert not known - tried, known - tried


def test_required_keys():
    _folder()
    for text, message in (
        ("{}", "app.json:1: pages: required"),
        ('\n{"window":\n{}}', "app.json:2: pages: required"),
        ('{"pages": ["a"],\n"tabBar":\n{}}', "app.json:3: tabBar.list: required"),
        (
            '{"pages": ["a"], "tabBar": {"list": [\n{"pagePath": "a"},\n{"text": "b"}]}}',
            "app.json:2: tabBar.list[0].text: required",
        ),
        (
            '{"pages": ["a"], "tabBar": {"list": [\n{"pagePath": "a", "text": "b"},\n{"text": "b"}]}}',
            "app.json:3: tabBar.list[1].pagePath: required",
        ),
        (
            '{"pages": ["a"], "permission": {\n"scope.camera": {}}}',
            "app.json:2: permission.scope.camera.desc: required",
        ),
    ):
        assert _app_error(text) == message, _app_error(text)


def test_contents_of_free_keys():
    _folder()
    for text, message in (
        ('{"pages": ["a"], "usingComponents": {"a": "b",\n"c": 5}}', "app.json:2: usingComponents.c: " + _STRING),
        (
            '{"pages": ["a"], "permission": {\n"scope.x": {"desc": 5}}}',
            "app.json:2: permission.scope.x.desc: " + _STRING,
        ),
        (
            '{"pages": ["a"], "permission": {\n"scope.x": "y"}}',
            "app.json:2: permission.scope.x: must be an object, not a string",
        ),
    ):
        assert _app_error(text) == message, _app_error(text)


def test_page_paths():
    _folder()
    for path in (
        "",
        "/pages/a/a",
        "pages/a/a/",
        "pages//a",
        "../a",
        "pages/../a",
        "./a",
        "a.py",
        "v1.2/a",
        "a?b",
        "a#b",
        "a\\b",
        "a\nb",
    ):
        expected = "app.json:2: pages[1]: " + _PATH + json.dumps(path)
        assert _app_error('{"pages": ["a",\n%s]}' % json.dumps(path)) == expected, path


def test_page_is_listed_once():
    _folder()
    text = '{"pages": [\n"a",\n"pages/b/b",\n"a"]}'
    assert _app_error(text) == 'app.json:4: pages[2]: "a" is listed twice'


def test_page_has_a_script():
    _folder()
    os.mkdir(_ROOT + "/c.py")
    _write("pages/a/d.pyc", "")
    for path in ("pages/a/b", "c", "pages/a", "pages/a/a/a", "pages/a/d"):
        text = '{"pages": [\n"a",\n"%s"]}' % path
        assert _app_error(text) == "app.json:3: pages[1]: there is no %s.py" % path


def test_fault_has_the_line_of_the_value():
    _folder()
    text = """{
  "pages": ["pages/a/a"],
  "tabBar": {
    "list": [
      {"text": "A", "pagePath": "pages/a/a"},
      {
        "text": "X",
        "pagePath": "pages/x/x"
      }
    ]
  }
}
"""
    assert _app_error(text) == 'app.json:8: tabBar.list[1].pagePath: "pages/x/x" is not in pages'
    text = text.replace("pages/x/x", "pages/a/a").replace('"X"', "[]")
    assert _app_error(text) == "app.json:7: tabBar.list[1].text: must be a string, not a list"


def test_first_fault_is_reported_whatever_the_order_in_memory():
    _folder()
    keys = ["backgroundColor", "disableScroll", "homeButton", "navigationStyle", "style"]
    for _ in keys:
        keys = keys[1:] + keys[:1]
        window = ", ".join('"%s": []' % key for key in keys)
        assert _app_error('{"pages": ["a"], "window": {%s}}' % window).startswith(
            "app.json:1: window.backgroundColor: "
        )


def test_syntax_faults_are_reported_with_file_and_line():
    _folder()
    assert _app_error('{"pages": ["a"],\n"debug": true\n"style": "v2"}') == 'app.json:3: expected "," or "}"'
    assert _app_error('{"pages": ["a"],\n}') == 'app.json:1: a "," must not stand before "}"'
    assert _app_error('{"pages": ["a"], // all\n}') == "app.json:1: a comment, which JSON does not have"
    assert _app_error(b'{"pages": ["a"],\n"style": "\xff"}') == "app.json:2: not UTF-8"
    assert _app_error("") == "app.json:1: expected a value"
    _write("kiosk.json", '{\n"appid" "a"}')
    assert _error(_load_settings) == 'kiosk.json:2: expected ":"'
    _write("pages/a/a.json", "{\n\n'a': 1}")
    assert _error(_load_page) == "pages/a/a.json:3: expected a key in double quotes (a string stands in double quotes)"


def test_duplicate_keys_are_refused_with_the_line_of_the_second():
    _folder()
    text = '{"pages": ["a"],\n"window": {"style": "",\n"component": true,\n"style": ""}}'
    assert _app_error(text) == "app.json:4: window.style: duplicate key"
    assert _app_error('{"pages": ["a"],\n"pages": ["a"]}') == "app.json:2: pages: duplicate key"


def test_whole_file_must_be_an_object():
    _folder()
    assert _app_error('\n["a"]') == "app.json:2: must be an object, not a list"
    _write("kiosk.json", "null")
    assert _error(_load_settings) == "kiosk.json:1: must be an object, not null"
    _write("pages/a/a.json", '"a"')
    assert _error(_load_page) == "pages/a/a.json:1: must be an object, not a string"


def test_byte_order_mark_and_line_ends_of_windows():
    _folder()
    _write("app.json", b'\xef\xbb\xbf{\r\n"pages": ["a"]\r\n}\r\n')
    assert _load_app() == {"pages": ["a"]}
    assert _app_error(b'\xef\xbb\xbf{\r\n"pages":\r\n[]}') == "app.json:3: pages: must have at least 1, not 0"


def test_message_is_always_one_line():
    _folder()
    message = _app_error(json.dumps({"pages": ["a"], "usingComponents": {"a\nb\x01": 5}}))
    assert message == "app.json:1: usingComponents.a\\nb\\u0001: " + _STRING
    message = _app_error(json.dumps({"pages": ["a"], "entryPagePath": "a\nb"}))
    assert message == 'app.json:1: entryPagePath: "a\\nb" is not in pages'
    message = _app_error(json.dumps({"pages": ["a"], "entryPagePath": "x" * 5000}))
    assert message == 'app.json:1: entryPagePath: "%s..." is not in pages' % ("x" * 75)


def test_missing_files():
    _folder()
    assert _error(_load_app) == "app.json: not found"
    assert _error(manifest.load_app, "/ram/apps/nobody") == "app.json: not found"
    assert _error(manifest.load_app, _ROOT + "/a.py") == "app.json: not found"
    assert _load_page() == {}
    assert manifest.load_page(_ROOT, "pages/x/x") == {}


def test_folder_in_the_place_of_a_file():
    _folder()
    os.mkdir(_ROOT + "/app.json")
    assert _error(_load_app) == "app.json: a folder, not a file"


def test_flash_that_cannot_be_read():
    chip = _folder()
    _write("app.json", '{"pages": ["a"]}%s' % (" " * 2000))  # too much to be kept within its folder's block
    assert _load_app()
    chip.fail("read", errno.EIO, times=10000)
    assert _error(_load_app) == "app.json: cannot be read: EIO"


class _Sized:
    # A file system with one app.json of a given size, which takes no room.

    def __init__(self, size):
        self.size = size

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def stat(self, path):
        if path not in ("/app.json", "/a.py"):
            raise OSError(errno.ENOENT)
        return (0x8000, 0, 0, 0, 0, 0, self.size, 0, 0, 0)

    def open(self, path, mode):
        assert (path, mode) == ("/app.json", "rb")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def read(self, size):
        assert size == self.size
        text = b'{"pages": ["a"]}'
        return b"".join([text] + [b" " * 64] * 1023 + [b" " * 48])  # a sum would need twice the room


def test_file_of_64_kilobytes_is_read_and_a_larger_one_refused():
    vfs.mount(_Sized(65536), "/large")
    assert manifest.load_app("/large") == {"pages": ["a"]}
    vfs.umount("/large")
    vfs.mount(_Sized(65537), "/larger")
    assert _error(manifest.load_app, "/larger") == "app.json: larger than 64 KB"


def test_settings_without_kiosk_json():
    _folder()
    assert _load_settings() == {
        "appid": "shop-1",
        "name": "shop-1",
        "version": "0.0.0",
        "libVersion": "",
        "domains": {"request": [], "upload": [], "download": [], "socket": []},
        "urlCheck": True,
        "policies": {},
    }


def test_settings_keep_what_is_said_and_add_the_rest():
    _folder()
    _write("kiosk.json", '{"appid": "x", "urlCheck": false, "domains": {"socket": ["wss://a"]}}')
    settings = _load_settings()
    assert settings["domains"] == {"request": [], "upload": [], "download": [], "socket": ["wss://a"]}
    assert (settings["appid"], settings["name"], settings["urlCheck"]) == ("x", "x", False)
    assert len(settings) == 7


def test_servers_that_cannot_have_pins():
    _folder()
    wanted = 'the key must be "https://host" or "https://host:port", without wildcard or path'
    for origin in ("a", "http://a", "wss://a", "https://*.a", "https://a/", "https://a:0", "https://a:080", ""):
        _write("kiosk.json", json.dumps({"pins": {origin: [_PIN]}}))
        assert _error(manifest.load_settings, _ROOT) == "kiosk.json:1: pins.%s: %s" % (origin, wanted), origin
    for one, other in (("https://A", "https://a"), ("https://a", "https://a:443"), ("https://a:1", "https://A:1")):
        _write("kiosk.json", '{"pins": {"%s": ["%s"],\n"%s": ["%s"]}}' % (one, _PIN, other, _PIN))
        assert _error(manifest.load_settings, _ROOT).endswith(": the server has pins already"), one
    _write("kiosk.json", json.dumps({"pins": {"https://a": [_PIN], "https://a:1": [_PIN], "https://b": [_PIN]}}))
    assert len(_load_settings()["pins"]) == 3


def test_settings_are_nobody_elses():
    _folder()
    first = _load_settings()
    first["domains"]["request"].append("x")
    first["policies"]["x"] = 1
    second = _load_settings()
    assert second["domains"]["request"] == [] == second["domains"]["upload"]
    assert second["policies"] == {}


def test_appid_from_the_folder():
    _folder()
    assert manifest.load_settings(_ROOT + "/")["appid"] == "shop-1"
    os.chdir(_ROOT)
    assert manifest.load_settings(".")["appid"] == "shop-1"
    os.chdir("/")


def test_folder_whose_name_is_no_appid():
    _folder()
    why = 'appid: required: the folder\'s name, "%s", cannot stand in for it'
    os.mkdir("/ram/my app")
    assert _error(manifest.load_settings, "/ram/my app") == "kiosk.json: " + why % "my app"
    assert _error(manifest.load_settings, "/") == "kiosk.json: " + why % ""
    with open("/ram/my app/kiosk.json", "w") as file:
        file.write('\n{"version": "1"}')
    assert _error(manifest.load_settings, "/ram/my app/") == "kiosk.json:2: " + why % "my app"
    with open("/ram/my app/kiosk.json", "w") as file:
        file.write('{"appid": "mine"}')
    assert manifest.load_settings("/ram/my app")["appid"] == "mine"


def _warnings(load, *args):
    log.err = io.StringIO()
    load(*args)
    return log.err.getvalue()


def test_unknown_keys_are_one_warning_and_no_error():
    _folder()
    known = '{"pages": ["a"], "window": {"style": "v2"}}'
    _write("app.json", known)
    assert _warnings(_load_app) == ""
    _write(
        "app.json", known.replace('"v2"', '"v2", "foo%s": 1')[:-1] + ', "subpackages": [], "permission": {"camera": 1}}'
    )
    assert (
        _warnings(_load_app)
        == "warn manifest: app.json: unknown keys, ignored: subpackages, permission.camera, window.foo%s\n"
    )
    assert _load_app()["subpackages"] == []
    _write("kiosk.json", '{"apid": "x"}')
    assert _warnings(_load_settings) == "warn manifest: kiosk.json: unknown keys, ignored: apid\n"
    _write("pages/a/a.json", '{"pages": 1}')
    assert _warnings(_load_page) == "warn manifest: pages/a/a.json: unknown keys, ignored: pages\n"


def test_warning_has_an_end():
    _folder()
    _write_json("pages/a/a.json", {"foo%02d\n" % number: 0 for number in range(30)})
    warning = _warnings(_load_page)
    assert warning.count("foo") == 10 and warning.endswith(" and 20 more\n") and warning.count("\n") == 1, warning
