"""Heap of a page of 40 nodes

On a board's heap and display (32 bits, 190 KB): what it holds, what its screen holds, and what 1,000 of them leave.
"""

import json
import time
from pathlib import Path

from host_tools.models.st7789 import St7789
from host_tools.package.pack import pack_folder
from host_tools.target import open_target
from tests.bench.table import Row
from tests.system.pages.test_memory import FILES, PAGE_HEAP_BYTES
from tests.system.screen.conftest import display_at

HEAP_BYTES = 190 * 1024
ROUNDS = 1000
_PATIENCE_S = 900
PROGRAM = {
    **FILES,
    "app.json": json.dumps({"pages": ["pages/index/index", "pages/rows/rows", "pages/one/one"]}),
    "pages/one/one.py": "@Page\nclass One:\n    data = {}\n",
    "pages/one/one.wxml": "<view>one</view>",
}
# What is there once all that was drawn for is gone: a board's stack keeps traces.
_USED = """
import gc, sys
from kiosk import router, ui
def used():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()
"""
# Each part is let go of in turn, and what that gives back is its size.
_PARTS = (
    _USED
    + """
from kiosk.ui import markup
from kiosk.ui.items import items
from kiosk.ui.paint.painter import Painter
from time import sleep_ms
def nodes():
    waiting = [view.tree.root]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.children)
        yield node
def drop_looks():
    for node in nodes():
        if node.style:
            node.style.look = None
def drop_styles():
    for node in nodes():
        if not node.is_text:
            node.style = None
def drop_nodes():
    view.tree.root.children = view.tree.root.parts = ()
def drop_module():
    view._module = view.tree._module = None
    view._sheet._rules_lists = ()
    markup.forget(page.route)
page = router.stack[-1]
view = ui.screen.views[page]
found = None
def let_go():
    sizes = {}
    before = used()
    global found
    found = Painter()
    sizes["strips"] = used() - before
    found = items(view.tree.root, (0, 0, 320, 240), ui.screen._face)
    sizes["items"] = used() - before
    found = None
    before = used()
    for name, drop in (("looks", drop_looks), ("styles", drop_styles), ("nodes", drop_nodes), ("markup", drop_module)):
        drop()
        after = used()
        sizes[name] = before - after
        before = after
    return sizes
print(let_go())
del page, view, found
"""
)


class Program:
    """The mini-program on a board's heap with a display: what it holds, page by page."""

    def __init__(self, target, glass):
        self.target, self.glass = target, glass

    def used(self) -> int:
        """Bytes of heap in use once nothing is painted any more."""
        end = time.monotonic() + _PATIENCE_S
        while self.ask(_USED + "print(int(getattr(ui.screen, 'is_painting', False)))"):
            if time.monotonic() > end:
                raise RuntimeError("it is painted for ever")
        return min(self.ask(_USED + "print(used())") for _ in range(3))

    def ask(self, code: str):
        """What the code prints, as a value."""
        return json.loads(self.target.exec(code, timeout_s=_PATIENCE_S).replace("'", '"'))

    def go(self, name: str) -> None:
        """navigateTo a page."""
        self.target.call("navigateTo", {"url": f"/pages/{name}/{name}"})

    def back(self) -> None:
        """navigateBack."""
        self.target.call("navigateBack")

    def rounds(self, count: int) -> int:
        """Bytes that stay when the page of 40 nodes has been opened, painted and closed so many times."""
        for _ in range(2):
            self._round()
        before = self.used()
        for _ in range(count):
            self._round()
        return self.used() - before

    def _round(self):
        before = self.glass.pixels
        self.go("rows")
        end = time.monotonic() + _PATIENCE_S
        while self.glass.pixels < before + self.glass.width * self.glass.height:
            if time.monotonic() > end:
                raise RuntimeError("it is not painted")
            time.sleep(0.002)
        self.back()


def open_program(scratch: Path, **settings):
    """(target, display) of a board with the mini-program installed: a context manager's first half; close the target."""
    for path, text in PROGRAM.items():
        (scratch / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (scratch / "source" / path).write_text(text, encoding="utf-8")
    appid = pack_folder(scratch / "source", scratch / "packed")
    glass = St7789(turns=1)
    target = open_target(
        "unix", chips=[display_at(glass)], apps={appid: scratch / "packed"}, heap=HEAP_BYTES, **settings
    )
    target.exec("import board")
    target.launch(appid)
    return target, glass


def rows(scratch: Path):
    """The figures of this bench."""
    folder = scratch / "pageheap"
    with open(scratch / "pageheap.txt", "w", encoding="utf-8") as output:
        target, glass = open_program(folder, output=output, errors=output)
        with target:
            program = Program(target, glass)
            idle = program.used()
            program.go("one")
            program.back()
            screen = program.used() - idle
            program.go("rows")
            program.back()
            before = program.used()
            program.go("rows")
            page = program.used() - before
            parts = program.ask(_PARTS)
            program.back()
            left = program.rounds(ROUNDS)
            if glass.faults:
                raise RuntimeError(str(glass.faults))
    strips, items = parts.pop("strips"), parts.pop("items")
    parts["view and data"] = page - sum(parts.values())
    apart = ", ".join(f"{name} {size:,}" for name, size in parts.items())
    yield Row("heap of a page of 40 nodes with the strips that it is painted in, 32 bits", page + strips, "bytes",
              PAGE_HEAP_BYTES, peer=f"the page {page:,} ({apart}), the strips {strips:,}; items while it is painted: {items:,}")  # fmt: skip
    yield Row(
        "heap of the screen, pages or not, 32 bits", screen, "bytes", peer="modules, loops in machine code, strips"
    )
    yield Row(f"left by {ROUNDS:,} rounds of navigateTo and navigateBack, 32 bits", left, "bytes", 512)
