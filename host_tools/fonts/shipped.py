"""
The fonts that every image carries, as modules of bytes that stay in flash.

    python -m host_tools.fonts.shipped build/sources/fonts build/fonts
"""

import argparse
from pathlib import Path

from host_tools.fonts.bitmap import ASCII, LATIN, build, common_cjk

SIZES = (12, 14, 16, 18, 20, 24, 32, 48)
LARGE = 48  # from here on without accents and symbols
BOLD_SIZES = (14, 16, 20, 24, 32)
CJK_SIZE = 16
PACKAGE = "kiosk/ui/fonts"
_LINE_BYTES = 96
_PACKAGE = """\"\"\"The fonts that come with the image (host_tools/fonts): their sizes in pixels.\"\"\"

SIZES = {}
BOLD_SIZES = {}
CJK_SIZE = {}  # 0: none
"""


def module(title: str, data: bytes) -> str:
    """Python source of one bytes object."""
    lines = (data[at : at + _LINE_BYTES] for at in range(0, len(data), _LINE_BYTES))
    text = "\n".join("    " + repr(line) for line in lines)
    return f'"""{title} (host_tools/fonts/shipped.py)."""\n\nDATA = (\n{text}\n)\n'


def fonts(sources: Path):
    """(name, title, data) of each."""
    for name, style, sizes in (("regular", "Regular", SIZES), ("bold", "Bold", BOLD_SIZES)):
        for size in sizes:
            wanted = LATIN if size < LARGE else ASCII + "°…–"
            data = build(sources / f"OpenSans-{style}.ttf", size, wanted)
            yield f"{name}{size}", f"Open Sans {style}, {size} pixels", data
    cjk = build(sources / "unifont.otf", CJK_SIZE, common_cjk() + LATIN, depth=1)
    yield f"cjk{CJK_SIZE}", f"GNU Unifont, {CJK_SIZE} pixels", cjk


def gb2312() -> bytes:
    """What the characters of GB 2312 are in Unicode, from row A1 to D7: those of its first level, which the fonts have."""
    table = bytearray()
    for row in range(0xA1, 0xD8):
        for cell in range(0xA1, 0xFF):
            character = bytes((row, cell)).decode("gb2312", "replace")
            table += ord(character if len(character) == 1 else "\ufffd").to_bytes(2, "big")
    return bytes(table)


def main(argv=None) -> None:
    """Write the package."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args(argv)
    folder = arguments.output / PACKAGE
    folder.mkdir(parents=True, exist_ok=True)
    for name, title, data in fonts(arguments.sources):
        (folder / f"{name}.py").write_text(module(title, data), encoding="ascii")
    (folder / "__init__.py").write_text(_PACKAGE.format(SIZES, BOLD_SIZES, CJK_SIZE), encoding="ascii")
    (folder / "gb2312.py").write_text(module("GB 2312, level 1", gb2312()), encoding="ascii")


if __name__ == "__main__":
    main()
