"""The ESP32-S3 kiosk: what every board freezes, and its own wiring as the module `board`."""

include("../common/manifest.py")
include("../common/manifest_fonts.py")
include("../common/manifest_board.py")
module("board.py", opt=2)
module("sound.py", opt=2)
module("audio/inmp441.py", base_path="../../drivers", opt=2)
module("audio/max98357a.py", base_path="../../drivers", opt=2)
module("screen.py", opt=2)
module("display/panel.py", base_path="../../drivers", opt=2)
module("display/st7789.py", base_path="../../drivers", opt=2)
module("touch/glass.py", base_path="../../drivers", opt=2)
module("touch/ft6x36.py", base_path="../../drivers", opt=2)
