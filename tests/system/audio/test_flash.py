"""Sound goes on while the flash of an RP2040 is erased and programmed: 50 ms in which nothing can be fetched from it."""

import re
import subprocess

import pytest

from host_tools.paths import firmware_image
from host_tools.virtual_board.nano import BOARD
from tests.system.audio.waiting import finish, sounds

SAID = [(index * 3701) % 8_000_000 - 4_000_000 or 1 for index in range(8000)]
# A block of which nothing is in use: littlefs erases before it programs.
CHANGES = """
def blank():
    view, number = bytearray(4096), board.flash.ioctl(4, 0)
    while True:
        number -= 1
        board.flash.readblocks(number, view)
        if view.count(b"\\xff") == 4096:
            return number
async def change(times):
    block, text = blank(), bytes(4096)
    for _ in range(times):
        board.flash.ioctl(6, block)  # erases it
        await asyncio.sleep_ms(30)
        board.flash.writeblocks(block, text)  # erases it, and programs 16 pages
        await asyncio.sleep_ms(30)
    board.flash.ioctl(6, block)
"""
PLAY = """
import array
data = array.array('h', [(i * 37) %% 30000 - 15000 or 1 for i in range(%d)])
amplifier = __import__(board.speaker).speaker()
async def play():
    amplifier.open(%d, %d)
    for _ in range(%d):
        await amplifier.write(bytes(data))
    await amplifier.close()
begin(play())
begin(change(3))
"""
LISTEN = """
import time
ear = __import__(board.microphone).microphone()
heard = bytearray(20000)
async def listen():
    view, done = memoryview(heard), 0
    ear.open(16000)
    began = time.ticks_ms()
    while done < len(view):
        done += await ear.read_into(view[done:])
    ear.deinit()
    return time.ticks_diff(time.ticks_ms(), began)
begin(listen())
begin(change(1))
"""


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (16000, 2), (44100, 2), (48000, 1)])
def test_every_sample_is_played(sounding, rate_hz, channels):
    target, speaker = sounding("virtual")
    count, times = 4000 * channels, rate_hz // 8000
    target.exec(CHANGES + PLAY % (count, rate_hz, channels, times))
    finish(target, 2)
    sent = [(index * 37) % 30000 - 15000 or 1 for index in range(count)] * times
    for side in (0, 1):
        assert sounds(speaker, side) == sent[side % channels :: channels]
        assert speaker.side(side)[-1] == 0
    # And the line never stood still: each 50 ms would be missing here.
    played_ms = len(speaker.words) / 2 / rate_hz * 1000
    assert played_ms == pytest.approx((speaker.last_ns - speaker.first_ns) / 1e6, abs=10)


def test_every_sample_is_recorded(sounding):
    target, _ = sounding("virtual", SAID)
    target.exec(CHANGES + LISTEN)
    ended = finish(target, 2)
    taken_ms = next(each for each in ended if each is not None)
    assert taken_ms == pytest.approx(5000 / 16, abs=30)  # the clock never stood still, of which three times 50 ms
    data = bytes.fromhex(target.exec("print(heard.hex())", timeout_s=60).strip())
    words = [int.from_bytes(data[at : at + 4], "little", signed=True) >> 8 for at in range(0, len(data), 4)]
    assert words[1:] == SAID[1 : len(words)]  # the first word had begun before word select had ever changed


def test_what_runs_meanwhile_is_in_ram():
    elf = firmware_image(BOARD).with_suffix(".elf")
    command = ["arm-none-eabi-objdump", "-d", "--disassemble=serve", str(elf)]
    code = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = re.findall(r"^([0-9a-f]{8}):\t[0-9a-f ]+\t(.+)$", code, re.M)
    assert lines and all(address.startswith("20") for address, _ in lines)
    called = re.findall(r"\bblx?\s+(\w+)", code)
    assert all(address.startswith("20") for address in called)
    assert not re.search(r"\.word\s+0x1", code)  # nor a constant or a function's address in flash
