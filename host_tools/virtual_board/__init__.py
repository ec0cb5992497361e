"""
The virtual board: a real RP2040 image, byte for byte what is flashed, running in rp2040js.

`emulator/` is JavaScript, because rp2040js is; `rom/` is the boot ROM that rp2040js comes without; everything else is
Python: the host's side of the link (link.py), the board with its serial port (board.py), and the models of the chips
around the RP2040 (host_tools/models).  docs/virtual-board.md says what is exact and what is not.
"""
