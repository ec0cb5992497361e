"""
Raspberry Pi Pico W: an RP2040 with a CYW43439.

The console is USB.  Wi-Fi and TCP/IP run on the RP2040 itself and take 50 to 70 KB of what would be heap; 2 MB of flash
hold little more than the image.
"""

import sys

import guard  # noqa: F401  a capability: what keeps a mini-program from holding on to the processor
import rp2
from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401
from station import name_servers, set_clock, wlan, wlan_failures  # noqa: F401
from usbline import Console  # noqa: F401

storage_limit_bytes = 96 * 1024  # of 320 KB of flash; WeChat's 10 MB are not there
model = "Raspberry Pi Pico W"
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
