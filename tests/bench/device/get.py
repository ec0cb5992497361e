"""
MicroPython script: what a GET of 1 KB takes, by wx.request and by micropython-lib's `requests`, in one process.

    get.py URL FOLDER_OF_REQUESTS

Rounds of each kind take turns, so that a busy machine slows them all.  Prints one JSON line: the median round of each
kind, in microseconds a request, wall time.
"""

import asyncio
import gc
import json
import sys
import time

from kiosk import app
from kiosk.net import pool

_ROUNDS = 15
_EACH = 40

url, folder = sys.argv[1:]
sys.path.insert(0, folder)  # before the frozen one, which has a gate before it

import requests  # noqa: E402
import wx  # noqa: E402

app.current = app.MiniProgram("/", {}, {"appid": "bench", "urlCheck": False}, {})


async def peer():
    response = requests.get(url)  # noqa: ASYNC210  that it blocks is its way
    assert len(response.content) == 1024
    response.close()


async def fresh():
    pool.close_all()
    await kept()


async def kept():
    response = await wx.request(url=url, responseType="arraybuffer")
    assert len(response.data) == 1024


async def round_us(get):
    gc.collect()
    await get()
    start = time.ticks_us()
    for _ in range(_EACH):
        await get()
    return time.ticks_diff(time.ticks_us(), start) / _EACH


async def main():
    kinds = {"requests": peer, "fresh": fresh, "kept": kept}
    rounds = {name: [] for name in kinds}
    for _ in range(_ROUNDS):
        for name, get in kinds.items():
            rounds[name].append(await round_us(get))
    print(json.dumps({name: sorted(taken)[_ROUNDS // 2] for name, taken in rounds.items()}))


asyncio.run(main())
