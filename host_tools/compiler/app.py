"""All pages of a mini-program: what `kiosk pack` puts in the place of its WXML and WXSS."""

import json
from pathlib import Path
from typing import Dict, List, Tuple

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
    pages = {}
    for path in json.loads((root / "app.json").read_text(encoding="utf-8"))["pages"]:
        if (root / f"{path}.wxml").is_file():
            page = PageCompiler(folder, declarations)
            page.read(f"{path}.wxml")
            pages[path] = (page, _sheet(folder, declarations, f"{path}.wxss"))
    app_sheet = _sheet(folder, declarations, "app.wxss") if pages else None
    declarations.understand()
    modules = {}
    for path, (page, sheet) in pages.items():
        modules[f"{path}_wxml.py"] = (page.module(sheet.rules()), f"{path}.wxml")
    if app_sheet and app_sheet.rules():
        modules["app_wxss.py"] = (f"RULES = {app_sheet.rules()!r}\n", "app.wxss")
    for name in modules:
        if (root / name).exists():
            raise CompileError(f"{name}: the name is taken by what the markup becomes")
    return modules, folder.warnings


def _sheet(folder: Folder, declarations: Declarations, name: str) -> Sheet:
    sheet = Sheet(folder, declarations)
    if (folder.root / name).is_file():
        sheet.read(name)
    return sheet
