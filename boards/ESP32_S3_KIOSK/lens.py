"""The camera, made when it is first wanted; which pin is which: pins.csv.

Its driver is frozen as `dvp`, for `camera` is the firmware's own module (micropython-camera-API).
"""

facings = ("back",)


def camera(facing):
    """The OV2640 on the DVP port; its registers are reached by the I2C that the touch controller has, too."""
    from dvp import Dvp

    return Dvp(data=(11, 9, 8, 10, 12, 18, 17, 16), pclk=13, vsync=6, href=7, xclk=15, sda=4, scl=5)
