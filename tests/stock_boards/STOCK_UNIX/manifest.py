"""The Unix port as it comes: what GENERIC_S3_STOCK gets, without Wi-Fi and without a timer for a guard."""

include("../../../boards/common/manifest_stock.py")
module("board.py")
