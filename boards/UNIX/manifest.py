"""The emulator: what every board freezes, and its own wiring as the module `board`."""

include("../common/manifest.py")
module("board.py", opt=2)
module("host.py", opt=2)
