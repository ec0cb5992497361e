"""Run by MicroPython: `play.py FOLDER SRC OUT [MS ...]`: what a Player reads of a source, all of it, and again from each MS on.

SRC is a file of FOLDER or an address.  Prints a line of JSON: what the source says of itself, before and after, or the error;
for each MS, where its samples begin in OUT.
"""

import asyncio
import gc
import json
import sys

from kiosk import app, files
from kiosk.errors import KioskError
from kiosk.media import decoded, framed, hls, httpbytes, mp4, sources, wavstream  # noqa: F401  before memory is counted

TRIES = 200000


async def read(reader, out, said):
    view = memoryview(bytearray(2048))
    waits = 0
    while True:
        count = reader.read_into(view)
        if count is None:
            waits += 1
            if waits > TRIES:
                raise RuntimeError("it waits for ever")
            await asyncio.sleep_ms(0 if waits % 8 else 1)
        elif count:
            out.write(view[:count])
        else:
            break
    said["waits"] = said.get("waits", 0) + waits


async def main(folder, src, target, *places):
    app.current = app.MiniProgram(folder, {}, {"appid": "test"}, {})
    files._current = files.Files(target + ".files", folder, 1000000, app.current)
    said = {}
    gc.collect()
    before = gc.mem_alloc()
    try:
        reader = await sources.open_source(src)
        gc.collect()
        decoder = getattr(reader, "_decoder", None)
        said["held"] = gc.mem_alloc() - before - (decoder.state_bytes if decoder else 0)
        said["opened"] = [reader.rate_hz, reader.channels, reader.duration_ms, reader.position_ms]
        with open(target, "wb") as out:
            await read(reader, out, said)
            said["ended"] = [reader.duration_ms, reader.position_ms]
            said["starts"] = []
            for place in places:
                reader.seek_ms(int(place))
                said["starts"].append([out.tell(), reader.position_ms])
                await read(reader, out, said)
        reader.close()
        said["held_open"] = len(files._current.held)
    except KioskError as exc:
        said["error"] = [exc.errno, exc.reason]
    print(json.dumps(said))


asyncio.run(main(*sys.argv[1:]))
