"""
Where the keys of the on-screen keyboard lie.

A key is (x, y, width, height, name): one character is what it types, a longer name what it does.  On 280 px and more there are ten columns,
as on a typewriter (28 px are the least that a finger hits); on fewer ten would be 24 px, so there are eight of 30, by the alphabet,
as the typewriter's order is not to be found again in rows of eight.
"""

BAR_PX = const(36)  # the letters of 12 px, the candidates of 16
NARROW_PX = const(280)  # on less

SHIFT, ERASE, SIGNS, LETTERS, MODE, RETURN, CLOSE, BACK, NEXT = (
    "shift", "erase", "signs", "letters", "mode", "return", "close", "back", "next",
)  # fmt: skip

# Each page has as many as the narrow one takes; the wide one leaves the last two out.
_SIGNS = (
    "1234567890-/:;()@&\"'.,?!_+#*%",
    "，。、？！：；（）“”《》…·—【】￥~^=<>[]{}|",
    "$\\`€£•°×÷§¥±²³µ¿¡«»¼½¾©®™–‘’",
)
SIGN_PAGES = const(3)


def _row(keys, width, y, height, units):
    """The keys of a row: (name, units); in the middle where they do not fill it."""
    total = 0
    for _, unit in keys:
        total += unit
    left = (units - total) * width / units / 2
    row = []
    for name, unit in keys:
        right = left + unit * width / units
        if name:
            row.append((int(left), y, int(right) - int(left), height, name))
        left = right
    return row


def _plain(characters):
    return [(each, 1) for each in characters]


def row_height(height_px: int, width_px: int, is_pad: bool) -> int:
    """px: of a row of keys on such a screen: half of a low one for the keys at most, or what a finger needs."""
    rows = 4 if is_pad or width_px >= NARROW_PX else 5
    return max(28, min(40, height_px * 9 // 16 // rows))


def letters(width: int, y: int, height: int, has_mode: bool):
    """The keys for letters; has_mode: with the key from pinyin to Latin and back."""
    mode = [(MODE, 1)] if has_mode else []
    if width >= NARROW_PX:
        rows = (
            _plain("qwertyuiop"),
            _plain("asdfghjkl"),
            [(SHIFT, 1.5)] + _plain("zxcvbnm") + [(ERASE, 1.5)],
            [(SIGNS, 1.5)] + mode + [(",", 1), (" ", 3 if has_mode else 4), (".", 1), (RETURN, 2.5)],
        )
    else:
        rows = (
            _plain("abcdefgh"),
            _plain("ijklmnop"),
            _plain("qrstuvwx"),
            [(SHIFT, 1), ("y", 1), ("z", 1), (",", 1), (".", 1), ("'", 1), (ERASE, 2)],
            [(SIGNS, 1)] + mode + [(" ", 3 if has_mode else 4), (RETURN, 3)],
        )
    return _rows(rows, width, y, height, 10 if width >= NARROW_PX else 8)


def signs(width: int, y: int, height: int, page: int):
    """A page of the digits and signs."""
    wanted = _SIGNS[page]
    if width >= NARROW_PX:
        rows = (
            _plain(wanted[:10]),
            _plain(wanted[10:20]),
            [(SIGNS, 1.5)] + _plain(wanted[20:27]) + [(ERASE, 1.5)],
            [(LETTERS, 1.5), (" ", 6), (RETURN, 2.5)],
        )
    else:
        rows = (
            _plain(wanted[:8]),
            _plain(wanted[8:16]),
            _plain(wanted[16:24]),
            [(SIGNS, 1)] + _plain(wanted[24:29]) + [(ERASE, 2)],
            [(LETTERS, 2), (" ", 3), (RETURN, 3)],
        )
    return _rows(rows, width, y, height, 10 if width >= NARROW_PX else 8)


def pad(width: int, y: int, height: int, extra: str):
    """The keys for numbers; extra: "", or the character beside the digits."""
    rows = (
        _plain("123") + [(ERASE, 1)],
        _plain("456") + [(CLOSE, 1)],
        _plain("789") + [(RETURN, 1)],
        [(extra, 1), ("0", 1), ("", 2)],
    )
    keys = _rows(rows, width, y, height, 4)
    for index, key in enumerate(keys):
        if key[4] == RETURN:
            keys[index] = key[:3] + (2 * height, RETURN)
    return keys


def _rows(rows, width, y, height, units):
    keys = []
    for row in rows:
        keys += _row(row, width, y, height, units)
        y += height
    return keys
