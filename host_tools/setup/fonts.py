"""Fetch the fonts that images carry, of Debian's packages, with the licences that come with them.

python3 -m host_tools.setup.fonts build/sources/fonts
"""

import argparse
import shutil
import sys
from pathlib import Path

from host_tools.setup.peers import run
from host_tools.setup.progress import BuildError, step
from host_tools.setup.sources import PrivateApt

# Package -> the files of it that are wanted.
PACKAGES = {
    "fonts-open-sans": (
        "usr/share/fonts/truetype/open-sans/OpenSans-Regular.ttf",
        "usr/share/fonts/truetype/open-sans/OpenSans-Bold.ttf",
    ),
    "fonts-unifont": ("usr/share/fonts/opentype/unifont/unifont.otf",),
}


def fetch(folder: Path) -> None:
    """Put the fonts and their licences below `folder`."""
    apt = PrivateApt(folder.parent / "apt")
    apt.run("apt-get", "update")
    unpacked = folder / "unpacked"
    shutil.rmtree(folder, ignore_errors=True)
    unpacked.mkdir(parents=True)
    apt.run("apt-get", "download", *PACKAGES, cwd=unpacked)
    for package, files in PACKAGES.items():
        (archive,) = unpacked.glob(f"{package}_*.deb")
        run(["dpkg", "-x", archive, unpacked])
        for file in files:
            shutil.copy(unpacked / file, folder)
        shutil.copy(unpacked / "usr/share/doc" / package / "copyright", folder / f"{package}.copyright")
    shutil.rmtree(unpacked)


def main(argv=None) -> int:
    """Fetch everything anew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    try:
        with step("fetching the fonts"):
            fetch(parser.parse_args(argv).folder.resolve())
    except (BuildError, OSError, ValueError) as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
