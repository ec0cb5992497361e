"""The house's rules that a machine can see: who imports whom, and which error names exist."""

import ast

import pytest

from host_tools.paths import ROOT

# folder -> modules (first part of the name) that nothing in it may import
FORBIDDEN = {
    "firmware/wx": {"board", "machine", "drivers", "host_tools", "network", "socket", "flashfile"},
    "firmware/kiosk": {"wx", "machine", "drivers", "host_tools", "network", "flashfile"},
    "firmware/requests": {"wx", "board", "machine", "drivers", "host_tools", "network", "flashfile"},
    "firmware/uwebsockets": {"wx", "board", "machine", "drivers", "host_tools", "network", "socket", "flashfile"},
    "host_tools": {"firmware", "kiosk", "wx", "board"},
}
# The loader hands `wx` to a mini-program, the console calls it by name, and pages and components have a method that is one of
# its functions: doors, each in one place.
DOORS = {
    ("firmware/kiosk/loader.py", "wx"),
    ("firmware/kiosk/console/remote.py", "wx"),
    ("firmware/kiosk/pagemethods.py", "wx"),
}


def sources(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "templates" not in path.parts)


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("folder", sorted(FORBIDDEN))
def test_nobody_imports_past_the_next_room(folder):
    found = sources(folder)
    assert found
    for path in found:
        name = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        wrong = {module for module in imported(tree) if module in FORBIDDEN[folder]}
        assert not {module for module in wrong if (name, module) not in DOORS}, name


def test_every_raised_error_is_a_row_of_the_table():
    table = ast.parse((ROOT / "firmware/kiosk/errors.py").read_text(encoding="utf-8"))
    rows = next(node.value for node in table.body if isinstance(node, ast.Assign) and node.targets[0].id == "_TABLE")
    names = {row.elts[0].value for row in rows.elts}
    used = set()
    for path in sources("firmware"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.args[:1] and node.args[0], ast.Constant):
                continue
            if getattr(node.func, "attr", getattr(node.func, "id", "")) == "KioskError":
                used.add(node.args[0].value)
                assert node.args[0].value in names, f"{path.name}:{node.lineno}"
    assert len(used) > 5


def test_every_public_name_of_the_device_has_a_docstring():
    for path in sources("firmware"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.name[0] != "_":
                assert ast.get_docstring(node), f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}"


def test_every_chapter_answers_for_the_names_it_lists():
    source = ast.parse((ROOT / "firmware/wx/__init__.py").read_text(encoding="utf-8"))
    value = next(
        node.value for node in source.body if isinstance(node, ast.Assign) and node.targets[0].id == "CHAPTERS"
    )
    chapters = eval(compile(ast.Expression(value), "CHAPTERS", "eval"))  # tuples of strings, some of them added up
    for chapter, names in chapters:
        tree = ast.parse((ROOT / f"firmware/wx/{chapter}.py").read_text(encoding="utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        defined |= {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets}
        assert set(names) <= defined, chapter
        public = {name for name in defined if name[0] != "_" and not name.isupper()}
        assert public <= set(names), f"{chapter}: not in the table of wx: {public - set(names)}"
