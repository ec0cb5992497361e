"""Make the virtual board ready: fetch what host_tools/virtual_board asks of npm, and compile its boot ROM.

python3 -m host_tools.setup.virtual build/virtual_board
"""

import argparse
import sys
from pathlib import Path

from host_tools.errors import HostError
from host_tools.paths import ROOT
from host_tools.setup.peers import fetch_node_packages
from host_tools.setup.progress import BuildError, step
from host_tools.virtual_board.rom import rom_image


def main(argv=None):
    """Fetch the emulator anew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with step("fetching rp2040js (the RP2040 emulator) and compiling its boot ROM"):
            fetch_node_packages(folder / "node", ROOT / "host_tools" / "virtual_board")
            rom_image()
    except (BuildError, HostError) as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
