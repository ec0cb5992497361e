"""
docs/boards.md, made of the folders under boards/; `make docs` writes it.

    python3 -m host_tools.firmware.docs
"""

import json
import sys
from typing import Dict, Iterator, List, Optional

from host_tools.firmware import boards
from host_tools.firmware.boards import Board
from host_tools.paths import ROOT

DOCUMENT = ROOT / "docs" / "boards.md"

_INTRODUCTION = """\
# Boards

Made by `make docs` from the folders under `boards/`; a test holds it to them.

A board is a folder of facts (`board.json`, `pins.csv`, `partitions.csv`, MicroPython's own `mpconfigboard.*`) and a
`board.py` that exports the same names on every board, `None` where the board lacks the capability. What a name promises:

"""

_COMMANDS = {
    "unix": "`make unix`, then `kiosk run APP`",
    "rp2": "`make firmware BOARD={name}`, then `kiosk flash {name}`",
    "esp32": "`IDF_PATH=... make firmware BOARD={name}`, then `kiosk flash {name} --port PORT`",
    "stock": "`kiosk install --port PORT`",
}


def document() -> str:
    """The text of docs/boards.md."""
    everything = [boards.load(name) for name in boards.names()]
    parts = [_INTRODUCTION, _table(("name", "what it is"), _capabilities()), "\n"]
    parts.append(_table(("board", "chip", "RAM", "network", "state"), [_summary(board) for board in everything]))
    parts += [section for board in everything for section in _section(board)]
    return "".join(parts)


def _capabilities() -> List[tuple]:
    facts = json.loads((boards.BOARDS / "common" / "capabilities.json").read_text(encoding="utf-8"))
    return [(f"`{name}`", text) for name, text in facts.items()]


def _summary(board: Board) -> tuple:
    facts = board.facts
    return f"`{board.name}`", facts["mcu"], facts["ram"], facts["network"], facts["silicon"]


def _section(board: Board) -> Iterator[str]:
    facts = board.facts
    yield f"\n## {board.name}\n\n{facts['name']}. {facts['summary']} State: {facts['silicon']}.\n\n"
    yield f"- On it with: {_COMMANDS[board.port].format(name=board.name)}\n"
    if "bootloader" in facts:
        yield f"- Boot loader: {facts['bootloader']}\n"
    named = ", ".join(f"{capability}: {driver}" for capability, driver in facts["drivers"].items())
    yield f"- Drivers: {named or 'none yet'}\n"
    if board.partitions():
        rows = [(part.name, part.kind, f"{part.offset:#x}", f"{part.size // 1024} KB") for part in board.partitions()]
        yield "\n" + _table(("partition", "kind", "offset", "size"), rows)
    for device, contacts in json.loads((boards.BOARDS / "common" / "wiring.json").read_text(encoding="utf-8")).items():
        rows = _wires(board, contacts)
        if rows:
            yield f"\n{device}:\n\n" + _table(("contact", "goes to", "role"), rows)


def _wires(board: Board, contacts: Dict[str, str]) -> Optional[List[tuple]]:
    """The rows of a wiring table; None when the board has no pins for the device."""
    rows = []
    for contact, target in contacts.items():
        role, _, otherwise = (part.strip() for part in target.partition("="))
        pin = board.pins().get(role)
        if pin is None and not otherwise:
            return None
        label = board.facts.get("header", {}).get(pin)
        rows.append((contact, f"{pin} ({label})" if label else pin or otherwise, role if pin else ""))
    return rows if any(role for _, _, role in rows) else None


def _table(head, rows) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(document(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
