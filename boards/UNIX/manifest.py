"""The emulator: what every board freezes, and its own wiring as the module `board`."""

include("../common/manifest.py")
module("board.py", opt=2)
module("host.py", opt=2)
module("sound.py", opt=2)
module("audio/inmp441.py", base_path="../../drivers", opt=2)
module("audio/max98357a.py", base_path="../../drivers", opt=2)
module("audio/none.py", base_path="../../drivers", opt=2)
