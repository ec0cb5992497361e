"""
Packing a mini-program: check its JSON files, compile its scripts to .mpy, copy the rest.

A packed mini-program is a folder, or that folder as one zip file.  Of markup (.wxml, .wxss) there is what it compiles to:
`pages/index/index_wxml.mpy`, `app_wxss.mpy`.
"""

import ast
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Iterator, List

from host_tools.compiler.app import compile_app
from host_tools.errors import HostError
from host_tools.paths import MPY_CROSS, ROOT, unix_image

_MARKUP = {".wxml", ".wxss"}
_IGNORED = {"__pycache__", ".git", ".DS_Store"}
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


class PackError(HostError):
    """The mini-program has a fault; the text names file, line and what is wrong."""


def pack_folder(source: Path, target: Path) -> str:
    """Pack `source` into the folder `target`, which is made anew; return the appid.

    What of the markup is left out is said on stderr, a line each.
    """
    if not source.is_dir():
        raise PackError(f"{source}: no such folder")
    settings = check_manifest(source)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for path in _files(source):
        packed = target / path.relative_to(source)
        packed.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".py":
            check_imports(source, path)
            compile_script(path.relative_to(source).as_posix(), path, packed.with_suffix(".mpy"))
        elif path.suffix not in _MARKUP:
            shutil.copyfile(path, packed)
    for warning in _pack_markup(source, target):
        print(f"warning: {warning}", file=sys.stderr)
    return settings["appid"]


def _pack_markup(source: Path, target: Path) -> List[str]:
    """Add what WXML and WXSS compile to; return the warnings."""
    modules, warnings = compile_app(source)
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        script = Path(scratch) / "page.py"
        for path, (text, name) in modules.items():
            script.write_text(text, encoding="utf-8")
            compile_script(name, script, (target / path).with_suffix(".mpy"))
    return warnings


def pack_file(source: Path, target: Path, work: Path) -> str:
    """Pack `source` into the zip file `target`, by way of the folder `work`; return the appid."""
    appid = pack_folder(source, work)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in _files(work):
            entry = zipfile.ZipInfo(path.relative_to(work).as_posix(), _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return appid


def unpack_file(source: Path, target: Path) -> str:
    """Unpack a zip file made by pack_file() into the folder `target`; return the appid."""
    try:
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                if name.startswith("/") or ".." in Path(name).parts:
                    raise PackError(f"{source}: it holds a file outside of itself: {name}")
            archive.extractall(target)
    except zipfile.BadZipFile as error:
        raise PackError(f"{source}: neither a folder nor a packed mini-program") from error
    return check_manifest(target)["appid"]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _IGNORED.intersection(path.relative_to(folder).parts):
            yield path


def check_manifest(source: Path) -> dict:
    """Let the kiosk's own checker look at app.json, kiosk.json and the pages' JSON; return the settings.

    It runs in the emulator's interpreter, so that the host has no second opinion of what is right.
    """
    script = (
        "import json, sys\n"
        "from kiosk import log, manifest\n"
        "log.err = sys.stderr\n"
        "try:\n"
        f"    config = manifest.load_app({str(source)!r})\n"
        "    for path in config['pages']:\n"
        f"        manifest.load_page({str(source)!r}, path)\n"
        f"    print(json.dumps(manifest.load_settings({str(source)!r})))\n"
        "except manifest.ManifestError as error:\n"
        "    sys.stderr.write(str(error))\n"
        "    sys.exit(3)\n"
    )
    done = subprocess.run([str(unix_image()), "-c", script], capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "the checker failed")
    return json.loads(done.stdout)


def check_imports(source: Path, path: Path) -> None:
    """Refuse an import of what a kiosk does not have: it would only be seen when the page opens."""
    name = path.relative_to(source).as_posix()
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), name)
    except SyntaxError as error:
        raise PackError(f"{name}:{error.lineno}: SyntaxError: {error.msg}") from error
    allowed = set(json.loads((ROOT / "boards" / "common" / "libraries.json").read_text()))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module]
        else:
            continue
        for module in modules:
            top = module.partition(".")[0]
            own = (source / top).is_dir() or (source / f"{top}.py").exists()
            if not own and top not in allowed:
                raise PackError(f"{name}:{node.lineno}: import of {module}: a mini-program has no such library")


def compile_script(name: str, path: Path, target: Path) -> None:
    """Compile one script; tracebacks on the kiosk will show `name`, its path within the mini-program."""
    done = subprocess.run(
        [str(MPY_CROSS), "-s", name, "-o", str(target), str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        where = next((line for line in lines if f'File "{name}", line ' in line), "")
        number = where.partition(", line ")[2].partition(",")[0] or "?"
        raise PackError(f"{name}:{number}: {lines[-1] if lines else 'mpy-cross failed'}")
