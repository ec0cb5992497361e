"""Dates and times of pickers: tuples of numbers, their limits, their texts."""

import time

FIRST = (1900, 1, 1)
LAST = (2100, 12, 31)


def parsed(text, mark, parts):
    """Tuple of as many ints as `text` has between `mark`, with 1 for those that are missing up to `parts`; None if it is none."""
    if not isinstance(text, str):
        return None
    pieces = text.strip().split(mark)
    if not 1 <= len(pieces) <= parts:
        return None
    for piece in pieces:
        if not (piece.isdigit() and len(piece) <= 4):
            return None
    numbers = [int(piece) for piece in pieces]
    return tuple(numbers + [1] * (parts - len(numbers)))


def date(text):
    """(year, month, day) of "2016-09-01", "2016-09" or "2016"; None for anything else."""
    found = parsed(text, "-", 3)
    if found and 1 <= found[1] <= 12 and 1 <= found[2] <= days(found[0], found[1]):
        return found
    return None


def clock(text):
    """(hour, minute) of "12:01"; None for anything else."""
    found = parsed(text, ":", 2) if isinstance(text, str) and ":" in text else None
    return found if found and found[0] < 24 and found[1] < 60 else None


def days(year, month):
    """int: how many a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def today():
    """(year, month, day)."""
    return time.localtime()[:3]


def now():
    """(hour, minute)."""
    return time.localtime()[3:5]
