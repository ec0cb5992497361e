"""
MicroPython script: the heap that a kiosk with an idle mini-program holds, and what launches leave.

    heap.py bare --flash FILE                   an interpreter with the same flash mounted, nothing else: the baseline
    heap.py kiosk --flash FILE --app idle=DIR   the kiosk with the mini-program `idle` running, then 1,000 launches

Prints one JSON line of bytes.
"""

import gc
import json
import sys

_SETTLED_MS = 1500  # what the start needed once is gone then, and its traces on the stack, too


def allocated():
    gc.collect()
    return gc.mem_alloc()


def bare(flash):
    import vfs
    from flashfile import FlashFile

    flash = FlashFile(flash, 1024 * 1024)
    vfs.VfsLfs2.mkfs(flash, progsize=256)
    vfs.mount(vfs.VfsLfs2(flash, progsize=256), "/flash")
    return {"bare": allocated()}


async def kiosk():
    import asyncio

    from kiosk import supervisor

    await asyncio.sleep_ms(_SETTLED_MS)
    await supervisor.launch("idle")
    figures = {"idle": allocated()}
    await supervisor.stop()
    for _ in range(3):
        await supervisor.launch("idle")
        await supervisor.stop()
    before = allocated()
    for _ in range(1000):
        await supervisor.launch("idle")
        await supervisor.stop()
    figures["left"] = allocated() - before
    return figures


mode = sys.argv.pop(1)
if mode == "bare":
    print(json.dumps(bare(sys.argv[2])))
else:
    import board

    board.start()
    from kiosk import supervisor

    result = {}

    async def measure():
        result.update(await kiosk())
        raise EOFError  # ends the kiosk as a lost console does

    supervisor.run(measure)
    print(json.dumps(result))
