"""An RP2040 with stock MicroPython, wired as GENERIC_S3_STOCK is, without Wi-Fi."""

import sys

import softguard as guard  # noqa: F401
from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401
from usbline import Console  # noqa: F401

storage_limit_bytes = 256 * 1024
model = "Raspberry Pi Pico"
display = touch = camera = microphone = speaker = wlan = None
program_output = error_output = sys.stdout
log_level = "warn"


def start():
    """Make the kiosk's folders; the interpreter has mounted the flash."""
    import rootfs

    rootfs.make_folders()
