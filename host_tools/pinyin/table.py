"""
The device's table of pinyin: what may be meant by a syllable, read where it lies in flash.

A table (little-endian):
  "KP", version 1, 0, u16 number of syllables, u16 0
  for each syllable, in order: 6 bytes of text, zeros behind it ("v" is ü)
  for each and one more: u32 offset of its group
  a group: u8 number of characters, u16 each, the most usual first; then its words, the most usual first

A word is one whose first syllable is the group's: u8 (its length - 2) << 6 | how usual it is (0 to 63); u8 which
character of the group is the first; for each further one u16 syllable, u8 which character of that syllable's.

    python -m host_tools.pinyin.table build/pinyin/kiosk/ui/keyboard/table.py
"""

import argparse
import importlib.util
import math
import struct
from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterable, List, Tuple

from host_tools.errors import HostError

_HEAD = struct.Struct("<2sBBHH")
_TEXT = 6
_LONGEST_WORD = 4
_MOST_CHARACTERS = 255
_LEVELS = 63
_RARE_READING = 0.02  # of a character's frequency, for each reading that no word shows
WORDS = 12_000  # 62 KB of them
_READ = 5 * WORDS  # reading them takes a while, and the rare ones say little


def build(words: Iterable[Tuple[str, float, List[str]]], readings: Dict[str, List[str]], most: int = WORDS) -> bytes:
    """
    The table of what a kiosk can show.

    words: (text, how often, its syllables), single characters included; readings: character -> the syllables that it may
    have, the usual one first; characters that are not in it are left out, and so are words with them.
    HostError if a syllable is no ASCII of at most six letters.
    """
    often: Dict[str, Dict[str, float]] = defaultdict(lambda: defaultdict(float))  # syllable -> character -> how often
    longer = []
    for text, count, syllables in words:
        if len(syllables) != len(text) or any(character not in readings for character in text):
            continue
        for character, syllable in zip(text, syllables):
            if syllable in readings[character]:
                often[syllable][character] += count
        if 2 <= len(text) <= _LONGEST_WORD and all(s in readings[c] for c, s in zip(text, syllables)):
            longer.append((count, text, syllables))
    for character, known in readings.items():
        total = sum(often[syllable].get(character, 0) for syllable in known)
        for number, syllable in enumerate(known):
            often[syllable].setdefault(character, total * _RARE_READING if number else 1.0)
    groups = {
        syllable: sorted(characters, key=lambda each: (-characters[each], each))[:_MOST_CHARACTERS]
        for syllable, characters in often.items()
        if characters
    }
    longer.sort(key=lambda each: (-each[0], each[1]))
    return _packed(groups, longer[:most])


def _packed(groups: Dict[str, List[str]], words: List[Tuple[float, str, List[str]]]) -> bytes:
    order = sorted(groups)
    if any(not (syllable.isascii() and syllable.isalpha() and len(syllable) <= _TEXT) for syllable in order):
        raise HostError("a syllable is not of one to six letters")
    number = {syllable: at for at, syllable in enumerate(order)}
    parts: Dict[str, List[bytes]] = defaultdict(list)
    highest = math.log(words[0][0] + 2) if words else 1
    for count, text, syllables in words:
        places = [groups[syllable].index(character) for character, syllable in zip(text, syllables)]
        level = min(_LEVELS, max(0, round(_LEVELS * math.log(count + 2) / highest)))
        word = bytes(((len(text) - 2) << 6 | level, places[0]))
        word += b"".join(struct.pack("<HB", number[s], place) for s, place in zip(syllables[1:], places[1:]))
        parts[syllables[0]].append(word)
    start = _HEAD.size + (_TEXT + 4) * len(order) + 4
    bodies = []
    for syllable in order:
        characters = groups[syllable]
        bodies.append(
            bytes((len(characters),))
            + struct.pack(f"<{len(characters)}H", *map(ord, characters))
            + b"".join(parts[syllable])
        )
    offsets = [start]
    for body in bodies:
        offsets.append(offsets[-1] + len(body))
    return b"".join(
        [
            _HEAD.pack(b"KP", 1, 0, len(order), 0),
            *(syllable.encode().ljust(_TEXT, b"\0") for syllable in order),
            struct.pack(f"<{len(offsets)}I", *offsets),
            *bodies,
        ]
    )


def shipped(characters: str) -> bytes:
    """The table that images carry: jieba's words as pypinyin reads them, of `characters` only."""
    from pypinyin import Style, lazy_pinyin, pinyin

    wanted = {character for character in characters if 0x4E00 <= ord(character) <= 0x9FFF}
    readings = {}
    for character in sorted(wanted):
        found = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
        readings[character] = list(dict.fromkeys(each for each in found if each.isascii() and each.isalpha()))
    found = []
    # Its file alone is wanted: importing it takes a package that Python is about to lose.
    folder = Path(importlib.util.find_spec("jieba").origin).parent
    with (folder / "dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            text, count = line.split(" ")[:2]
            if len(text) <= _LONGEST_WORD and wanted.issuperset(text):
                found.append((float(count), text))
    found.sort(reverse=True)
    return build(((text, count, lazy_pinyin(text)) for count, text in found[:_READ]), readings)


def main(argv=None) -> None:
    """Write the module that an image freezes."""
    from host_tools.fonts.bitmap import common_cjk
    from host_tools.fonts.shipped import module

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args(argv).output
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(module("What pinyin may mean", shipped(common_cjk())), encoding="ascii")


if __name__ == "__main__":
    main()
