"""
MicroPython's run-tests.py with the patience that an emulated board needs: `patientsuite.py SUITE ARGUMENTS...`.

The emulator takes several seconds for one of a board's, and more on a busy machine.  pyboard.py waits ten for the output
of a test, and for its first byte for ever.
"""

import runpy
import sys

_PATIENCE_S = 300

suite = sys.argv.pop(1)
sys.path[:0] = [suite, f"{suite}/../tools"]

import pyboard  # noqa: E402  of MicroPython's tools


class PatientBoard(pyboard.Pyboard):
    """A board that is slow, but not for ever."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.serial.timeout = 1  # of one read; how many there are is counted

    def exec_raw(self, command, timeout=_PATIENCE_S, data_consumer=None):
        """As pyboard.Pyboard's."""
        return super().exec_raw(command, timeout, data_consumer)


pyboard.Pyboard = PatientBoard
sys.argv[0] = f"{suite}/run-tests.py"
runpy.run_path(sys.argv[0], run_name="__main__")
