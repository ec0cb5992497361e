"""wx.downloadFile: what holds the loop up, the flash, does so no more than once between two turns of it."""

import asyncio
import builtins

from kiosk.files import content
from kiosk.net import filesink
from tests.fakes.filestore import USR, read
from tests.fakes.httpserver import ok, replies
from tests.fakes.shop import Shop, noise


class Flash:
    """steps: (turn of the loop, what) for each call that may erase a block.  sizes: of what was written."""

    def __init__(self):
        self.turn = 0
        self.steps = []
        self.sizes = []

    def __enter__(self):
        self._take_name = content.take_name
        content.take_name = self._noted("rename", content.take_name)
        filesink.open = self._open
        self._ticker = asyncio.create_task(self._tick())
        return self

    def __exit__(self, *exc):
        content.take_name = self._take_name
        del filesink.open
        self._ticker.cancel()

    async def _tick(self):
        while True:
            self.turn += 1
            await asyncio.sleep_ms(0)

    def _noted(self, what, function):
        def noted(*args):
            self.steps.append((self.turn, what))
            return function(*args)

        return noted

    def _open(self, path, mode):
        file = self._noted("open", builtins.open)(path, mode)

        def write(data):
            self.sizes.append(len(data))
            return file.write(data)

        return File(self._noted("write", write), self._noted("close", file.close))


class File:
    """Of which every call is noted."""

    def __init__(self, write, close):
        self.write, self.close = write, close


async def test_the_loop_turns_between_any_two_things_that_may_erase_a_block():
    """Two erases in one turn took longer than a speaker's ring lasts: each download was heard once or twice."""
    body = noise(10000)
    async with Shop(replies(ok(body))) as net:
        with Flash() as flash:
            result = await net.ask("downloadFile", filePath=USR + "f.bin")
        assert result.errMsg == "downloadFile:ok" and read(net.files, USR + "f.bin") == body
        steps = ["open"] + ["write"] * 5 + ["close", "rename"]
        assert [what for _, what in flash.steps] == steps
        # No more than half a block: wherever it begins, it begins one other block at most.
        assert flash.sizes == [2048] * 4 + [10000 - 4 * 2048]
        turns = [turn for turn, _ in flash.steps]
        assert len(set(turns)) == len(turns), flash.steps
