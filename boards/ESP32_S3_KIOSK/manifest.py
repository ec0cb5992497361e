"""The ESP32-S3 kiosk: what every board freezes, and its own wiring as the module `board`."""

include("../common/manifest.py")
include("../common/manifest_board.py")
module("board.py", opt=2)
