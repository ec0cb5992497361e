"""All pages and components of a mini-program: what `kiosk pack` puts in the place of its WXML and WXSS."""

import json
from pathlib import Path
from typing import Dict, List, Optional, Set, Tuple

from host_tools.compiler.custom import Component, Components, check_ends
from host_tools.compiler.page import PageCompiler
from host_tools.compiler.source import CompileError, Folder
from host_tools.compiler.values import Declarations
from host_tools.compiler.wxss import Sheet


def compile_app(root: Path) -> Tuple[Dict[str, Tuple[str, str]], List[str]]:
    """
    Compile the markup in a mini-program's folder.

    Returns (modules, warnings): modules maps the path of a Python file, like `pages/index/index_wxml.py`, to its source
    and the name of the file that it was made from.  CompileError says file, line and column of what is wrong.
    """
    folder = Folder(root)
    declarations = Declarations(folder)
    known = Components(folder)
    parts: Dict[str, Tuple[PageCompiler, Sheet]] = {}
    components: Dict[str, Component] = {}

    def read(path: str, uses: Dict[str, Component], component: Optional[Component] = None) -> None:
        part = PageCompiler(folder, declarations, uses, component)
        part.read(f"{path}.wxml")
        parts[path] = part, _sheet(folder, declarations, f"{path}.wxss", component is not None)
        components.update(part.used)

    for path in json.loads((root / "app.json").read_text(encoding="utf-8"))["pages"]:
        uses = known.of_page(path)
        if (root / f"{path}.wxml").is_file():
            read(path, uses)
    app_sheet = _sheet(folder, declarations, "app.wxss") if parts else None
    while set(components) - set(parts):
        path = min(set(components) - set(parts))
        read(path, components[path].uses, components[path])
    check_ends({path: part.endless for path, (part, _) in parts.items()})
    declarations.understand()
    modules = {}
    for path, (part, sheet) in parts.items():
        shared: tuple = ()
        if path not in components:
            # Those say of themselves that their rules are the page's, too.
            for inner in sorted(_within(path, parts)):
                if components[inner].isolation == "shared":
                    shared += parts[inner][1].rules()
        modules[f"{path}_wxml.py"] = (part.module(shared + sheet.rules()), f"{path}.wxml")
    if app_sheet and app_sheet.rules():
        modules["app_wxss.py"] = (f"RULES = {app_sheet.rules()!r}\n", "app.wxss")
    for name in modules:
        if (root / name).exists():
            raise CompileError(f"{name}: the name is taken by what the markup becomes")
    return modules, folder.warnings


def _within(path: str, parts) -> Set[str]:
    """The paths of all components that a page has, those in others included."""
    found: Set[str] = set()
    waiting = [path]
    while waiting:
        for inner in parts[waiting.pop()][0].used:
            if inner not in found:
                found.add(inner)
                waiting.append(inner)
    return found


def _sheet(folder: Folder, declarations: Declarations, name: str, is_component: bool = False) -> Sheet:
    sheet = Sheet(folder, declarations, is_component)
    if (folder.root / name).is_file():
        sheet.read(name)
    return sheet
