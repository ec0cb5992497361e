"""The path keys of setData."""

from kiosk import datapath


def _assigned(data, path, value):
    datapath.assign(data, path, value)
    return data


def test_paths_are_split_into_names_and_indexes():
    for path, keys in (
        ("a", ["a"]),
        ("a.b.c", ["a", "b", "c"]),
        ("list[0].name", ["list", 0, "name"]),
        ("grid[2][10]", ["grid", 2, 10]),
        ("文字[1]", ["文字", 1]),
    ):
        assert datapath.parse(path) == keys, path


def test_what_is_no_path_is_refused():
    for path in ("", ".", "a.", ".a", "[0]", "a[", "a[]", "a[x]", "a[-1]", "a[0", "a[0]b", "a..b", "a[0]]"):
        try:
            datapath.parse(path)
        except ValueError:
            continue
        raise AssertionError(path)


def test_assign_changes_only_what_the_path_names():
    assert _assigned({"list": [{"name": "x", "n": 1}]}, "list[0].name", "y") == {"list": [{"name": "y", "n": 1}]}
    assert _assigned({"a": 1}, "b", 2) == {"a": 1, "b": 2}


def test_missing_parts_are_made():
    assert _assigned({}, "a.b[2].c", 1) == {"a": {"b": [None, None, {"c": 1}]}}
    assert _assigned({"a": 5}, "a.b", 1) == {"a": {"b": 1}}
    assert _assigned({"a": {"x": 1}}, "a[0]", 1) == {"a": [1]}
    assert _assigned({"a": [1]}, "a[3]", 4) == {"a": [1, None, None, 4]}


def test_copy_shares_nothing():
    original = {"a": [1, {"b": 2}], "c": (1, 2)}
    copied = datapath.copy(original)
    assert copied == {"a": [1, {"b": 2}], "c": [1, 2]}
    copied["a"][1]["b"] = 3
    assert original["a"][1]["b"] == 2
