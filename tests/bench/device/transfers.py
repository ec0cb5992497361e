"""
MicroPython script: a large file from a server to the flash and back, by wx.downloadFile and wx.uploadFile and by
micropython-lib's `requests`, and what of it the flash and the network take alone.

    transfers.py FLASH_FILE DOWNLOAD_URL UPLOAD_URL BYTES FOLDER_OF_REQUESTS

The flash is littlefs as the boards mount it, in a file of the host.  Both clients read and write it, `requests` in
pieces of 2 KB.  Prints one JSON line: the least time of each kind in ms, wall time, of rounds that take turns; and in
bytes, above the heap of before: `request`, what a GET holds when its head has come; `download_least`, `download_peak`,
`upload_least`, `upload_peak`: what a transfer holds while it goes on, looked at each time that it has got one percent on.
"""

import asyncio
import gc
import json
import os
import sys
import time

import vfs
from flashfile import FlashFile

_FLASH_KB = 48 * 1024  # three files of 10 MB: the one to upload, one being downloaded, the one before
_ROUNDS = 5
_PIECE = 2048  # what `requests` is given at a time
_BLOCK = 4096
_FILE = "/flash/bench/usr/big.bin"

flash_file, down_url, up_url, size, folder = sys.argv[1:]
size = int(size)
sys.path.append(folder)

import board  # noqa: E402

flash = FlashFile(flash_file, _FLASH_KB * 1024)
vfs.VfsLfs2.mkfs(flash, progsize=256)
vfs.mount(vfs.VfsLfs2(flash, progsize=256), "/flash")
board.data_folder = "/flash"

import requests  # noqa: E402
import wx  # noqa: E402
from kiosk import app, files  # noqa: E402
from kiosk.net import pool  # noqa: E402

app.current = app.MiniProgram("/flash", {}, {"appid": "bench", "urlCheck": False}, {})
files.current()
buffer = memoryview(bytearray(_PIECE))


class Held:
    """What the heap holds that is not garbage, above what it held when this was made: the least and the most."""

    def __init__(self):
        gc.collect()
        self._before = gc.mem_alloc()
        self.least = self.peak = None

    def look(self, result):
        gc.collect()
        above = gc.mem_alloc() - self._before
        self.least = above if self.least is None else min(above, self.least)
        self.peak = above if self.peak is None else max(above, self.peak)


async def download(held=None):
    task = wx.downloadFile(url=down_url)
    if held:
        task.onProgressUpdate(held.look)
    result = await task
    path = "/flash/bench/tmp/" + result.tempFilePath.rpartition("/")[2]
    assert result.statusCode == 200 and os.stat(path)[6] == size
    os.remove(path)


async def upload(held=None):
    task = wx.uploadFile(url=up_url, filePath="wxfile://usr/big.bin", name="file")
    if held:
        task.onProgressUpdate(held.look)
    result = await task
    assert result.statusCode == 200 and int(result.data) > size, result


async def requests_download():
    response = requests.get(down_url)  # noqa: ASYNC210  that it blocks is its way
    with open(_FILE + ".peer", "wb") as file:
        while True:
            count = response.raw.readinto(buffer)
            if not count:
                break
            file.write(buffer[:count])
    response.close()
    assert os.stat(_FILE + ".peer")[6] == size
    os.remove(_FILE + ".peer")


async def requests_upload():
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'
    tail = b"\r\n--x--\r\n"

    def parts():
        yield head
        with open(_FILE, "rb") as file:
            count = file.readinto(buffer)
            while count:
                yield buffer[:count]
                count = file.readinto(buffer)
        yield tail

    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(len(head) + size + len(tail))}
    response = requests.post(up_url, data=parts(), headers=headers)  # noqa: ASYNC210
    assert int(response.content) == len(head) + size + len(tail)
    response.close()


async def flash_write():
    piece = memoryview(bytearray(_BLOCK))
    with open(_FILE + ".alone", "wb") as file:
        for _ in range(size // _BLOCK):
            file.write(piece)
    os.remove(_FILE + ".alone")


async def flash_read():
    piece = memoryview(bytearray(_BLOCK))
    with open(_FILE, "rb") as file:
        while file.readinto(piece):
            pass


async def network():
    """The same bytes to a listener that drops them."""
    got = [0]

    def chunk(result):
        got[0] += len(result.data)

    task = wx.request(url=down_url, enableChunked=True, responseType="arraybuffer")
    task.onChunkReceived(chunk)
    await task
    assert got[0] == size, got


async def taken_ms(work):
    pool.close_all()
    gc.collect()
    start = time.ticks_ms()
    await work()
    return time.ticks_diff(time.ticks_ms(), start)


async def main():
    with open(_FILE, "wb") as file:
        for number in range(size // _BLOCK):
            file.write(bytes((number & 255,)) * _BLOCK)
    kinds = (download, requests_download, upload, requests_upload, flash_write, flash_read, network)
    least = {}
    for _ in range(_ROUNDS):
        for work in kinds:
            took_ms = await taken_ms(work)
            least[work.__name__] = min(took_ms, least.get(work.__name__, took_ms))
    for work in (download, upload):
        pool.close_all()
        held = Held()
        await work(held)
        least[work.__name__ + "_least"], least[work.__name__ + "_peak"] = held.least, held.peak
    pool.close_all()
    held = Held()
    task = wx.request(url=down_url, enableChunked=True)
    task.onHeadersReceived(held.look)
    await task
    least["request"] = held.peak
    print(json.dumps(least))


asyncio.run(main())
