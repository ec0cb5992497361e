"""What the host has put at the other end of the emulator's wires."""

import sys


def is_wired(name):
    """Whether the command line (--wired NAME,NAME) says so: without a model a line would stand still."""
    arguments = sys.argv
    return "--wired" in arguments and name in arguments[arguments.index("--wired") + 1].split(",")
