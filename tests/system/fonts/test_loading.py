"""wx.loadFontFace on a page that is seen: from a server, on text that is there already, and its end."""

import ast
import functools
import http.server
import threading
import time

import pytest

from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.paths import BUILD
from tests.fakes import tinyfont
from tests.system.screen.conftest import display_at, wire  # noqa: F401  a fixture

PATIENCE_S = 300
OPEN_SANS = BUILD / "sources" / "fonts" / "OpenSans-Bold.ttf"
_PAGES = {
    "app.json": '{"pages": ["pages/one/one", "pages/two/two"], "window": {"navigationStyle": "custom"}}',
    "kiosk.json": '{"appid": "fonts", "name": "Fonts", "urlCheck": false}',
    "app.py": "App({})\n",
    "pages/one/one.wxml": "<view><text class='own'>AAA</text></view><view class='other'>plain</view>\n",
    "pages/one/one.wxss": ".own { font-family: 'Own', sans-serif; font-size: 40px; color: #ff0000 }\n",
    "pages/two/two.wxml": "<view class='own'>A</view>\n",
    "pages/two/two.wxss": ".own { font-family: Own; font-size: 40px; color: #ff0000 }\n",
}
_PAGE = """
@Page
class Any:
    data = {}
"""


class _Handler(http.server.BaseHTTPRequestHandler):
    def __init__(self, fonts, *args):
        self._fonts = fonts
        super().__init__(*args)

    def do_GET(self):
        data = self._fonts.get(self.path)
        self.send_response(200 if data else 404)
        self.send_header("Content-Length", str(len(data or b"")))
        self.end_headers()
        self.wfile.write(data or b"")

    def log_message(self, *_):
        """Nothing."""


@pytest.fixture
def server():
    """(address, fonts by their path) of a server on this machine."""
    fonts = {"/squares.ttf": tinyfont.build(), "/sans.ttf": OPEN_SANS.read_bytes()}
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Handler, fonts))
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}", fonts
    made.shutdown()
    made.server_close()


class _Board:
    """A board that shows the first page."""

    def __init__(self, target, glass):
        self.target, self.glass = target, glass

    def ask(self, code):
        """What the last line of the code is."""
        *before, last = code.strip().splitlines()
        return ast.literal_eval(self.target.exec("\n".join([*before, f"print(repr({last}))"]), timeout_s=90))

    def load(self, **options):
        """The answer of wx.loadFontFace."""
        code = f"""
import kiosk, wx
async def load(options):
    try:
        answer = await wx.loadFontFace(options)
    except wx.Error as exc:
        answer = exc.result
    return {{name: answer[name] for name in answer}}
kiosk.run(load({options!r}))
"""
        return ast.literal_eval(self.target.exec(code, timeout_s=90).splitlines()[-1])

    def temporary(self):
        """The mini-program's temporary files."""
        tmp = "board.data_folder + '/fonts/tmp'"
        return self.ask(
            f"import board\nfrom kiosk.files import tree\nimport os\nos.listdir({tmp}) if tree.look({tmp}) else []"
        )

    def red(self):
        """The rectangles' size and number of what is drawn in pure red: (left, top, right, bottom, pixels), once it is still."""
        end = time.monotonic() + PATIENCE_S
        before = None
        while time.monotonic() < end:
            self.target.wait(50)
            image = self.glass.image()
            if image.tobytes() == before:
                break
            before = image.tobytes()
        places = [
            (x, y) for y in range(image.height) for x in range(image.width) if image.getpixel((x, y)) == (255, 0, 0)
        ]
        if not places:
            return None
        xs, ys = [x for x, _ in places], [y for _, y in places]
        return min(xs), min(ys), max(xs) + 1, max(ys) + 1, len(places)


@pytest.fixture(params=["unix", "unix32"])
def board(request, wire, tmp_path):  # noqa: F811
    """A board with the two pages, on both builds of the emulator, one with a board's heap."""
    folder = tmp_path / "app"
    for name, text in _PAGES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for name in ("one", "two"):
        (folder / f"pages/{name}/{name}.py").write_text(_PAGE)
    glass = St7789(turns=1)
    appid = pack_folder(folder, tmp_path / "packed")
    target = wire(request.param, [display_at(glass)], apps={appid: tmp_path / "packed"})
    assert target.launch(appid)["errMsg"] == "launch:ok"
    return _Board(target, glass)


def test_status_and_the_text_that_was_there(board, server):
    """Rule 21, and that a page is laid out and painted anew."""
    address, _ = server
    before = board.red()
    assert before and before[2] < 100
    answer = board.load(family="Own", source=f'url("{address}/squares.ttf")')
    assert answer == {"status": "loaded", "errMsg": "loadFontFace:ok"}
    # Three squares of 32 pixels, 40 apart, above the baseline: the text is wider now, and the next line lower or not.
    assert board.red() == (4, 0, 116, 32, 3 * 32 * 32)
    answer = board.load(family="Own", source=f'url("{address}/nothing.ttf")')
    assert answer["status"] == "error" and answer["errMsg"] == "loadFontFace:fail statusCode 404"
    assert board.red() == (4, 0, 116, 32, 3 * 32 * 32)  # what was loaded stays
    answer = board.load(family="Own", source=f'url("{address}/sans.ttf")', desc={"weight": "bold"})
    assert answer["status"] == "loaded" and board.red() == (4, 0, 116, 32, 3 * 32 * 32)  # the text is not bold
    assert board.load(family="Own", source=f'url("{address}/sans.ttf")')["status"] == "loaded"
    drawn = board.red()
    assert drawn != before and drawn[2] < 100


def test_a_font_goes_with_its_page_or_with_the_mini_program(board, server):
    address, _ = server
    before = board.red()
    board.target.exec("import wx\nwx.navigateTo(url='/pages/two/two')")
    board.red()
    assert board.load(family="Own", source=f'url("{address}/squares.ttf")')["status"] == "loaded"
    assert board.red() == (4, 0, 36, 32, 32 * 32)
    board.target.exec("wx.navigateBack()")
    assert board.red() == before
    board.target.exec("wx.navigateTo(url='/pages/two/two')")
    board.red()
    options = {"family": "Own", "source": f'url("{address}/squares.ttf")', "global": True}
    assert board.load(**options)["status"] == "loaded"
    board.target.exec("wx.navigateBack()")
    assert board.red() == (4, 0, 116, 32, 3 * 32 * 32)
    assert len(board.temporary()) == 1
    board.target.stop()
    assert board.temporary() == []
    board.target.launch("fonts")
    assert board.red() == before


def test_a_font_that_the_flash_has_no_room_for(board, server):
    address, fonts = server
    fonts["/large.ttf"] = tinyfont.build(zzzz=bytes(17 << 20))
    before = board.red()
    answer = board.load(family="Own", source=f'url("{address}/large.ttf")')
    assert (answer["status"], answer["errno"]) == ("error", 603300)
    assert board.temporary() == [] and board.red() == before


def test_only_servers_of_the_list(board, server):
    address, _ = server
    board.target.exec("from kiosk import app\napp.current.settings['urlCheck'] = True")
    answer = board.load(family="Own", source=f'url("{address}/squares.ttf")')
    assert (answer["status"], answer["errno"]) == ("error", 600002)
