"""
Any ESP32-S3 with MicroPython from micropython.org on it, the runtime installed as .mpy files.

The interpreter has mounted its file system before this runs.  Not run on silicon yet.
"""

import sys

import softguard as guard  # noqa: F401  a capability: what keeps a mini-program from holding on to the processor
from esp32 import Partition
from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401
from station import name_servers, set_clock, wlan, wlan_failures  # noqa: F401
from usbline import Console  # noqa: F401

storage_limit_bytes = 1024 * 1024
model = "ESP32-S3"
display = touch = "screen"  # the module that makes them
camera = "lens"  # the module that makes it
microphone = speaker = "sound"  # the module that makes them

program_output = sys.stdout
error_output = sys.stdout
log_level = "warn"
flash = Partition.find(Partition.TYPE_DATA, label="vfs")[0]


def start():
    """Make the kiosk's folders; the rest is done."""
    import rootfs

    rootfs.make_folders()
