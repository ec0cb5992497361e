"""PIO on the clock: MicroPython's own I2S driver (PIO and DMA) against models of an amplifier and a microphone."""

import struct
import wave

import pytest

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wiring import I2sWiring
from host_tools.target import open_target

HEARD = [(index * 1000) % 8_000_000 - 4_000_000 for index in range(1600)]

MARK = "machine.mem32[0x4006C000] = 0\n"


@pytest.fixture(scope="module")
def wired(tmp_path_factory):
    """A board with an amplifier at GPIO 16 to 18 and a microphone at 19 to 21; yields it with the amplifier's model."""
    audio = [I2sWiring(Speaker(), 16, 17, 18), I2sWiring(Microphone(HEARD), 19, 20, 21)]
    path = tmp_path_factory.mktemp("audio") / "output"
    settings = {"chips": audio, "warp": True}
    with open(path, "w", encoding="utf-8") as output, open_target("virtual", output=output, **settings) as target:
        target.exec("import machine\nfrom machine import I2S, Pin")
        yield target, audio[0].model


OUT = """
i2s = I2S(0, sck=Pin(16), ws=Pin(17), sd=Pin(18), mode=I2S.TX, bits=16, format=I2S.STEREO, rate=%d, ibuf=2000)
"""


def test_every_word_goes_out_once_and_in_order(wired, tmp_path):
    target, speaker = wired
    speaker.words.clear()
    target.exec("import array, time\ndata = array.array('h', [(i * 37) % 30000 - 15000 for i in range(3200)])")
    target.exec(OUT % 16000 + "i2s.write(data)\ni2s.write(data)\ntime.sleep_ms(200)\ni2s.deinit()\n")
    sent = [(index * 37) % 30000 - 15000 for index in range(3200)] * 2
    played = [value for _, _, value in speaker.words]
    start = played.index(sent[0])
    assert played[start : start + len(sent)] == sent
    assert not any(played[start + len(sent) :])  # silence, and no buffer twice
    assert speaker.words[start][0] == 0  # left first
    speaker.save(tmp_path / "played.wav", 16000)
    with wave.open(str(tmp_path / "played.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 16000)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_a_rate_that_no_divider_meets_is_kept_by_its_fraction(wired, rate):
    """How long a quarter of a second of sound takes, by the board's clock; the driver moves it in pieces of 16 frames."""
    target, _ = wired
    frames = rate // 4
    before = len(target.board.marks)
    target.exec(f"data = None\nimport gc\ngc.collect()\ndata = bytes({frames * 4})")  # a board has no room for two
    # The first write fills the buffers; from then on the line sets the pace.
    target.exec(OUT % rate + "i2s.write(data)\n" + MARK + "n = i2s.write(data)\n" + MARK + "i2s.deinit()", timeout_s=60)
    start, end = target.board.marks[before:]
    assert (end.cycles - start.cycles) / 125e6 == pytest.approx(frames / rate, rel=0.01)


def test_the_microphone_is_heard_bit_by_bit(wired):
    target, _ = wired
    target.exec("import struct\nbuffer = bytearray(4 * 1600)")
    target.exec(
        "i2s = I2S(1, sck=Pin(19), ws=Pin(20), sd=Pin(21), mode=I2S.RX, bits=32, format=I2S.MONO, rate=16000, ibuf=4000)\n"
        "i2s.readinto(buffer)\ni2s.deinit()"
    )
    data = bytes.fromhex(target.exec("import binascii; print(binascii.hexlify(buffer).decode())").strip())
    heard = [word >> 8 for word in struct.unpack("<1600i", data)]
    assert heard[1:] == HEARD[1:]  # the first word had begun before word select had ever changed


def test_a_wav_is_what_the_microphone_hears(tmp_path):
    with wave.open(str(tmp_path / "said.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(struct.pack("<6h", 1, 2, -3, 4, 5, 6))
    microphone = Microphone.from_wav(tmp_path / "said.wav")
    assert struct.unpack_from("<5i", microphone.listen()) == (256, -768, 1280, 0, 0)
