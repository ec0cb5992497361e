"""What boards freeze that the emulator does not: their start and their console."""

module("_boot.py", opt=2)
module("usbline.py", opt=2)
