"""
The table that the on-screen keyboard looks pinyin up in (kiosk/ui/keyboard/pinyin.py), in a form that is read where it lies in flash.

    python -m host_tools.pinyin.table 80 build/pinyin

A table (all numbers little-endian):
  "PY", version 1, 0; u16 number of syllables, u16 number of characters; u32 bytes of the whole table
  the syllables by the alphabet, each 6 letters filled up with zeros ("v" is u with an umlaut)
  for each syllable and behind the last one: u16 number of its first character
  u16 for each character: its code; those of one syllable follow each other, the most used first
  for words of 1, 2, 3 and 4 characters: 27 u16, the number of the first word whose first syllable begins with that letter
  the words, those of one letter the most used first: u16 for each character, its number above, which says the syllable, too

"Words" of one character are those most used under a letter, so that a lone letter offers them in that order.
Readings are pypinyin's, frequencies jieba's.
"""

import argparse
import importlib.util
import re
import struct
from collections import defaultdict
from pathlib import Path
from typing import Dict, Iterable, List, Tuple

from pypinyin import Style, lazy_pinyin, pinyin

from host_tools.errors import HostError
from host_tools.fonts.bitmap import gb2312
from host_tools.fonts.shipped import module

MAGIC = b"PY\1\0"
MOST_LETTERS = 6
MOST_CHARACTERS = 4
PACKAGE = "kiosk/ui/keyboard"
_LONE = 40  # characters that a lone letter offers in the order of use
_KNOWN = 60_000  # words, the most used ones, that say how often a character is read in which way
_SYLLABLE = re.compile(r"[a-z]{1,6}\Z")
_SPELT = {"m": "mu", "n": "en", "ng": "en", "hng": "heng"}  # as they are would hide what begins with these letters
_HANZI = re.compile("[\u4e00-\u9fff]{1,4}\\Z")

Words = Dict[str, int]
Readings = Dict[Tuple[str, str], int]  # (syllable, character): how often it is used


def dictionary() -> Words:
    """jieba's words of one to four hanzi, with their frequencies.  HostError where it is not installed."""
    found = importlib.util.find_spec("jieba")
    if not found or not found.origin:
        raise HostError("jieba, whose dictionary the keyboard's words come from, is not installed")
    words = {}
    for line in (Path(found.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, count, *_ = line.split(" ")
        if _HANZI.match(word):
            words[word] = int(count)
    return words


def readings(characters: Iterable[str], words: Words) -> Readings:
    """All readings of the characters; how often each is used is counted in the words."""
    found: Readings = {}
    for character in characters:
        for syllable in pinyin(character, style=Style.NORMAL, heteronym=True)[0]:
            if _SYLLABLE.match(syllable):
                found[_SPELT.get(syllable, syllable), character] = 0
    for word in _most_used(words)[:_KNOWN]:
        for key in zip(lazy_pinyin(word, style=Style.NORMAL), word):
            if key in found:
                found[key] += words[word]
    return found


def _most_used(words: Words) -> List[str]:
    return sorted(words, key=lambda word: (-words[word], word))


def build(size: int, characters: Iterable[str], words: Words) -> bytes:
    """A table of at most `size` bytes: all the characters, and as many of the words, the most used ones, as there is room for.

    HostError if the characters alone do not fit.
    """
    used = readings([each for each in characters if _HANZI.match(each)], words)
    ordered = sorted(used, key=lambda key: (key[0], -used[key], key[1]))
    number = {key: index for index, key in enumerate(ordered)}
    syllables = sorted({syllable for syllable, _ in ordered})
    starts = [next(index for index, key in enumerate(ordered) if key[0] == each) for each in syllables]
    head = b"".join(each.encode().ljust(MOST_LETTERS, b"\0") for each in syllables)
    head += struct.pack(f"<{len(starts) + 1}H", *starts, len(ordered))
    head += struct.pack(f"<{len(ordered)}H", *(ord(character) for _, character in ordered))
    chosen: Dict[int, Dict[int, List[List[int]]]] = {length: defaultdict(list) for length in range(1, 5)}
    lone = sorted(used, key=lambda key: (-used[key], key))
    for key in lone:
        group = chosen[1][ord(key[0][0]) - ord("a")]
        if len(group) < _LONE:
            group.append([number[key]])
    room = size - 12 - len(head) - 4 * 27 * 2 - sum(2 * len(group) for group in chosen[1].values())
    if room < 0:
        raise HostError(f"the characters of the keyboard's table take {size - room} bytes, there are {size}")
    for word in _most_used({word: count for word, count in words.items() if len(word) > 1}):
        keys = list(zip(lazy_pinyin(word, style=Style.NORMAL), word))
        if not all(key in number for key in keys):
            continue
        room -= 2 * len(word)
        if room < 0:
            break
        chosen[len(word)][ord(keys[0][0][0]) - ord("a")].append([number[key] for key in keys])
    body = bytearray()
    for length in range(1, MOST_CHARACTERS + 1):
        counts = [0]
        for letter in range(26):
            counts.append(counts[-1] + len(chosen[length][letter]))
        body += struct.pack("<27H", *counts)
    for length in range(1, MOST_CHARACTERS + 1):
        for letter in range(26):
            for word_numbers in chosen[length][letter]:
                body += struct.pack(f"<{length}H", *word_numbers)
    total = 12 + len(head) + len(body)
    return MAGIC + struct.pack("<HHI", len(syllables), len(ordered), total) + head + bytes(body)


def main(argv=None) -> None:
    """Write the table as a module; a size of 0 KB: none, and the keyboard has no pinyin."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("kilobytes", type=int)
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args(argv)
    folder = arguments.output / PACKAGE
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "table.py"
    if not arguments.kilobytes:
        path.unlink(missing_ok=True)
        return
    data = build(arguments.kilobytes * 1024, gb2312(range(16, 88)), dictionary())
    path.write_text(module("The table of pinyin", data).replace("fonts/shipped", "pinyin/table"), encoding="ascii")


if __name__ == "__main__":
    main()
