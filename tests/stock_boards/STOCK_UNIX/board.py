"""The Unix port as it comes, its standard input and output the console."""

import sys

from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401
from usbline import Console  # noqa: F401

storage_limit_bytes = 256 * 1024
model = "Unix"
display = touch = camera = microphone = speaker = wlan = None
program_output = error_output = sys.stdout
log_level = "warn"


class guard:  # noqa: N801  in the place of a module
    """None: this port's `machine` has no timer."""

    @staticmethod
    def arm(ms, exc):
        """Watch nothing."""

    @staticmethod
    def disarm():
        """Watch nothing."""


def start():
    """Make the kiosk's folders; the flash is mounted."""
    import rootfs

    rootfs.make_folders()
