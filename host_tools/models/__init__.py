"""
Models of the chips around a board: what the board sees of each on its wires, and what somebody can make it do.

wires.py is the protocol, the rest are chips.  The virtual board and the emulator both carry them.
"""
