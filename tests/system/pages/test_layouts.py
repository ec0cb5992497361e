"""The layout of pages beside Chromium's: every box and every text at most 1 px apart."""

import json
import subprocess

import pytest

from host_tools.compiler.app import compile_app
from host_tools.paths import unix_image
from tests.system.pages import browser
from tests.system.pages.layouts import LAYOUTS

WIDTH, HEIGHT = 375, 400
SCRIPT = """
import json, sys
from kiosk.ui import layout, style, update
sys.path.append(sys.argv[1])
with open(sys.argv[2]) as file:
    fonts = json.load(file)
def font(of):
    return fonts["%d %s" % (of[0], "true" if of[1] else "false")]
def boxes(node, x, y):
    if node.style and node.style.values.get("position") == "fixed":
        x = y = 0
    x, y = x + node.x, y + node.y
    inside = [boxes(child, x, y) for child in node.children if child.w >= 0]
    return [getattr(node, "text", None) or node.tag, [x / 64, y / 64, node.w / 64, node.h / 64], inside]
import index_wxml
tree = update.Tree(index_wxml, {})
sheet = style.Sheet((index_wxml.RULES,), 375, 400)
width = lambda text, of: sum([font(of)["widths"][each] for each in text])
layout.Layout(sheet, width, lambda of: font(of)["line"]).page(tree.root)
print(json.dumps(boxes(tree.root, 0, 0)))
"""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """What Chromium makes of all of them, in one run."""
    return browser.measure(LAYOUTS, tmp_path_factory.mktemp("browser"), WIDTH, HEIGHT)


def ours(name, fonts, folder):
    style, markup = LAYOUTS[name]
    (folder / "app.json").write_text('{"pages": ["index"]}')
    (folder / "index.wxml").write_text(markup)
    (folder / "index.wxss").write_text(style)
    modules, warnings = compile_app(folder)
    assert not warnings
    (folder / "index_wxml.py").write_text(modules["index_wxml.py"][0])
    (folder / "fonts.json").write_text(json.dumps(fonts))
    (folder / "script.py").write_text(SCRIPT)
    command = [unix_image(), folder / "script.py", folder, folder / "fonts.json"]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def apart(ours, theirs, path=""):
    """Lines about the boxes that differ by more than 1 px."""
    name, box, inside = ours
    their_name, their_box, their_inside = theirs
    path = f"{path} > {name}"
    if [each[0] for each in inside] != [each[0] for each in their_inside] or name != their_name:
        yield f"{path}: {[each[0] for each in inside]} where Chromium has {[each[0] for each in their_inside]}"
        return
    if max(abs(mine - other) for mine, other in zip(box, their_box)) > 1:
        yield f"{path}: {[round(each, 2) for each in box]}, Chromium {[round(each, 2) for each in their_box]}"
    for child, their_child in zip(inside, their_inside):
        yield from apart(child, their_child, path)


@pytest.mark.emulator("the arithmetic is the same everywhere")
@pytest.mark.parametrize("name", LAYOUTS)
def test_boxes_are_where_chromium_has_them(name, chromium, tmp_path):
    theirs = chromium["pages"][name]
    differences = list(apart(ours(name, chromium["fonts"], tmp_path), theirs))
    assert not differences, "\n".join(differences)
    assert theirs[2], "nothing was compared"
