"""What wx.setStorageSync asks of the real flash driver and littlefs: operations of the emulated flash, exact."""

from tests.system.virtual.boards import install

PROGRAM = """
import wx

machine = __import__("machine")


@Page
class Index:
    def store(self, size):
        for number in range(6):
            value = "%08d" % number + "v" * (size - 8)
            machine.mem32[0x4006C000] = 1
            wx.setStorageSync("key", value)
            machine.mem32[0x4006C000] = 2
"""


def operations(target, size):
    """(sectors erased, pages programmed) of six calls, the first of which makes the file."""
    before = len(target.board.marks)
    target.exec(f"from kiosk import router\nrouter.stack[-1].store({size})", timeout_s=60)
    marks = target.board.marks[before:]
    return [
        (end.erased - start.erased, end.programmed - start.programmed) for start, end in zip(marks[::2], marks[1::2])
    ]


def test_a_small_value_costs_one_page_and_a_large_one_a_sector(virtual, tmp_path):
    install(virtual, tmp_path, PROGRAM)
    assert virtual.launch("test")["errMsg"] == "launch:ok"
    small, large = operations(virtual, 20), operations(virtual, 1024)
    virtual.stop()
    assert len(small) == len(large) == 6
    # One commit each; at most one of six calls meets a full log, whose sectors are then written anew.
    assert small[1:].count((0, 1)) >= 4, small
    # The data's pages and the file's, in a sector that had to be erased, and a commit.
    assert large[1:].count((1, 7)) >= 4, large
    assert all(erased <= 3 for erased, _ in small + large), (small, large)
