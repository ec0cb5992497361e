"""The drivers of the codec chips against models that are silent and deaf until every register is right."""

import pytest

from host_tools.models.es8311 import Es8311
from host_tools.models.es8388 import Es8388
from host_tools.models.wiring import I2cWiring, I2sWiring
from host_tools.paths import ROOT
from host_tools.target import open_target
from tests.system.audio.conftest import PRELUDE
from tests.system.audio.waiting import ask, finish, sounds

BUS = {"sda": 12, "scl": 13}
CLOCK_PIN = 22
SAID = [(index * 37) % 30000 - 15000 or 1 for index in range(6000)]
SETUP = """
from machine import I2C, Pin, PWM
i2c = I2C(0, sda=Pin(12), scl=Pin(13))
clocks = []
def clock(hz):
    clocks.append(hz)
"""
PWM_CLOCK = """
pwm = PWM(Pin(22))
def clock(hz):
    pwm.init(freq=hz or 8, duty_u16=32768 if hz else 0)
"""
# name -> (model, how the driver is made, rates it can play, rates it can hear)
LOW_HZ, HIGH_HZ = (8000, 11025, 12000, 16000), (22050, 24000, 32000, 44100, 48000)
CHIPS = {
    "es8311 on bclk": (Es8311, "ES8311(i2c)", HIGH_HZ, LOW_HZ[1:] + HIGH_HZ),
    "es8311 on mclk": (Es8311, "ES8311(i2c, clock=clock)", LOW_HZ + HIGH_HZ, LOW_HZ + HIGH_HZ),
    "es8388": (Es8388, "ES8388(i2c, clock)", LOW_HZ + HIGH_HZ, LOW_HZ + HIGH_HZ),
}
MADE = """
codec = %s
amplifier = codec.speaker(1, Pin(19), Pin(20), Pin(21))
ear = codec.microphone(0, Pin(19), Pin(20), Pin(18))
"""
PLAY = """
import array
data = array.array('h', [(i * 37) %% 30000 - 15000 or 1 for i in range(2400)])
async def play():
    amplifier.open(%d, 2)
    await amplifier.write(bytes(data))
    await amplifier.close()
begin(play())
"""
LISTEN = """
async def listen():
    heard, part = bytearray(), memoryview(bytearray(400))
    ear.open(%d)
    while len(heard) < 4000:
        heard.extend(part[:await ear.read_into(part)])
    ear.deinit()
    return bytes(heard[:4000])
begin(listen())
"""


@pytest.fixture
def coded(tmp_path):
    """Start a board with a codec: `coded("unix", "es8388")`; returns the target and the chip's model."""
    started = []

    def start(name, chip, others=()):
        model = CHIPS[chip][0](SAID)
        output = open(tmp_path / f"output{len(started)}", "w+", encoding="utf-8")  # noqa: SIM115
        pins = {**BUS, "mclk": CLOCK_PIN} if name == "unix" else BUS
        chips = [
            I2cWiring(model, 0, pins),
            I2sWiring(model.speaker, 19, 20, 21),
            I2sWiring(model.microphone, 19, 20, 18),
        ]
        settings = {"warp": True} if name == "virtual" else {"errors": output}
        target = open_target(name, chips=[*chips, *others], output=output, **settings)
        started.append((target, output))
        target.exec(PRELUDE + SETUP)
        driver = CHIPS[chip][1].partition("(")[0]
        for module in ("codec", driver.lower()):
            target.put(f"/{module}.py", (ROOT / "drivers" / "audio" / f"{module}.py").read_bytes())
            target.exec(f"sys.path.append('/')\nimport {module}\nsys.modules['audio.{module}'] = {module}")
        target.exec(f"from {driver.lower()} import {driver}\n" + (PWM_CLOCK if name == "unix" else ""))
        target.exec(MADE % CHIPS[chip][1])
        return target, model

    yield start
    for target, output in started:
        target.close()
        output.close()


def played(target, model, rate_hz):
    """What comes out of both sides when the test's 1200 frames are played."""
    model.speaker.words.clear()
    target.exec("ended.clear()" + PLAY % rate_hz)
    assert finish(target) == [None]
    return [sounds(model.speaker, side) for side in (0, 1)]


def heard(target, rate_hz):
    """2000 samples that the microphone has given."""
    target.exec("ended.clear()" + LISTEN % rate_hz)
    data = finish(target)[0]
    return [int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2)]


SENT = [(index * 37) % 30000 - 15000 or 1 for index in range(2400)]
BOTH = [SENT[::2], SENT[1::2]]


@pytest.mark.parametrize("chip", CHIPS)
def test_at_every_rate_what_is_written_is_played_and_what_is_said_is_heard(coded, chip):
    target, model = coded("unix", chip)
    played_hz, heard_hz = CHIPS[chip][2:]
    assert ask(target, "amplifier.rates_hz") == played_hz
    for rate_hz in played_hz:
        assert played(target, model, rate_hz) == BOTH
    for rate_hz in heard_hz:
        assert heard(target, rate_hz) == SAID[:2000]
    assert model.speaker.words[-1][2] == 0


@pytest.mark.parametrize(("chip", "mclk_hz"), [("es8311 on bclk", 0), ("es8311 on mclk", 6144000), ("es8388", 6144000)])
def test_the_board_s_pins_carry_the_same(coded, chip, mclk_hz):
    """The virtual board's PWM is not wired: a model that is told of each edge of 6 MHz would be too slow."""
    target, model = coded("virtual", chip)
    model.mclk_hz = mclk_hz
    assert played(target, model, 24000) == BOTH
    samples = heard(target, 24000)
    # What the emulator fetched while the same clocks served the DAC was silence, and is heard first.
    deaf = samples.index(SAID[0])
    assert deaf <= 512 and not any(samples[:deaf])
    assert samples[deaf:] == SAID[: 2000 - deaf]
    assert ask(target, "clocks") == ([mclk_hz, 0] * 2 if mclk_hz else [])


@pytest.mark.parametrize("chip", ["es8311 on mclk", "es8388"])
def test_a_wrong_clock_is_not_heard(coded, chip):
    target, model = coded("unix", chip)
    target.exec("def clock(hz):\n    pwm.init(freq=hz * 3 // 2 or 8, duty_u16=32768)\ncodec._clock = clock")
    assert played(target, model, 16000) == [[], []]
    assert not any(heard(target, 16000))


@pytest.mark.parametrize("chip", ["es8311 on bclk", "es8388"])
def test_volume_and_mute(coded, chip):
    target, model = coded("unix", chip)
    target.exec("codec.set_volume_db(-6)")
    factor = 10 ** (-6 / 20)
    assert played(target, model, 44100)[0] == [int(sample * factor) for sample in SENT[::2]]
    target.exec("codec.mute(True)")
    assert played(target, model, 44100) == [[], []]
    target.exec("codec.mute(False)\ncodec.set_volume_db(0)")
    assert played(target, model, 44100) == BOTH
    target.exec(
        "async def turn():\n    amplifier.open(44100, 2)\n    codec.mute(True)\n    codec.set_volume_db(-20)\nbegin(turn())"
    )
    finish(target, 2)
    registers = dict(model.registers)
    assert (registers[0x31] & 0x60 if chip.startswith("es8311") else registers[0x19] & 4) != 0
    assert registers[0x32 if chip.startswith("es8311") else 0x1A] == (0xBF - 40 if chip.startswith("es8311") else 40)
    target.exec("amplifier.deinit()\namplifier.deinit()")
    for volume_db in ("-97", "33"):
        said = refusal(target, f"codec.set_volume_db({volume_db})")
        assert said.startswith("ValueError('the volume goes from -9")


def refusal(target, code):
    """What the code raises, as the board writes it."""
    return target.exec(f"try:\n    {code}\nexcept Exception as exc:\n    print(repr(exc))").strip()


@pytest.mark.parametrize("chip", ["es8311 on bclk", "es8388"])
def test_it_is_powered_down_when_nobody_uses_it(coded, chip):
    target, model = coded("unix", chip)
    assert played(target, model, 44100) == BOTH
    off = {"es8311 on bclk": {0x0D: 0xFA, 0x12: 0x02, 0x31: 0x60}, "es8388": {0x02: 0xFF, 0x04: 0xC0, 0x19: 0x04}}[chip]
    assert {number: model.registers[number] for number in off} == off
    assert model.mclk_hz == 0


@pytest.mark.parametrize("chip", ["es8311 on bclk", "es8388"])
def test_speaker_and_microphone_take_turns(coded, chip):
    target, model = coded("unix", chip)
    target.exec("amplifier.open(44100, 2)")
    assert refusal(target, "ear.open(16000)") == 'OSError(16, "the codec\'s speaker is open")'
    assert refusal(target, "amplifier.open(44100, 2)") == "OSError(16, 'the speaker is open')"
    target.exec("amplifier.deinit()\near.open(16000)")
    assert refusal(target, "amplifier.open(44100, 2)") == 'OSError(16, "the codec\'s microphone is open")'
    assert refusal(target, "ear.open(16000)") == "OSError(16, 'the microphone is open')"
    target.exec("ear.deinit()\near.deinit()")
    assert played(target, model, 44100) == BOTH


def test_rates_that_a_chip_cannot_do_are_refused(coded):
    target, _ = coded("unix", "es8311 on bclk")
    assert refusal(target, "amplifier.open(8000, 1)") == "ValueError('the speaker cannot play 1 channels of 8000 Hz',)"
    assert refusal(target, "ear.open(8000)") == "ValueError('the microphone cannot hear at 8000 Hz',)"
    target.exec("ear.open(16000)\near.deinit()")  # nothing was taken by it


@pytest.mark.parametrize(("chip", "address"), [("es8311 on bclk", 0x18), ("es8388", 0x10)])
def test_a_chip_that_is_absent_or_another_one_is_named(coded, chip, address):
    target, model = coded("unix", chip)
    name = chip[:6].upper()
    model.is_there = False
    absent = f"OSError(19, 'no {name} answers at I2C address 0x{address:02x}')"
    assert refusal(target, "amplifier.open(44100, 2)") == absent
    assert refusal(target, "ear.open(44100)") == absent
    model.is_there = True
    genuine, register = dict(model.defaults), 0xFD if address == 0x18 else 0x01
    model.defaults = {**genuine, register: 0x55}
    model.registers[register] = 0x55
    other = (
        f"OSError(19, 'what answers at I2C address 0x{address:02x} is no {name}: register 0x{register:02x} is 0x55')"
    )
    assert refusal(target, "amplifier.open(44100, 2)") == other
    assert refusal(target, "ear.open(44100)") == other
    model.defaults = genuine
    model.registers = dict(genuine)
    assert played(target, model, 44100) == BOTH  # and nothing was left open by it


@pytest.mark.parametrize("chip", ["es8311 on bclk", "es8388"])
def test_a_chip_that_goes_while_it_plays_ends_nothing_else(coded, chip):
    target, model = coded("unix", chip)
    target.exec("amplifier.open(44100, 2)")
    model.is_there = False
    target.exec("amplifier.deinit()")
    assert refusal(target, "amplifier.open(44100, 2)").startswith("OSError(19, 'no ES83")
    model.is_there = True
    assert played(target, model, 44100) == BOTH


@pytest.mark.parametrize(
    ("model", "order"),
    [
        (Es8311, [(0x0D, 0x01), (0x00, 0x1F), (0x00, 0x80)]),
        (Es8388, [(0x04, 0x3C), (0x00, 0x80), (0x00, 0x00)]),
    ],
)
def test_the_models_forget_what_was_set_before_a_reset(model, order):
    chip = model()
    for number, value in order:
        chip.start(False)
        chip.write(number)
        chip.write(value)
        chip.stop()
    assert chip.registers[order[0][0]] == chip.defaults[order[0][0]]
    with pytest.raises(ValueError, match="has no register 128"):
        chip.start(False)
        chip.write(0x80)
        chip.write(0)
