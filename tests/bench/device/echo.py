"""
MicroPython script: what an echo over a WebSocket takes, by wx.connectSocket.

    echo.py PORT ROUNDS

Takes `SIZE COUNT` lines from its input, and answers each with the microseconds an echo, wall time, of COUNT binary
messages of SIZE bytes.  Ends with its input.
"""

import asyncio
import gc
import sys
import time

import wx
from kiosk import app


async def main():
    app.current = app.MiniProgram("/", {}, {"appid": "bench", "urlCheck": False}, {})
    task = wx.connectSocket(url="ws://127.0.0.1:%s/" % sys.argv[1])
    opened, arrived = asyncio.Event(), asyncio.Event()
    task.onOpen(lambda res: opened.set())
    await opened.wait()
    left = 0
    data = b""

    def on_message(res):
        nonlocal left
        assert res.data == data
        left -= 1
        if left:
            task.send(data=data)
        else:
            arrived.set()

    task.onMessage(on_message)
    for line in sys.stdin:
        size, count = (int(word) for word in line.split())
        data = bytes(range(256)) * (size // 256) + bytes(size % 256)
        gc.collect()
        for rest in (1, count):  # the first one warms up
            left = rest
            arrived.clear()
            start = time.ticks_us()
            task.send(data=data)
            await arrived.wait()
        print(time.ticks_diff(time.ticks_us(), start) / count)


asyncio.run(main())
