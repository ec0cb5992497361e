"""What boards freeze that the emulator does not: their start, their console, their Wi-Fi."""

module("_boot.py", opt=2)
module("usbline.py", opt=2)
module("station.py", opt=2)
