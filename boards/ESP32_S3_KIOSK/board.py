"""
The ESP32-S3 kiosk: 16 MB of flash, 8 MB of PSRAM, Wi-Fi on the chip.

The console is the chip's own USB.  Not run on silicon yet.
"""

import sys

import guard  # noqa: F401  a capability: what keeps a mini-program from holding on to the processor
from esp32 import Partition
from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401
from station import name_servers, set_clock, wlan, wlan_failures  # noqa: F401
from usbline import Console  # noqa: F401

storage_limit_bytes = 10 * 1024 * 1024
model = "mpkiosk ESP32-S3"
display = touch = "screen"  # the module that makes them
camera = "lens"  # the module that makes it
microphone = speaker = "sound"  # the module that makes them

program_output = sys.stdout
error_output = sys.stdout
log_level = "warn"
flash = Partition.find(Partition.TYPE_DATA, label="storage")[0]


def start():
    """Mount the flash, and let the image that has come up be started again."""
    import rootfs

    rootfs.mount(flash)
    Partition.mark_app_valid_cancel_rollback()
