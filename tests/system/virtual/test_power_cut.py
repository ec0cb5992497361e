"""A cut of the power behind or in any flash operation leaves a board that starts, and files that are old or new, but whole.

`torn` runs cut in the operation: part of a page's bits are programmed, or part of a sector's erased.
"""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from host_tools.errors import TargetError
from host_tools.paths import firmware_image
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD

TYPED_MS = 1500  # after power on: any boot is over by then
LIMIT_S = 120  # of the host's time, which other work may have
SEED = 20
END = b"\x04"  # of what code prints, and of its traceback


def run(code, flash, cut_after=None, torn=None):
    """Boot, type code, and wait for its end or for the cut; returns the board."""
    typed = [(TYPED_MS * 1e6, b"\r\x01"), (TYPED_MS * 1e6 + 50e6, b"import machine\n" + code.encode() + b"\x04")]
    image = firmware_image(BOARD)
    with VirtualBoard(image, flash=flash, script=typed, warp=True, cut_after=cut_after, torn=torn) as board:
        end = time.monotonic() + LIMIT_S
        while board.ended is None and time.monotonic() < end and board.printed.count(END) < 2:
            time.sleep(0.02)
        if cut_after:
            board.wait_ended(LIMIT_S)
            assert board.ended == "cut", (cut_after, board.ended, board.printed)
        else:
            assert board.ended is None and board.printed.count(END) == 2, (board.ended, board.printed)
    return board


def answer(code, flash):
    """Boot, and return the lines that code prints."""
    printed, raised, _ = bytes(run(code, flash).printed).split(END)
    assert not raised, raised
    return printed.partition(b">OK")[2].decode().splitlines()


USE = """
import kiosk
with open("/after", "wb") as file:
    file.write(b"the cut" * 100)
with open("/after", "rb") as file:
    print(file.read() == b"the cut" * 100)
kiosk.state()
"""


def used(lines):
    """What USE printed, when all is well: the file, and the kiosk's own answer, which comes when the code is done."""
    state = json.loads(lines[-1])
    return lines[0] == "True" and (state["running"], state["failure"]) == (None, "")


def operations(board):
    """The flash operations of a run."""
    return board.counts.erased + board.counts.programmed


@pytest.fixture(scope="module")
def booted(tmp_path_factory):
    """The flash of a board that has booted once, and the flash operations that this took."""
    flash = tmp_path_factory.mktemp("flash") / "booted"
    board = run("", flash)
    assert operations(board) >= 4  # littlefs cannot be made with less
    return flash.read_bytes(), operations(board)


def in_parallel(check, cases):
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda case: check(*case), cases))


@pytest.mark.timeout(600)
def test_a_cut_of_the_first_boot_is_survived(booted, tmp_path):
    """In every operation, or behind it, in turn."""
    cases = [(number, number if number % 2 else None) for number in range(1, booted[1] + 1)]

    def survives(number, torn):
        flash = tmp_path / f"{number} {torn}"
        run("", flash, cut_after=number, torn=torn)
        return used(answer(USE, flash))

    assert dict(zip(cases, in_parallel(survives, cases))) == dict.fromkeys(cases, True)


WRITE = """
import os
def content(number):
    return bytes((number * 37 + index) & 255 for index in range(number * 700))
for number in range(1, 7):
    with open("/plain", "wb") as file:
        file.write(content(number))
    machine.mem32[0x4006C000] = 2 * number
    with open("/new", "wb") as file:
        file.write(content(number))
    os.rename("/new", "/renamed")
    machine.mem32[0x4006C000] = 2 * number + 1
"""

READ = (
    USE
    + """
def content(number):
    return bytes((number * 37 + index) & 255 for index in range(number * 700))
def which(path):
    try:
        with open(path, "rb") as file:
            got = file.read()
    except OSError:
        return 0
    if not got:
        return 0  # littlefs makes a new file when it is opened, and empty
    for number in range(1, 7):
        if content(number) == got:
            return number
    return -len(got)
print(which("/plain"), which("/renamed"))
"""
)


@pytest.mark.timeout(600)
def test_a_cut_leaves_the_old_file_or_the_new_one(booted, tmp_path):
    """A sample of the operations, the same each time, half of them torn; the first and the last are in it."""
    (tmp_path / "whole").write_bytes(booted[0])
    count = operations(run(WRITE, tmp_path / "whole"))
    assert count > 60
    chosen = sorted({1, count, *random.Random(SEED).sample(range(2, count), 6)})
    cases = [(number, number if index % 2 else None) for index, number in enumerate(chosen)]

    def outcome(number, torn):
        flash = tmp_path / f"{number} {torn}"
        flash.write_bytes(booted[0])
        board = run(WRITE, flash, cut_after=number, torn=torn)
        done = [mark.value for mark in board.marks]
        plain, renamed = (max((value // 2 for value in done if value % 2 == odd), default=0) for odd in (0, 1))
        lines = answer(READ, flash)
        assert used(lines), (number, torn, lines)
        found = tuple(int(word) for word in lines[1].split())
        return found[0] in (plain, plain + 1) and found[1] in (renamed, renamed + 1), (plain, renamed), found

    outcomes = dict(zip(cases, in_parallel(outcome, cases)))
    assert all(right for right, *_ in outcomes.values()), outcomes


def test_a_torn_operation_has_done_a_part(booted, tmp_path):
    """The same seed tears in the same way; bits only go where the operation would have brought them."""
    before, count = booted[0], 40  # a page in the midst of a file
    states = {}
    for name, cut_after, torn in (
        ("before", count - 1, None),
        ("after", count, None),
        ("a", count, 5),
        ("b", count, 5),
    ):
        flash = tmp_path / name
        flash.write_bytes(before)
        run(WRITE, flash, cut_after=cut_after, torn=torn)
        states[name] = flash.read_bytes()
    assert states["a"] == states["b"]
    assert states["a"] not in (states["before"], states["after"])
    number = {name: int.from_bytes(state, "big") for name, state in states.items()}
    assert (number["a"] ^ number["before"]) & ~(number["after"] ^ number["before"]) == 0


def test_torn_without_a_cut_is_refused():
    with pytest.raises(TargetError, match="torn: in which flash operation"):
        VirtualBoard(firmware_image(BOARD), torn=1)
