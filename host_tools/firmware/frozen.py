"""What a board's manifest puts into its image, read as MicroPython's makemanifest reads it."""

from pathlib import Path
from typing import Dict

from host_tools.paths import BUILD

_TREE = "$(MPY_DIR)"


def modules(manifest: Path) -> Dict[str, Path]:
    """File below the root of imports (`kiosk/net/url.py`) -> its source.  What the port itself brings is left out, and asyncio."""
    found: Dict[str, Path] = {}
    _read(manifest, found)
    return found


def _read(manifest: Path, found: Dict[str, Path]) -> None:
    def root(base_path):
        return (manifest.parent / base_path.replace(_TREE, str(BUILD / "sources" / "micropython"))).resolve()

    def include(path):
        if not path.startswith("$("):
            _read(root(path), found)

    def module(name, base_path=".", opt=None):
        if not base_path.startswith("$("):
            found[name] = root(base_path) / name

    def package(name, base_path=".", opt=None):
        for path in sorted((root(base_path) / name).rglob("*.py")):
            found[path.relative_to(root(base_path)).as_posix()] = path

    words = {"include": include, "module": module, "package": package}
    exec(compile(manifest.read_text(encoding="utf-8"), str(manifest), "exec"), words)
