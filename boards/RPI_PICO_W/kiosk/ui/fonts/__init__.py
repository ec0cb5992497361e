"""The fonts that 2 MB of flash have room for: their sizes in pixels."""

SIZES = (12, 16, 24)
BOLD_SIZES = (16,)
CJK_SIZE = 0  # none
