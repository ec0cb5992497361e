"""PCM through kiosk.media.player to the RP2040's pins: the bits on SCK, WS and SD are the file's samples, at every rate."""

import pytest

from tests.system.audio.test_sound import largest_step, tone, wav
from tests.system.audio.waiting import finish, sounds

PLAY = """
from kiosk.media.player import Player
from kiosk.media.wav import WavReader
events = []
async def open_file(src):
    return WavReader(open(src, "rb"))
async def whole():
    player = Player(open_file, lambda *event: events.append(event[0]))
    player.src = "/said.wav"
    player.play()
    while "Ended" not in events and "Error" not in events:
        await asyncio.sleep_ms(20)
    player.destroy()
    return silent()
async def cut(ms):
    player = Player(open_file, lambda *event: events.append(event[0]))
    player.src = "/said.wav"
    player.play()
    await asyncio.sleep_ms(ms)
    player.stop()
    await asyncio.sleep_ms(300)
    return silent()
def silent():
    from kiosk.media import mixer
    return mixer.current().is_idle, mixer.current().underruns
"""
LINES = [(8000, 1), (8000, 2), (16000, 1), (32000, 2), (44100, 1), (44100, 2), (48000, 1), (48000, 2)]


@pytest.mark.parametrize(("rate_hz", "channels"), LINES)
def test_the_words_on_the_pins_are_the_file_s_samples(sounding, rate_hz, channels):
    target, speaker = sounding("virtual")
    values = tone(3000 * channels)
    target.put("/said.wav", wav(values, rate_hz, channels))
    target.exec(
        PLAY
        + "async def run():\n    ended = await whole()\n    await asyncio.sleep_ms(300)\n    return ended\nbegin(run())"
    )
    finish(target)
    assert speaker.rate_hz() == rate_hz  # by the times of the words
    for side in (0, 1):
        heard, sent = sounds(speaker, side), values[side % channels :: channels]
        assert heard[: len(sent)] == sent
        # after the last sample a ramp of 5 ms to zero, then zeros to the end
        assert len(heard) - len(sent) <= rate_hz * 5 // 1000
        assert not any(speaker.side(side)[-100:])
    assert {bits for _, bits, _ in speaker.words[2:]} == {16}  # the first began before the clock ran


@pytest.mark.parametrize(("rate_hz", "channels"), [(16000, 1), (44100, 2)])
def test_stop_fades_and_ends_in_zeros(sounding, rate_hz, channels):
    target, speaker = sounding("virtual")
    target.put("/said.wav", wav([8000] * (rate_hz // 4 * channels), rate_hz, channels))
    target.exec(PLAY + "begin(cut(60))")
    is_idle, underruns = finish(target)[0]
    assert is_idle and underruns == 0
    for side in (0, 1):
        heard = sounds(speaker, side)
        assert heard[0] == 8000 and 0 < len(heard) < rate_hz // 4
        assert largest_step([*heard, 0]) <= 8000 // (rate_hz * 5 // 1000) + 1
        assert not any(speaker.side(side)[-100:])
