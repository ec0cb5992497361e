"""
The kiosk's album: pictures and videos in a folder of the flash, for all mini-programs, and the pages that choose from it.

May touch folder(): the board's `album_folder`, where it names one (on a card, for example), else /album.  By job: shelf (what is in it,
newest first), thumbs (small pictures of them), saving (into it), smaller (large pictures made small); pages over the mini-program's:
grid, shutter, filming (on camerapage), preview; and choosing, which is wx.chooseImage and wx.chooseVideo.

Whoever uses it holds it, and with the last who lets go of it all its modules are forgotten:

    with album.Holding():
        ...
"""

import gc
import sys

import board
from kiosk import loader

_holders = 0


def folder():
    """str: where the files are; it need not be there yet."""
    return getattr(board, "album_folder", "/album")


class Holding:
    """A context in which the album's modules stay."""

    def __enter__(self):
        hold()

    def __exit__(self, *exc):
        let_go()


def hold():
    """The album's modules are needed, until let_go()."""
    global _holders
    _holders += 1


def let_go():
    """One who held them needs them no longer."""
    global _holders
    _holders -= 1
    if not _holders:
        for name in tuple(sys.modules):
            if name.startswith("kiosk.album"):
                loader.forget(name)
        gc.collect()
