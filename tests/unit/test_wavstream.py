"""WAV files over the network: kiosk.media.wavstream."""

import asyncio
import struct

from kiosk.media import sources
from tests.fakes.httpserver import Loopback, ok
from tests.fakes.soundserver import ranged

CONTENT = b"".join(bytes((at * 7 + part) & 255 for at in range(250)) for part in range(48))


def wav(samples, channels=1, more=b"", size=None):
    """A WAV file of 8 kHz."""
    size = len(samples) if size is None else size
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, 8000, 16000 * channels, 2 * channels, 16)
    return b"RIFF\0\0\0\0WAVE" + more + form + b"data" + struct.pack("<I", size) + samples


async def _all(reader, piece=300):
    found, view = b"", memoryview(bytearray(piece))
    while True:
        count = reader.read_into(view)
        if count is None:
            await asyncio.sleep_ms(1)
        elif count:
            found += bytes(view[:count])
        else:
            return found


async def test_a_wav_is_played_while_it_comes():
    samples = CONTENT
    cover = b"LIST" + struct.pack("<I", 9001) + bytes(9002)
    for more, size in ((b"", None), (cover, None), (b"", 0), (b"", 0xFFFFFFFF)):
        async with Loopback(ranged(wav(samples, 2, more, size))) as net:
            reader = await sources.open_source(net.url)
            assert (reader.rate_hz, reader.channels, reader.duration_ms) == (8000, 2, 375)
            assert 0 <= reader.buffered_ms <= 375
            assert await _all(reader) == samples
            reader.seek_ms(250)
            assert reader.position_ms == 250
            assert await _all(reader) == samples[8000:]
            reader.close()


async def test_a_wav_of_unknown_length_is_played_to_its_end():
    samples = CONTENT[:9001]

    async def play(connection):
        await connection.request()
        await connection.send(b"HTTP/1.0 200 OK\r\n\r\n" + wav(samples, 1, b"", 0xFFFFFFFF))

    async with Loopback(play) as net:
        reader = await sources.open_source(net.url)
        assert reader.duration_ms is None
        assert await _all(reader) == samples[:9000]
        reader.close()


async def test_a_wav_that_drips_is_whole():
    samples = CONTENT[:400]
    file = wav(samples, 2)

    async def play(connection):
        await connection.request()
        reply = ok(file)
        for at in range(0, len(reply), 3):
            await connection.send(reply[at : at + 3])
            await asyncio.sleep_ms(0)

    async with Loopback(play) as net:
        reader = await sources.open_source(net.url)
        assert await _all(reader) == samples
        reader.close()
