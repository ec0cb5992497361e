"""The facts of the boards: what lies as data in the folders under boards/."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Optional

from host_tools.errors import HostError
from host_tools.paths import ROOT

BOARDS = ROOT / "boards"


@dataclass(frozen=True)
class Partition:
    """A part of a board's flash: bytes, `offset` counted from the flash's beginning."""

    name: str
    kind: str
    offset: int
    size: int


class Board:
    """One folder under boards/."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.name = folder.name
        self.facts = json.loads((folder / "board.json").read_text(encoding="utf-8"))
        self.port: str = self.facts["port"]
        self.mcu: str = self.facts["mcu"]

    def partitions(self) -> List[Partition]:
        """The rows of partitions.csv (ESP-IDF's format: name, type, subtype, offset, size), in their order."""
        return [
            Partition(row[0], row[2] or row[1], _number(row[3]), _number(row[4]))
            for row in _rows(self.folder / "partitions.csv")
        ]

    def image_partition(self) -> Optional[Partition]:
        """Where the image goes: the first partition of an application; None for a board without partitions."""
        return next((part for part in self.partitions() if part.kind in ("factory", "ota_0")), None)

    def pins(self) -> Dict[str, str]:
        """Role -> pin of the chip: the rows of pins.csv, in their order."""
        return {row[0]: row[1] for row in _rows(self.folder / "pins.csv")}


def _rows(path: Path) -> List[List[str]]:
    if not path.exists():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and line[0] != "#"]
    return [[field.strip() for field in row] for row in csv.reader(lines)]


def _number(text: str) -> int:
    units = {"K": 1024, "M": 1024 * 1024}
    return int(text[:-1], 0) * units[text[-1]] if text[-1:] in units else int(text, 0)


def names(root: Path = BOARDS) -> List[str]:
    """The boards there are."""
    return sorted(path.parent.name for path in root.glob("*/board.json"))


def load(name: str, root: Path = BOARDS) -> Board:
    """The board of that name; HostError with the list when there is none."""
    if name not in names(root):
        raise HostError(f"no such board: {name or '(none)'}; BOARD is one of: {' '.join(names(root))}")
    return Board(root / name)
