"""The Pico W: what every board freezes, and its own wiring as the module `board`."""

include("../common/manifest.py")
include("../common/manifest_board.py")
module("rp2.py", base_path="$(PORT_DIR)/modules", opt=2)
module("board.py", opt=2)
module("sound.py", opt=2)
module("audio/inmp441.py", base_path="../../drivers", opt=2)
module("audio/max98357a.py", base_path="../../drivers", opt=2)
