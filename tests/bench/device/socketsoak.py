"""
MicroPython script: 10,000 messages over WebSockets to an echo server that cuts its answers anywhere, then what is left.

    socketsoak.py PORT

Prints one JSON line: how often success, fail and complete were called and a message came, the descriptors and entries
of the poller that are left, and by how many bytes the heap has grown in the second half.
"""

import asyncio
import gc
import json
import os
import random
import sys

import wx
from kiosk import app

_TALKS = 20
_EACH = 500
figures = {"success": 0, "fail": 0, "complete": 0, "messages": 0}


def count(name):
    figures[name] += 1


async def talk():
    task = wx.connectSocket(url="ws://127.0.0.1:%s/" % sys.argv[1])
    happened, closed = asyncio.Event(), asyncio.Event()
    data = None

    def on_message(res):
        assert res.data == data
        count("messages")
        happened.set()

    task.onOpen(lambda res: happened.set())
    task.onMessage(on_message)
    task.onClose(lambda res: closed.set())
    for number in range(_EACH + 1):
        await happened.wait()
        happened.clear()
        if number == _EACH:
            break
        data = "é你x" * random.getrandbits(8)
        if number & 1:
            data = data.encode()
        task.send(
            data=data,
            success=lambda res: count("success"),
            fail=lambda res: count("fail"),
            complete=lambda res: count("complete"),
        )
    task.close()
    await closed.wait()
    await asyncio.sleep_ms(10)


async def least_held():
    # The collector takes a number on the stack for an address now and then, so no single figure says much.
    least = 1 << 30
    for _ in range(5):
        await asyncio.sleep_ms(2)
        gc.collect()
        least = min(least, gc.mem_alloc())
    return least


async def main():
    app.current = app.MiniProgram("/", {}, {"appid": "bench", "urlCheck": False}, {})
    descriptors = len(os.listdir("/proc/self/fd"))
    held = [0] * _TALKS
    for number in range(_TALKS):
        await talk()
        held[number] = await least_held()
    figures["descriptors"] = len(os.listdir("/proc/self/fd")) - descriptors + len(asyncio.core._io_queue.map)
    figures["bytes"] = min(held[_TALKS // 2 :]) - min(held[: _TALKS // 2])
    print(json.dumps(figures))


asyncio.run(main())
