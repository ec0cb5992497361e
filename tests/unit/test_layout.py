"""Laying out on a board: how deep, how much memory, and how little after a change."""

import gc

from kiosk.ui import declarations
from kiosk.ui.layout import Layout
from kiosk.ui.node import Node, Text, pixels, position
from kiosk.ui.style import Sheet

_DEEPEST = 24  # what the compiler allows


def _element(parent, style="", tag="view"):
    node = Node(parent, (tag, ("style", declarations.parse(style)), (), (), (), 0))
    node.children = []
    if parent:
        parent.children.append(node)
    return node


def _text(parent, text):
    parent.children.append(Text(parent, text))
    return parent.children[-1]


def _layout(heard=None):
    def measure(text, font):
        if heard is not None:
            heard.append(text)
        return len(text) * font[0] // 2

    return Layout(Sheet((), 320, 240), measure, lambda font: (12, 4))


def _nested(style):
    root = node = _element(None, tag="page")
    for _ in range(_DEEPEST - 1):
        node = _element(node, style)
    return root, _text(_element(node, style), "deep")


def test_the_deepest_blocks_fit_on_the_stack():
    root, text = _nested("padding: 1px")
    _layout().page(root)
    assert pixels(text) == (24, 24, 32, 16)


def test_the_deepest_flexboxes_fit_on_the_stack():
    for direction in ("row", "column"):
        root, text = _nested("display: flex; padding: 1px; flex: none; flex-direction: " + direction)
        _layout().page(root)
        assert pixels(text) == (24, 24, 32, 16), direction


def test_flexboxes_that_stretch_in_each_other_are_not_laid_out_over_and_over():
    # Each level lays out its items once to see how high they are, and once more as high as they become.
    class Count:
        """Counts what it is told."""

        total = 0

        def append(self, text):
            self.total += 1

    for direction in ("row", "column"):
        heard = Count()
        root = node = _element(None, tag="page")
        for level in range(_DEEPEST - 1):
            style = "display: flex; flex: 1; align-self: stretch; flex-direction: " + direction
            node = _element(node, style + ("; height: 200px" if not level else ""))
            _element(node, "height: 230px; width: 1px; flex-shrink: 0")
        _text(node, "x")
        _layout(heard).page(root)
        assert heard.total < 40 * _DEEPEST, heard.total


def test_a_change_of_text_lays_out_its_own_block_only():
    heard = []
    layout = _layout(heard)
    root = _element(None, tag="page")
    _text(_element(root), "above")
    block = _element(root)
    text = _text(block, "5")
    _text(_element(root), "below")
    layout.page(root)
    heard.clear()
    text.text = "66"
    assert layout.again(text) is block
    assert set(heard) == {"66"}, heard
    assert pixels(text) == (0, 16, 16, 16)


def test_a_change_that_moves_others_lays_out_those_too():
    layout = _layout()
    root = _element(None, tag="page")
    block = _element(root, "width: 40px")
    text = _text(block, "one")
    below = _element(root, "height: 5px")
    layout.page(root)
    assert pixels(below)[1] == 16
    text.text = "one two"
    assert layout.again(text) is root
    assert pixels(below)[1] == 32
    assert text.lines == (0, 3, 0, 0, 24 << 6, 4, 7, 0, 16 << 6, 24 << 6), text.lines


def test_lines_break_where_they_may():
    for text, style, lines in (
        ("one two three", "", ["one two", "three"]),
        ("well-known fact", "", ["well-", "known", "fact"]),
        ("\u6c49\u5b57\u6c49\u5b57\uff0c\u597d", "", ["\u6c49\u5b57\u6c49\u5b57\uff0c\u597d"]),
        ("\u6c49\u5b57" * 5, "", ["\u6c49\u5b57" * 3 + "\u6c49", "\u5b57\u6c49\u5b57"]),
        (
            "\u6c49\u5b57\u6c49\u5b57\u6c49\u5b57\u6c49\uff0c\u597d",
            "",
            ["\u6c49\u5b57\u6c49\u5b57\u6c49\u5b57", "\u6c49\uff0c\u597d"],
        ),
        ("unbreakable", "", ["unbreakable"]),
        ("unbreakable", "word-break: break-all", ["unbreak", "able"]),
        ("one two three", "white-space: nowrap", ["one two three"]),
        ("a\nb", "white-space: pre-line", ["a", "b"]),
        ("  a   ", "", ["a"]),
        ("", "", []),
    ):
        root = _element(None, tag="page")
        node = _text(_element(root, "width: 60px;" + style), text)
        _layout().page(root)
        flat = node.lines or ((0, len(text)) + (0,) * 3 if node.w >= 0 else ())
        found = [text[flat[at] : flat[at + 1]] for at in range(0, len(flat), 5)]
        assert found == lines, (text, style, found)


def test_what_has_scrolled_moves_what_is_in_it():
    root = _element(None, tag="page")
    box = _element(root, "height: 50px; margin-top: 10px", "scroll-view")
    inner = _element(box, "height: 200px; margin: 5px")
    fixed = _element(inner, "position: fixed; top: 1px; left: 2px; width: 3px; height: 4px")
    _layout().page(root)
    assert pixels(inner) == (5, 15, 310, 200)
    box.scroll = (0, 20)
    assert position(inner) == (5 << 6, -5 << 6)
    assert pixels(fixed) == (2, 1, 3, 4)


def test_laying_out_again_holds_no_more():
    root = _element(None, tag="page")
    for number in range(20):
        row = _element(root, "display: flex; padding: 2px")
        _text(_element(row, "flex: 1"), "row %d" % number)
        _text(_element(row), str(number))
    layout = _layout()
    layout.page(root)
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(5):
        layout.page(root)
    gc.collect()
    assert gc.mem_alloc() - before < 256, gc.mem_alloc() - before
