"""<live-player>: a black box that says so.  It shows nothing else: its API comes with the device part."""

from kiosk.ui.components.blackbox import Component  # noqa: F401
