"""What the nodes of a page take, where an address has 32 bits; on 64 bits it is about twice that."""

import gc
import sys

from kiosk.ui.node import Node, Text

_COUNT = 200
_TEMPLATE = ("view", (), (), (), (), 0)


def _bytes_each(make):
    made = [None] * _COUNT
    gc.collect()
    before = gc.mem_alloc()
    for number in range(_COUNT):
        made[number] = make()
    gc.collect()
    return (gc.mem_alloc() - before) / _COUNT


def _element():
    node = Node(None, _TEMPLATE)
    node.style = _TEMPLATE  # something that is there anyway
    return node


def _parent():
    node = _element()
    node.children = node.parts = [None]
    return node


def _lines():
    text = Text(None, "abc")
    text.lines = _TEMPLATE
    return text


def test_what_nodes_take():
    # The collector takes a number on the stack for an address now and then, hence a byte or two more.
    limit = 1 if sys.maxsize < 1 << 32 else 2
    for make, most in ((_element, 80), (_parent, 128), (lambda: Text(None, "abc"), 64), (_lines, 80)):
        found = _bytes_each(make)
        assert 0.8 * most < found <= (most + 2) * limit, (most, found)
