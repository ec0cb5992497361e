"""Fixtures: a kiosk whose mini-program opens documents of its package."""

import pytest

from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from tests.system.documents import officefiles
from tests.system.screen.conftest import ask, display_at, touch_at, wire  # noqa: F401  a fixture
from tests.system.screen.test_pages import Kiosk

MAKERS = {
    "book.docx": officefiles.word,
    "book.xlsx": officefiles.workbook,
    "book.pptx": officefiles.slides,
    "book.txt": officefiles.text,
    "book.pdf": officefiles.pdf,
    "long.docx": officefiles.long_word,
}
WXML = '<view style="height: 60px; background: #07c160; color: #fff" bindtap="tapped">Hello 你好</view>'
SCRIPT = """
taps = []


@Page
class Index:
    def tapped(self, event):
        taps.append(1)
"""


class Reader(Kiosk):
    """A board with a mini-program that has documents in its package."""

    def open(self, name, **options):
        """Call openDocument; its errMsg."""
        self.target.exec(
            f"answers = []\nwx.openDocument(dict({dict(options, filePath=name)!r}, complete=answers.append))"
        )
        assert self.shows(lambda _: ask(self.target, "len(answers)") > 0)
        return ask(self.target, "answers[0]")["errMsg"]

    def page(self, what):
        """Something of the page that shows the document."""
        return ask(self.target, f"__import__('kiosk').ui.screen.layers.shown[-1].{what}")

    def touch(self, *places):
        """A finger at these places, one after the other, each of which is noticed."""
        down = "[(finger.x, finger.y) for finger in __import__('kiosk').ui.screen._fingers._down]"
        for place in places:
            self.fingers.press(*place)
            assert self.shows(lambda _, place=place: ask(self.target, down) == [place])
        self.fingers.release()
        assert self.shows(lambda _: ask(self.target, down) == [])


@pytest.fixture
def reader(wire, tmp_path):  # noqa: F811
    """Start one: `reader("unix", "book.docx", ...)`."""

    def start(name, *documents, **files):
        source = tmp_path / "source"
        (source / "pages" / "index").mkdir(parents=True)
        (source / "app.json").write_text('{"pages": ["pages/index/index"], "window": {"navigationStyle": "custom"}}')
        (source / "kiosk.json").write_text('{"appid": "test", "name": "咖啡店"}')
        (source / "pages" / "index" / "index.py").write_text(SCRIPT)
        (source / "pages" / "index" / "index.wxml").write_text(WXML)
        for document in documents:
            MAKERS[document](source / document)
        for file, data in files.items():
            (source / file.replace("_", ".")).write_bytes(data)
        pack_folder(source, tmp_path / "test")
        glass, fingers = St7789(turns=1), Ft6x36(turns=1)
        target = wire(name, [display_at(glass), touch_at(fingers)], apps={"test": tmp_path / "test"})
        assert target.launch("test")["errMsg"] == "launch:ok"
        return Reader(target, glass, fingers)

    return start
