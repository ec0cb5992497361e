"""Any ESP32-S3 with MicroPython on it: the runtime, its Wi-Fi, and a guard for an interpreter that has none in C."""

include("../common/manifest_stock.py")
module("station.py", base_path="../common")
module("softguard.py", base_path="../common")
module("board.py")
module("sound.py")
module("audio/inmp441.py", base_path="../../drivers")
module("audio/max98357a.py", base_path="../../drivers")
