"""An RP2040 with stock MicroPython: what GENERIC_S3_STOCK gets, without Wi-Fi."""

include("../../../boards/common/manifest_stock.py")
module("softguard.py", base_path="../../../boards/common")
module("board.py")
