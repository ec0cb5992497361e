"""
What the values of declarations mean: the kiosk's own parser is asked, in the emulator.

So `style="{{...}}"`, which the kiosk parses, and everything else, which is compiled here, have one grammar.
"""

import json
import subprocess
from typing import Dict, List, Tuple

import tinycss2

from host_tools.compiler.source import CompileError, Folder
from host_tools.paths import unix_image

_SCRIPT = """
import json, sys
from kiosk.ui import declarations
answers = []
for name, value in json.load(sys.stdin):
    lengths, others = [], []
    try:
        remark = declarations.declare(name, value, lengths, others)
        answers.append([lengths, others, remark])
    except ValueError as exc:
        answers.append(str(exc))
print(json.dumps(answers))
"""


class Declarations:
    """All declarations of a mini-program, in numbered blocks, understood in one go by understand()."""

    def __init__(self, folder: Folder):
        self._folder = folder
        self._blocks: List[List[Tuple[str, str, str]]] = []  # name, value, place
        self._meanings: Dict[Tuple[str, str], object] = {}

    def block(self) -> int:
        """Begin a block; its number."""
        self._blocks.append([])
        return len(self._blocks) - 1

    def add(self, block: int, declaration, name: str) -> None:
        """Add a declaration of tinycss2, read in the file `name`."""
        place = f"{name}:{declaration.source_line}:{declaration.source_column}"
        value = tinycss2.serialize([token for token in declaration.value if token.type != "comment"]).strip()
        self._blocks[block].append((declaration.lower_name, value, place))

    def understand(self) -> None:
        """Ask the kiosk about all of them; warn of what it does not know."""
        asked = list(dict.fromkeys((name, value) for block in self._blocks for name, value, _ in block))
        if not asked:
            return
        command = [str(unix_image()), "-c", _SCRIPT]
        done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
        if done.returncode:
            raise CompileError(f"the style parser failed: {done.stderr.strip()}")
        self._meanings = dict(zip(asked, json.loads(done.stdout)))
        for block in self._blocks:
            for name, value, place in block:
                meaning = self._meanings[name, value]
                if isinstance(meaning, str):
                    self._folder.warn(place, f"{name}: {meaning}; it is left out")
                elif meaning[2]:
                    self._folder.warn(place, f"{name}: {meaning[2]}")

    def values(self, block: int) -> Tuple[tuple, tuple]:
        """(lengths, others) of a block, of each property the last value only."""
        kinds: Tuple[dict, dict] = ({}, {})
        for name, value, _ in self._blocks[block]:
            meaning = self._meanings[name, value]
            if not isinstance(meaning, str):
                for flat, kept in zip(meaning, kinds):
                    kept.update(zip(flat[::2], flat[1::2]))
        return tuple(tuple(part for pair in kept.items() for part in pair) for kept in kinds)
