"""Building a page from its template, and which nodes setData touches."""

import gc

from kiosk.ui import expression as x
from kiosk.ui.update import CALL, CONTENT, FOR, IF, STYLE, TEXT, VALUE, Tree

_NODES = (
    ("view", ("class", "a"), ("id", 0, 1), (), ((TEXT, 1, 2),), 3),
    (IF, ((2, ("yes",)), (3, ("maybe",)), (-1, ("no",))), 4),
    (FOR, 4, 5, "list", "item", "index", "id", (("row", (), ("name", 5, 6), (), ((TEXT, 6, 7),), 8),), 9),
    (CALL, 0, -1, 7, 10),
)
_CODES = (
    lambda d, v: x.member(d, "id"),
    lambda d, v: x.joined("Hello ", x.member(d, "name")),
    lambda d, v: x.member(d, "on"),
    lambda d, v: x.member(d, "or"),
    lambda d, v: x.member(d, "list"),
    lambda d, v: x.member(v[0], "name"),
    lambda d, v: v[1],
    lambda d, v: {"t": x.member(d, "title")},
    lambda d, v: x.member(d, "t"),
)


class Module:
    """What the compiler would make of a page."""

    NODES = _NODES
    TEMPLATES = ((("deep", (), (), (), ((TEXT, 8, 11),), 11),),)
    READS = (
        (), ("id",), ("name",), ("id", "name"), ("on", "or"), ("list",), ("item.name",), ("index",), ("index", "item.name"),
        ("list",), ("title",), ("t",),
    )  # fmt: skip

    @staticmethod
    def value(number, d, v):
        return _CODES[number](d, v)


def _tree(data):
    heard = []
    tree = Tree(Module, data, lambda node, what: heard.append((_text(node), what)))
    return tree, heard


def _text(node):
    """All the text in a node, its attributes in front."""
    if node.tag == "#text":
        return node.text
    return "<%s>" % node.tag + "".join([_text(child) for child in node.children])


def _data():
    return {"name": "you", "id": "i", "on": 0, "title": "T", "list": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]}


def test_a_page_is_built():
    tree, heard = _tree(_data())
    assert _text(tree.root) == "<page><view>Hello youno<row>0<row>1<deep>T", _text(tree.root)
    assert tree.root.children[0].get("id") == "i"
    assert tree.root.children[0].get("class") == "a"
    assert tree.root.children[2].get("name") == "a"
    assert not heard


def test_only_what_reads_a_path_hears_of_it():
    data = _data()
    tree, heard = _tree(data)
    data["name"] = "me"
    tree.update(["name"])
    assert heard == [("Hello me", CONTENT)], heard
    heard.clear()
    tree.update(["name"])  # the same again
    data["other"] = 5
    tree.update(["other", "other.b[3].c"])
    assert heard == [], heard
    data["id"] = "j"
    tree.update(["id"])
    assert heard == [("<view>Hello me", STYLE)], heard


def test_one_row_of_a_list_is_changed_by_its_path():
    data = _data()
    tree, heard = _tree(data)
    rows = tree.root.children[2:4]
    data["list"][1]["name"] = "c"
    evaluated = []
    value = Module.value
    Module.value = staticmethod(lambda number, d, v: evaluated.append(number) or value(number, d, v))
    tree.update(["list[1].name"])
    assert evaluated == [4, 5], evaluated  # the list, and the name of one row
    assert heard == [("<row>1", VALUE)], heard
    assert tree.root.children[2:4] == rows
    assert rows[1].get("name") == "c"


def test_rows_are_kept_by_their_keys():
    data = _data()
    tree, heard = _tree(data)
    first, second = tree.root.children[2:4]
    data["list"] = [{"id": 3, "name": "new"}, {"id": 2, "name": "b"}, {"id": 1, "name": "a"}]
    tree.update(["list"])
    new, kept, last = tree.root.children[2:5]
    assert (kept, last) == (second, first)
    assert new.get("name") == "new"
    assert heard == [("2", CONTENT), (_text(tree.root), CONTENT)], heard
    heard.clear()
    data["list"].pop(1)
    tree.update(["list"])
    assert tree.root.children[2:4] == [new, first]
    data["list"] = None
    tree.update(["list"])
    assert _text(tree.root) == "<page><view>Hello youno<deep>T"


def test_a_list_grows_at_its_end_by_a_path():
    data = _data()
    tree, heard = _tree(data)
    rows = tree.root.children[2:4]
    data["list"].append({"id": 5, "name": "e"})
    tree.update(["list[2]"])
    assert tree.root.children[2:4] == rows
    assert tree.root.children[4].get("name") == "e"
    assert heard == [(_text(tree.root), CONTENT)], heard


def test_keys_that_are_not_unique_lose_no_row():
    data = _data()
    tree, heard = _tree(data)
    data["list"] = [{"id": 1, "name": str(n)} for n in range(4)]
    tree.update(["list"])
    assert [each.get("name") for each in tree.root.children[2:6]] == ["0", "1", "2", "3"]
    data["list"].reverse()
    tree.update(["list"])
    assert [each.get("name") for each in tree.root.children[2:6]] == ["3", "2", "1", "0"]


def test_the_branches_of_a_condition():
    data = _data()
    tree, heard = _tree(data)
    for on, other, shown in ((1, 0, "yes"), (0, 1, "maybe"), (0, 0, "no"), (1, 1, "yes")):
        data["on"], data["or"] = on, other
        tree.update(["on", "or"])
        assert tree.root.children[1].text == shown
        assert heard == [(_text(tree.root), CONTENT)], heard
        heard.clear()
    data["on"] = 2  # as true as before
    tree.update(["on"])
    assert heard == []


def test_a_template_hears_of_its_data():
    data = _data()
    tree, heard = _tree(data)
    data["title"] = "U"
    tree.update(["title"])
    assert heard == [("U", CONTENT)], heard
    data["t"] = "V"  # of the page, and so none of the template's
    tree.update(["t"])
    assert _text(tree.root.children[-1]) == "<deep>U"


def test_a_list_that_is_changed_in_place_counts_as_changed():
    data = {"id": ["a"], "list": []}
    tree, heard = _tree(data)
    data["id"].append("b")
    tree.update(["id"])
    assert len(heard) == 1, heard


def test_a_name_that_calls_itself_ends():
    class Round(Module):
        """A template whose name is computed, and is its own."""

        NODES = ((CALL, ("t", 0), 0, -1, 1),)
        TEMPLATES = (("x", (CALL, ("t", 0), 0, -1, 1)),)

        @staticmethod
        def value(number, d, v):
            return "t"

    assert _text(Tree(Round, {}).root) == "<page>xxxxxxxx"


def test_there_is_room_for_so_many_rows():
    left = [3]

    def room():
        left[0] -= 1
        return left[0] >= 0

    tree = Tree(Module, {"list": [{"id": n, "name": "r"} for n in range(1000)]}, None, room)
    assert len(tree.root.children) == 3 + 4 * 8 - 1, len(tree.root.children)


def test_building_needs_no_stack_however_deep():
    template = ("leaf",)
    for _ in range(500):
        template = (("view", (), (), (), template, 0),)

    class Deep(Module):
        """500 elements in each other."""

        NODES = template

    node, depth = Tree(Deep, {}).root, 0
    while node.children:
        node, depth = node.children[0], depth + 1
    assert (depth, node.text) == (501, "leaf")


def test_a_closed_page_leaves_nothing():
    data = _data()
    Tree(Module, data).close()
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(50):
        tree = Tree(Module, data)
        data["on"] = not data["on"]
        tree.update(["on", "list"])
        tree.close()
        tree = None
    gc.collect()
    assert gc.mem_alloc() - before < 256, gc.mem_alloc() - before
