"""A cut of the power after each flash operation of the very first boot leaves a board that starts."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from host_tools.paths import firmware_image
from host_tools.target import open_target
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD


def first_boot(flash, cut_after=None):
    """Start a board with an empty flash; return it when the power is cut, or when it answers at its console."""
    if cut_after:
        with VirtualBoard(firmware_image(BOARD), flash=flash, cut_after=cut_after, warp=True) as board:
            assert board.wait_ended(60) == "cut", f"after {cut_after}"
        return board
    with open_target("virtual", flash=flash, warp=True) as target:
        assert target.state()["running"] is None
    return target.board


def survives(folder, operation):
    """Cut after an operation, then boot again and use the flash."""
    flash = folder / str(operation)
    first_boot(flash, cut_after=operation)
    with open_target("virtual", flash=flash, warp=True) as target:
        target.put("/written", b"after the cut")
        return target.get("/written") == b"after the cut" and target.state()["failure"] == ""


@pytest.mark.timeout(300)
def test_a_cut_after_any_operation_of_the_first_boot_is_survived(tmp_path):
    counts = first_boot(tmp_path / "whole").counts
    operations = counts.erased + counts.programmed
    assert operations >= 4  # littlefs cannot be made with less
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda number: survives(tmp_path, number), range(1, operations + 1)))
    assert outcomes == [True] * operations
