"""`kiosk new FOLDER`: make a mini-program that runs."""

import argparse
import json
import re
import shutil
from pathlib import Path

from host_tools.errors import HostError

_TEMPLATE = Path(__file__).resolve().parent.parent / "templates" / "app"


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("new", help="make a mini-program that runs", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where; its name becomes the appid")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    folder = arguments.folder
    appid = folder.resolve().name
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", appid):
        raise HostError(f"{appid!r} is no appid: 1 to 64 letters, digits, '-' and '_'")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HostError(f"{folder} is there already and not empty")
    try:
        shutil.copytree(_TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        settings = folder / "kiosk.json"
        settings.write_text(json.dumps({**json.loads(settings.read_text()), "appid": appid}, indent=2) + "\n")
    except OSError as error:
        raise HostError(f"{folder}: {error.strerror}") from error
    print(f"{folder} is there; run it with: kiosk run {folder}")
    return 0
