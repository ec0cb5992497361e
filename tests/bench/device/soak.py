"""
MicroPython script: what many requests leave behind.

    soak.py aborted URL COUNT SEED [PATH...]   of COUNT requests, four at a time, one in ten is aborted at a random moment
    soak.py kept URL COUNT                     one GET after the other over a kept connection

Prints MicroPython's own picture of the heap ("max free sz" is the largest free block), _TRIES times before and after, and
one JSON line:

    calls, aborted; success, fail, complete: how many were called; wrong: calls that had not one success or fail and then
    one complete; stages: at how many different moments (turns of the loop after the call) an abort has ended a call;
    descriptors, heap: how many more descriptors and bytes than before
"""

import asyncio
import gc
import json
import os
import random
import sys

import micropython

import wx
from kiosk import app
from kiosk.net import pool

_WORKERS = 4
_WARM_UP = 100
_TRIES = 10
_ABORT_TURNS = 16  # within them nearly every call has ended

mode, url, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
paths = sys.argv[5:] or ["/"]


class Counts:
    """What the callbacks of all calls have said."""

    def __init__(self):
        self.calls = self.aborted = self.success = self.fail = self.complete = self.wrong = 0
        self.stages = set()


counts = Counts()


async def one(abort):
    """One call by callbacks, aborted after a random number of turns or left alone."""
    heard = []
    over = asyncio.Event()

    def completed(result):
        heard.append("complete")
        over.set()

    counts.calls += 1
    task = wx.request(
        url=url + random.choice(paths),
        responseType="arraybuffer",
        success=lambda result: heard.append("success"),
        fail=lambda result: heard.append("fail"),
        complete=completed,
    )
    if abort:
        turns = random.randrange(_ABORT_TURNS)
        for _ in range(turns):
            await asyncio.sleep_ms(0)
        counts.aborted += 1
        if not heard:
            counts.stages.add(turns)
        task.abort()
    await over.wait()
    await asyncio.sleep_ms(0)
    for name in heard:
        setattr(counts, name, getattr(counts, name) + 1)
    if heard not in (["success", "complete"], ["fail", "complete"]) or (heard[0] == "fail" and not abort):
        counts.wrong += 1


async def aborted(calls):
    async def work(share):
        for _ in range(share):
            await one(random.randrange(10) == 0)

    await asyncio.gather(*[work(calls // _WORKERS) for _ in range(_WORKERS)])


async def kept(calls):
    for _ in range(calls):
        counts.calls += 1
        if len((await wx.request(url=url, responseType="arraybuffer")).data) == 1024:
            counts.success += 1


async def settled():
    """(descriptors, bytes allocated), with nothing going on: the least of some tries, between which a request is made."""
    # The collector takes what the stack has left for pointers, so that parts of a request that is over may stay, now
    # here, now there.
    least = []
    for _ in range(_TRIES):
        await wx.request(url=url)
        pool.close_all()
        await asyncio.sleep_ms(20)
        gc.collect()
        micropython.mem_info()
        least.append((len(os.listdir("/proc/self/fd")), gc.mem_alloc()))
    return min(least)


async def main():
    global counts
    app.current = app.MiniProgram("/", {}, {"appid": "bench", "urlCheck": False}, {})
    soak = aborted if mode == "aborted" else kept
    if mode == "aborted":
        random.seed(int(sys.argv[4]))
    await soak(_WARM_UP)
    gc.collect()
    counts = Counts()
    descriptors, heap = await settled()
    await soak(count)
    descriptors_after, heap_after = await settled()
    figures = {name: getattr(counts, name) for name in ("calls", "aborted", "success", "fail", "complete", "wrong")}
    figures["stages"] = len(counts.stages)
    figures["descriptors"], figures["heap"] = descriptors_after - descriptors, heap_after - heap
    print(json.dumps(figures))


asyncio.run(main())
