"""
`make bench`: measures, prints the table, and writes it to docs/bench.md.

Exit status 1 when a figure is past its limit.  Ratios of times are medians of interleaved rounds in one process, so
that a busy machine moves both sides.
"""

import sys
import tempfile
from pathlib import Path

from host_tools.paths import ROOT
from host_tools.setup.progress import step
from tests.bench import (
    boardcodecs,
    boardfonts,
    boardimages,
    boardrecord,
    boardsound,
    boardstorage,
    boardtls,
    boardvideo,
    boot,
    camera,
    keyboard,
    kiosk,
    live,
    masking,
    micropython,
    micropythonboard,
    nina,
    pageheap,
    pages,
    pictures,
    requests,
    screen,
    scrolling,
    soak,
    storage,
    tls,
    transfers,
    virtual,
    websockets,
)
from tests.bench.table import markdown

_INTRODUCTION = """# Figures

What `make bench` printed last. It ran on the Unix port (`unix`, or `unix32` where bytes of heap are counted);
the rows that say so ran on the emulated RP2040 (docs/virtual-board.md). On a real board: not measured.

"""

_ON_UNIX = (kiosk, requests, tls, transfers, soak, storage, websockets, pageheap, pictures, micropython)
_ON_THE_BOARD = (
    boot,
    nina,
    masking,
    screen,
    pages,
    scrolling,
    keyboard,
    boardtls,
    boardstorage,
    boardsound,
    boardcodecs,
    boardfonts,
    boardimages,
    boardrecord,
    boardvideo,
    camera,
    live,
    virtual,
    micropythonboard,
)


def main() -> int:
    """Run every bench; return the exit status."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        for bench in _ON_UNIX + _ON_THE_BOARD:
            with step(bench.__doc__.partition("\n")[0]):
                rows += bench.rows(Path(scratch))
    table = markdown(rows)
    print(table)
    (ROOT / "docs" / "bench.md").write_text(_INTRODUCTION + table, encoding="utf-8")
    return 0 if all(row.kept for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
