"""`kiosk run --album FOLDER`: a folder of the host in the kiosk's album, and what the run has saved there in the folder."""

import json
from pathlib import Path
from typing import Dict, Optional, Tuple

from host_tools.errors import HostError, TargetError
from host_tools.target import Target

_FLASH_KB = 2048  # the emulator's, without an album
# Its folder, made if need be, and {name: bytes} of what is in it.
_LOOK = """
import board, json, os
folder = getattr(board, "album_folder", "/album")
try:
    os.stat(folder)
except OSError:
    os.mkdir(folder)
names = [entry[0] for entry in os.ilistdir(folder) if not entry[1] & 0x4000 and entry[0][0] != "."]
print(json.dumps([folder, {name: os.stat(folder + "/" + name)[6] for name in names}]))
"""
# `f` is the console's, of the file that mpremote was writing.
_REMOVE = """
import os
try:
    f.close()
except (OSError, NameError):
    pass
try:
    os.remove({path!r})
except OSError:
    pass
"""


class Album:
    """folder: of the host; None: the kiosk's album is what it is."""

    def __init__(self, folder: Optional[Path]):
        self._folder = folder
        self._files = []
        if folder is None:
            return
        if not folder.is_dir():
            raise HostError(f"--album: {folder}: no such folder")
        found = [path for path in folder.iterdir() if path.is_file() and path.name[0] != "."]
        # The oldest first, as the kiosk goes by the time at which it got them.
        self._files = sorted(found, key=lambda path: (path.stat().st_mtime, path.name))

    @property
    def flash_kb(self) -> int:
        """The size of an emulator's new flash that holds it twice: chosen files are copies."""
        return _FLASH_KB + 2 * sum(path.stat().st_size // 1024 + 8 for path in self._files)

    def fill(self, target: Target) -> None:
        """Copy the folder's files to a kiosk; what it has already stays.  HostError: they do not fit."""
        if self._folder is None:
            return
        folder, there = _look(target)
        for path in self._files:
            data = path.read_bytes()
            if there.get(path.name) == len(data):
                continue
            inside = f"{folder}/{path.name}"
            try:
                target.put(inside, data)
            except (TargetError, OSError) as error:
                target.exec(_REMOVE.format(path=inside))
                raise HostError(f"--album: {path}: it does not fit on the kiosk's flash ({error})") from error

    def collect(self, target: Target) -> None:
        """Copy what the album has and the folder has not from a kiosk."""
        if self._folder is None:
            return
        folder, there = _look(target)
        for name in there:
            path = self._folder / name
            if not path.exists():
                path.write_bytes(target.get(f"{folder}/{name}"))


def _look(target: Target) -> Tuple[str, Dict[str, int]]:
    folder, there = json.loads(target.exec(_LOOK).strip().splitlines()[-1])
    return folder, there
