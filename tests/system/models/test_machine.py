"""`machine` of the emulator beside that of the RP2040's real image: the same code, the same models, the same answers."""

import ast
import subprocess
import sys
import time
from pathlib import Path

import pytest

from host_tools.errors import ExecError, TargetError
from host_tools.models.button import Button
from host_tools.models.wires import SpiModel
from host_tools.models.wiring import AnalogWiring, I2cWiring, PinWiring, SpiWiring, UartWiring
from host_tools.target import open_target
from tests.system.models.chips import Divider, Inverter, Lamp, Modem, Registers


def ask(target, code):
    """What the last line of the code is, as a value."""
    *before, last = code.strip().splitlines()
    return ast.literal_eval(target.exec("\n".join([*before, f"print(repr(({last})))"]), timeout_s=60))


def test_spi_exchanges_each_byte_where_the_model_is_asked(wired):
    chip = Inverter()
    target = wired([SpiWiring(chip, 0, cs=5, pins={"in": 16, "out": 17})])
    target.exec("from machine import SPI, Pin\ncs = Pin(5, Pin.OUT, value=1)\nspi = SPI(0)\nbuffer = bytearray(3)")
    assert ask(target, "cs(0)\nspi.read(4, 0x55)") == b"\x01\x02\xaa\xaa"
    assert ask(target, "spi.write_readinto(b'abc', buffer)\nbytes(buffer)") == (b"\xff\xff\xff")
    target.exec("spi.write(b'x')\ncs(1)")
    assert ask(target, "cs(0)\nspi.readinto(buffer, 7)\ncs(1)\nbytes(buffer)") == (b"\x01\x02\xf8")
    assert ask(target, "spi.read(2)") == b"\xff\xff"  # nobody is selected
    assert chip.seen == ["select", b"\x55\x55", b"\x55\x55abcx", "select", b"\x07\x07", b"\x07"]


def test_a_large_transfer_is_whole(wire):
    chip = Inverter()
    target = wire("unix", [SpiWiring(chip, 1, cs=9, pins={"in": 6, "out": 7})])
    target.exec("from machine import SPI, Pin\ncs = Pin(9, Pin.OUT, value=0)\nSPI(1).write(bytes(100000))\ncs(1)")
    assert b"".join(chip.seen[1:]) == bytes(100000)


@pytest.mark.parametrize("soft", [False, True], ids=["I2C", "SoftI2C"])
def test_i2c_reads_and_writes_registers(wire, soft):
    chip = Registers()
    target = wire("unix", [I2cWiring(chip, 0)])
    bus = "SoftI2C(scl=Pin(13), sda=Pin(12))" if soft else "I2C(0, scl=Pin(13), sda=Pin(12))"
    target.exec(f"from machine import I2C, SoftI2C, Pin\ni2c = {bus}\nbuffer = bytearray(3)")
    check_i2c(target, chip)


def test_i2c_of_the_virtual_board_is_the_same(wire):
    chip = Registers()
    target = wire("virtual", [I2cWiring(chip, 0)])
    target.exec("from machine import I2C, Pin\ni2c = I2C(0, scl=Pin(13), sda=Pin(12))\nbuffer = bytearray(3)")
    check_i2c(target, chip)


def check_i2c(target, chip):
    """All ways to reach a register."""
    assert ask(target, "i2c.readfrom_mem(0x18, 5, 3)") == b"\x05\x06\x07"
    assert (
        ask(target, "i2c.writeto_mem(0x18, 5, b'abc')\ni2c.readfrom_mem_into(0x18, 5, buffer)\nbytes(buffer)") == b"abc"
    )
    assert ask(target, "i2c.writeto(0x18, b'\\x20', False)\ni2c.readfrom(0x18, 2)") == b"\x20\x21"
    stops = chip.stops
    assert ask(target, "i2c.writevto(0x18, [b'\\x30', b'xy', b'z'])") == 4
    assert chip.stops == stops + 1
    assert bytes(chip.registers[0x30:0x33]) == b"xyz"
    assert ask(target, "i2c.readfrom_into(0x18, buffer)\nbytes(buffer)") == b"\x33\x34\x35"
    assert ask(target, "i2c.writeto(0x18, b'\\xf0ab')") in (1, 2)  # the first refused byte ends it; hardware counts on


def test_i2c_finds_the_chips_that_are_there(wire):
    target = wire("unix", [I2cWiring(Registers(), 0)])
    assert ask(target, "from machine import I2C, SoftI2C\nI2C(0).scan()") == [0x18]
    assert ask(target, "SoftI2C(13, 12).scan()") == [0x18]
    assert ask(target, "I2C(1).scan()") == []
    assert ask(target, "SoftI2C(scl=20, sda=21).scan()") == []  # those pins are no bus


MISSING = """
from machine import I2C
def number(call):
    try:
        call()
    except OSError as error:
        return error.errno
i2c = I2C(0)
[number(lambda: i2c.writeto(9, b"1")), number(lambda: i2c.readfrom(9, 1)), number(lambda: i2c.readfrom_mem(9, 1, 1))]
"""


def test_a_missing_chip_is_the_error_that_the_rp2040_has_for_it(wired):
    target = wired([I2cWiring(Registers(), 0)])
    assert ask(target, MISSING) == [5, 5, 5]  # EIO


def test_a_missing_chip_on_lines_that_are_moved_by_software(wire):
    target = wire("unix", [I2cWiring(Registers(), 0)])
    assert ask(target, MISSING.replace("I2C(0)", "SoftI2C(13, 12)").replace("import I2C", "import SoftI2C")) == [19] * 3


def test_without_models_nothing_is_wired(wire):
    target = wire("unix", [])
    assert ask(target, "import machine\nmachine.I2C(0).scan(), machine.SPI(0).read(2)") == ([], b"\xff\xff")
    assert ask(target, "[machine.Pin(3, machine.Pin.IN, pull).value() for pull in (None, 1, 2)]") == [0, 1, 0]
    assert ask(target, "machine.UART(0).write('ab'), machine.UART(0).read()") == (2, None)
    assert ask(target, "machine.ADC(26).read_u16()") == 0


UART = """
from machine import UART
import time
uart = UART(1, 9600, tx=20, rx=21, rxbuf=64, timeout=500, timeout_char=20)
"""


def test_uart_talks_at_the_rate_that_was_set(wired):
    modem = Modem()
    target = wired([UartWiring(modem, 1)])
    target.exec(UART)
    assert ask(target, "uart.write(b'at\\n')\nuart.readline()") == b"AT\n"
    assert modem.rates == [9600] * len(modem.rates)
    assert ask(target, "uart.init(baudrate=19200)\nuart.write(b'a\\n')\nuart.read(2)") == b"A\n"
    assert modem.rates[-1] == 19200
    assert ask(target, "uart.any(), uart.read(1)") == (0, None)


def test_what_overruns_the_buffer_of_a_uart_is_lost_and_the_rest_is_whole(wired):
    target = wired([UartWiring(Modem(), 1)])
    target.exec(UART)
    target.exec("uart.write(b'flood\\n')\ntime.sleep(3)")
    kept = ask(target, "uart.read(1000)")
    assert 64 <= len(kept) <= 64 + 32  # rxbuf, and the FIFO of the chip
    assert kept == bytes(range(250))[: len(kept)]
    assert ask(target, "uart.write(b'at\\n')\nuart.readline()") == b"AT\n"


STREAMS = """
import asyncio
async def talk():
    stream = asyncio.StreamReader(uart)
    stream.write(b"one\\ntwo\\n")
    await stream.drain()
    first = await asyncio.wait_for(stream.readline(), 20)
    return first + await asyncio.wait_for(stream.readexactly(4), 20)
"""
RUN = """
answer = []
async def outer():
    answer.append(await talk())
%s
"""


def test_uart_is_a_stream_of_asyncio(wire):
    target = wire("unix", [UartWiring(Modem(), 1)])
    target.exec(UART + STREAMS + RUN % "task = asyncio.create_task(outer())")
    for _ in range(200):
        if ask(target, "answer"):
            break
    assert ask(target, "answer") == [b"ONE\nTWO\n"]


def test_a_pin_that_a_model_moves_calls_its_handler(wired):
    target = wired([SpiWiring(Inverter(), 0, cs=5, pins={"in": 16, "out": 17})])
    target.exec(
        "from machine import Pin\nimport time\nedges = []\npin = Pin(17, Pin.IN)\n"
        "pin.irq(lambda pin: edges.append((pin.value(), pin.irq().flags())))\n"
        "out = Pin(16, Pin.OUT, value=1)\ntime.sleep_ms(50)\nout(0)\ntime.sleep_ms(50)\n"
    )
    assert ask(target, "edges") == [(1, 8), (0, 4)]
    target.exec("pin.irq(handler=None)\nout.on()\ntime.sleep_ms(50)")
    assert ask(target, "len(edges), pin()") == (2, 1)


def test_a_button_bounces_and_its_last_level_holds(wired):
    button = Button()
    target = wired([PinWiring(button, {"out": 18})])
    target.exec("from machine import Pin, Signal\npin = Pin(18, Pin.IN, Pin.PULL_UP)\nfalls = []")
    target.exec("pin.irq(lambda pin: falls.append(1), Pin.IRQ_FALLING)\nimport time")
    assert ask(target, "pin.value()") == 1
    button.press()
    assert ask(target, "time.sleep_ms(200)\npin.value(), Signal(pin, invert=True).value()") == (0, 1)
    assert 1 <= ask(target, "len(falls)") <= 3  # three contacts, which may come faster than handlers are called
    button.release()
    assert ask(target, "time.sleep_ms(200)\npin.value()") == 1


def test_a_button_that_leaves_its_level_to_chance_is_refused():
    with pytest.raises(ValueError, match="odd number of bounces"):
        Button(bounces_ns=(1e5,))


def test_a_scripted_button_presses_itself(wire):
    target = wire("unix", [PinWiring(Button(active_low=False, script=[(0, True)]), {"out": 18})])
    assert ask(target, "from machine import Pin\nimport time\ntime.sleep_ms(50)\nPin(18, Pin.IN).value()") == 1


def test_pins_show_what_drives_them(wired):
    lamp = Lamp()
    target = wired([PinWiring(lamp, {"in": 15})])
    target.exec("from machine import Pin\npin = Pin(15, Pin.OUT, value=1)")
    assert ask(target, "pin.toggle()\npin.value()") == 0
    assert ask(target, "pin.high()\npin.value()") == 1
    assert ask(target, "pin.off()\npin()") == 0
    assert lamp.told == [1, 0, 1, 0]
    assert ask(target, "pin.init(Pin.OPEN_DRAIN, Pin.PULL_UP)\npin()") == 1
    assert ask(target, "pin(0)\npin()") == 0


def test_adc_measures_the_voltage(wired):
    target = wired([AnalogWiring(Divider(1.65), 26), AnalogWiring(Divider(5.0), 27)])
    low, high = ask(target, "from machine import ADC, Pin\nADC(Pin(26)).read_u16(), ADC(1).read_u16()")
    assert low == pytest.approx(32768, abs=32)
    assert high == 65535


def test_adc_of_the_emulator_counts_in_microvolts_too(wire):
    target = wire("unix", [AnalogWiring(Divider(1.65), 26)])
    assert ask(target, "from machine import ADC\nADC(26).read_uv()") == pytest.approx(1650000, abs=1000)


def test_pwm_has_the_registers_of_an_rp2040(wired):
    target = wired([PinWiring(Lamp(), {"in": 15})])
    target.exec("from machine import PWM, Pin\npwm = PWM(Pin(15), freq=1000, duty_u16=16384)")
    assert ask(target, "pwm.freq(), pwm.duty_u16(), pwm.duty_ns()") == (1000, 16384, 250000)
    target.exec("pwm.freq(50)\npwm.duty_ns(1500000)")
    assert ask(target, "pwm.freq(), pwm.duty_ns() // 1000, pwm.duty_u16()") == (50, 1500, 4915)


def test_a_model_is_told_of_pulses(wire):
    lamp = Lamp()
    target = wire("unix", [PinWiring(lamp, {"in": 15})])
    target.exec("from machine import PWM\npwm = PWM(15, freq=1000, duty_u16=16384)\npwm.duty_u16(65535)\npwm.deinit()")
    target.exec("from machine import Pin\nPin(15, Pin.OUT, value=1)")  # an answer: what was told before has come
    assert lamp.told == [(1000.0, 0.25), (1000.0, 1.0), (0.0, 0.0), 1]


WRONG = [
    ("Pin(30)", "ValueError: invalid pin"),
    ("Pin('X9')", 'ValueError: unknown named pin "X9"'),
    ("SPI(2)", "ValueError: SPI(2) doesn't exist"),
    ("SPI(0, sck=Pin(7))", "ValueError: bad SCK pin"),
    ("SPI(1, mosi=Pin(3))", "ValueError: bad MOSI pin"),
    ("SPI(0, miso=Pin(5))", "ValueError: bad MISO pin"),
    ("SPI(0, firstbit=SPI.LSB)", "NotImplementedError: LSB"),
    ("SPI(0).write_readinto(b'12', bytearray(3))", "ValueError: buffers must be the same length"),
    ("I2C(5)", "ValueError: I2C(5) doesn't exist"),
    ("I2C(0, scl=Pin(12))", "ValueError: bad SCL pin"),
    ("I2C(0, sda=Pin(13))", "ValueError: bad SDA pin"),
    ("UART(2)", "ValueError: UART(2) doesn't exist"),
    ("UART(0, tx=Pin(1))", "ValueError: bad TX pin"),
    ("UART(0, rxbuf=40000)", "ValueError: rxbuf too large"),
    ("UART(0, invert=8)", "ValueError: bad inversion mask"),
    ("I2S(0, sck=16, ws=18, sd=19, mode=I2S.TX, bits=16, format=I2S.MONO, rate=8000, ibuf=100)", "invalid ws"),
    ("I2S(0, sck=16, ws=17, sd=18, mode=9, bits=16, format=I2S.MONO, rate=8000, ibuf=100)", "ValueError: invalid mode"),
    ("I2S(0, sck=16, ws=17, sd=18, mode=0, bits=24, format=I2S.MONO, rate=8000, ibuf=100)", "ValueError: invalid bits"),
    ("I2S(0, sck=16, ws=17, sd=18, mode=0, bits=16, format=7, rate=8000, ibuf=100)", "ValueError: invalid format"),
    ("I2S(0, sck=16, ws=17, sd=18, mode=0, bits=16, format=0, rate=8000, ibuf=0)", "ValueError: invalid ibuf"),
    ("ADC(20)", "ValueError: Pin doesn't have ADC capabilities"),
    ("PWM(Pin(4), freq=1)", "ValueError: freq too small"),
    ("WDT(1)", "ValueError: WDT(1) doesn't exist"),
    ("WDT(timeout=9000)", "ValueError: timeout exceeds 8388"),
    ("Timer(3)", "ValueError: Timer doesn't exist"),
]


@pytest.fixture(scope="module", params=["unix", "virtual"])
def bare(request, tmp_path_factory):
    """A board of each kind that the module's tests share."""
    output = open(tmp_path_factory.mktemp("bare") / "output", "w", encoding="utf-8")  # noqa: SIM115
    settings = {"errors": output} if request.param == "unix" else {"warp": True}
    with output, open_target(request.param, output=output, **settings) as target:
        target.exec("from machine import *\nimport time")
        yield target


@pytest.mark.parametrize(("code", "message"), WRONG, ids=[code for code, _ in WRONG])
def test_wrong_arguments_are_refused_in_the_same_words(bare, code, message):
    with pytest.raises(ExecError) as raised:
        bare.exec(code)
    assert message in raised.value.traceback.splitlines()[-1]


def test_timers_call_once_or_again_and_again(bare):
    bare.exec("ticks = []\none = Timer(mode=Timer.ONE_SHOT, period=5, callback=lambda timer: ticks.append(timer))")
    assert ask(bare, "time.sleep_ms(200)\n[tick is one for tick in ticks]") == [True]
    bare.exec("ticks.clear()\nmany = Timer(freq=100, callback=lambda timer: ticks.append(0))\ntime.sleep_ms(500)")
    bare.exec("many.deinit()\nseen = len(ticks)")
    assert ask(bare, "seen") >= 2
    assert ask(bare, "time.sleep_ms(100)\nlen(ticks) - seen") == 0


def test_the_clock_shows_what_it_was_set_to(bare):
    bare.exec("before = RTC().datetime()\nRTC().datetime((2030, 2, 28, 0, 23, 59, 58, 0))")
    assert ask(bare, "RTC().datetime()[:3]") in ((2030, 2, 28), (2030, 3, 1))
    bare.exec("RTC().datetime(before)")


def test_what_kind_of_board_it_is(bare):
    assert ask(bare, "len(unique_id()), freq(), idle(), reset_cause()") == (8, 125000000, None, 1)
    with pytest.raises(ExecError, match="cannot change frequency"):
        bare.exec("freq(1000)")


def test_a_light_sleep_ends_by_itself(wire):
    target = wire("unix", [])
    code = "import machine, time\nstart = time.ticks_ms()\nmachine.lightsleep(30)\ntime.ticks_diff(time.ticks_ms(), start) >= 30"
    assert ask(target, code) is True


def test_a_uart_says_that_something_has_come(wire):
    target = wire("unix", [UartWiring(Modem(), 1)])
    target.exec(UART + "calls = []\nirq = uart.irq(lambda uart: calls.append(irq.flags()), UART.IRQ_RXIDLE)")
    assert ask(target, "uart.write(b'at\\n')\nuart.readline()") == b"AT\n"
    assert ask(target, "calls and set(calls) == {UART.IRQ_RXIDLE}") is True
    with pytest.raises(ExecError, match="trigger 0x0800 unsupported"):
        target.exec("uart.irq(print, 0x800)")


def test_a_pulse_is_measured(wire):
    button = Button(active_low=False, bounces_ns=())
    target = wire("unix", [PinWiring(button, {"out": 18})])
    target.exec("import machine\nstart = machine.Pin(18, machine.Pin.IN)")
    button.press(500e6)
    button.release(600e6)
    assert ask(target, "machine.time_pulse_us(start, 1, 60_000_000)") > 1000


def test_interrupts_wait_while_they_are_off(wire):
    button = Button(bounces_ns=())
    target = wire("unix", [PinWiring(button, {"out": 18})])
    target.exec(
        "import machine, time\nfrom machine import Pin\nseen = []\npin = Pin(18, Pin.IN)\n"
        "pin.irq(lambda pin: seen.append(pin.value()))\nstate = machine.disable_irq()\nbefore = pin.value()"
    )
    button.press()
    target.exec("time.sleep_ms(100)\nlevels = (before, pin.value())\nmachine.enable_irq(state)\ntime.sleep_ms(10)")
    assert ask(target, "levels, pin.value(), seen") == ((1, 1), 0, [0])


RESETS = {
    "reset": "machine.reset()",
    "deepsleep": "machine.deepsleep(10)",
    "watchdog": "machine.WDT(timeout=50)\nwhile True: pass",
    "watchdog in mid-transfer": "spi = machine.SPI(0)\nmachine.WDT(timeout=50)\nwhile True: spi.read(3000)",
}


@pytest.mark.parametrize("how", RESETS.values(), ids=RESETS)
def test_a_reset_starts_the_emulator_anew(wire, how):
    button = Button(active_low=True)
    target = wire("unix", [PinWiring(button, {"out": 18})])
    target.put("/kept", b"kept")
    assert ask(target, "import machine\nbefore = 1\nmachine.reset_cause() == machine.PWRON_RESET") is True
    pid = target.process.pid
    with target.released() as port:
        command = [sys.executable, "-m", "mpremote", "connect", port, "exec", "--no-follow", f"import machine\n{how}"]
        subprocess.run(command, check=True, timeout=60)
        end = time.monotonic() + 60
        while b"RESET_CAUSE" not in Path(f"/proc/{pid}/environ").read_bytes():
            assert time.monotonic() < end
            time.sleep(0.01)
    assert ask(target, "import machine\nmachine.reset_cause() == machine.WDT_RESET, 'before' in globals()") == (
        True,
        False,
    )
    assert ask(target, "machine.Pin(18, machine.Pin.IN).value()") == 1  # the model still drives it
    assert target.get("/kept") == b"kept"
    assert target.process.pid == pid


def test_a_watchdog_that_is_fed_does_not_bite(wire):
    target = wire("unix", [])
    target.exec("import machine, time\nkept = 1\ndog = machine.WDT(timeout=8000)\ndog.feed()\ntime.sleep_ms(20)")
    assert ask(target, "dog.feed()\nkept") == 1


class Broken(SpiModel):
    """Raises when it is selected."""

    def select(self):
        raise OSError("the model is wrong")


def test_a_model_that_raises_ends_the_run_and_is_named(wire, capfd):
    target = wire("unix", [SpiWiring(Broken(), 0, cs=5)])
    with pytest.raises(TargetError, match="a model failed: OSError"):
        target.exec("from machine import Pin\nPin(5, Pin.OUT, value=0)", timeout_s=60)
    assert "the model is wrong" in capfd.readouterr().err
    target.process.wait(20)


@pytest.mark.parametrize("name", ["unix", "virtual"])
def test_a_wiring_that_no_board_has_is_refused(wire, name):
    with pytest.raises(TargetError, match="no such bus: 3"):
        wire(name, [UartWiring(Modem(), 3)])
