"""
Arduino Nano RP2040 Connect: an RP2040 whose sockets live in a NINA-W102.

The console is USB.  264 KB of RAM: no frame buffer, and programs run from .mpy files.
"""

import sys

import guard  # noqa: F401  a capability: what keeps a mini-program from holding on to the processor
import rp2
from ninawlan import wlan, wlan_failures  # noqa: F401
from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401
from station import name_servers, set_clock  # noqa: F401
from usbline import Console  # noqa: F401

storage_limit_bytes = 10 * 1024 * 1024
model = "Arduino Nano RP2040 Connect"
display = touch = "screen"  # the module that makes them
camera = "lens"  # the module that makes it
microphone = speaker = "sound"  # the module that makes them

program_output = sys.stdout
error_output = sys.stdout
log_level = "warn"
flash = rp2.Flash()


def start():
    """Mount the flash."""
    import rootfs

    rootfs.mount(flash)
