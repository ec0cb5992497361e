"""The mini-programs that are installed: their folders, names and icons.  Whatever is wrong in one is said when it is launched."""

import json
import os

import board
from kiosk import log

_TAG = "launcher"
_FILE_BYTES = const(8192)  # of a kiosk.json that is read for a name
_NAME_LETTERS = const(60)


class Program:
    """appid: of the folder; name: as kiosk.json has it; icon: path of a picture in it, or ""."""

    def __init__(self, appid, name, icon):
        self.appid = appid
        self.name = name
        self.icon = icon


def programs():
    """List of Program, by name."""
    try:
        folders = os.listdir(board.apps_folder)
    except OSError:  # nothing has been installed yet
        return []
    found = [_program(appid) for appid in folders if _is_file(_path(appid, "app.json"))]
    found.sort(key=lambda program: (program.name, program.appid))
    return found


def open_icon(program):
    """The open file of a program's icon.  OSError: it has none."""
    if not program.icon:
        raise OSError(2)
    return open(_path(program.appid, program.icon), "rb")


def _program(appid):
    try:
        with open(_path(appid, "kiosk.json")) as file:
            settings = json.loads(file.read(_FILE_BYTES))
    except (OSError, ValueError, MemoryError) as exc:
        if not isinstance(exc, OSError):  # it need not have one
            log.warn(_TAG, "the name of %s cannot be read", appid)
        settings = None
    if not isinstance(settings, dict):
        settings = {}
    name, icon = (settings.get(key) if isinstance(settings.get(key), str) else "" for key in ("name", "icon"))
    return Program(appid, name.strip()[:_NAME_LETTERS] or appid, icon)


def _path(appid, name):
    return board.apps_folder + "/" + appid + "/" + name


def _is_file(path):
    try:
        return not os.stat(path)[0] & 0x4000
    except OSError:
        return False
