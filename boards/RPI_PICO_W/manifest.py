"""The Pico W: what every board freezes, and its own wiring as the module `board`."""

include("../common/manifest.py")
include("../common/manifest_board.py")
module("rp2.py", base_path="$(PORT_DIR)/modules", opt=2)
module("board.py", opt=2)
module("screen.py", opt=2)
module("dmasender.py", base_path="../common", opt=2)
module("display/panel.py", base_path="../../drivers", opt=2)
module("display/st7789.py", base_path="../../drivers", opt=2)
module("touch/glass.py", base_path="../../drivers", opt=2)
module("touch/ft6x36.py", base_path="../../drivers", opt=2)
