"""I2C, UART, ADC, PWM and plain pins: MicroPython's own drivers, on the real image, against small models of chips."""

import ast
from collections import deque

import pytest

from host_tools.errors import TargetError
from host_tools.models.wires import AnalogModel, I2cModel, Model, Prepared, SpiModel, UartModel
from host_tools.models.wiring import AnalogWiring, I2cWiring, PinWiring, SpiWiring, UartWiring
from host_tools.paths import firmware_image
from host_tools.target import open_target
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD
from tests.system.virtual.boards import MARK

CYCLES_A_SECOND = 125e6


class Eeprom(I2cModel):
    """A 24C02: 256 bytes, written in pages of 8; it acknowledges nothing while it writes (5 ms)."""

    def __init__(self, address=0x50):
        self.address = address
        self.data = bytearray(b"\xff" * 256)
        self.pointer = 0
        self.written = None  # bytes of this transaction; None: the pointer comes first
        self.page = []
        self.busy_until_ns = 0
        self.heard = []  # the transactions, as a protocol analyser would say it
        self.protected = False

    def start(self, reading):
        if self.wires.now_ns() < self.busy_until_ns:
            return False
        self.heard.append("read" if reading else "write")
        self.written = None
        return True

    def write(self, value):
        self.heard.append(value)
        if self.written is None:
            self.pointer = value
            self.written = []
            return True
        if self.protected:
            return False
        self.data[self.pointer] = value
        self.written.append(value)
        self.pointer = self.pointer & ~7 | (self.pointer + 1) & 7
        return True

    def read(self):
        value = self.data[self.pointer]
        self.pointer = (self.pointer + 1) & 0xFF
        self.heard.append(value)
        return value

    def stop(self):
        self.heard.append("stop")
        if self.written:
            self.busy_until_ns = self.wires.now_ns() + 5e6
        self.written = None


class Echo(UartModel):
    """Sends back what it gets, after some time; with its CTS output high it wants no more."""

    def __init__(self, delay_ns=0):
        self.delay_ns = delay_ns
        self.heard = bytearray()
        self.times_ns = []
        self.bauds_hz = set()
        self.hold_after = None  # so many bytes, for 20 ms

    def receive(self, data, baud_hz):
        self.heard += data
        self.times_ns.append(self.wires.now_ns())
        self.bauds_hz.add(baud_hz)
        if self.hold_after is not None and len(self.heard) == self.hold_after:
            self.wires.drive("cts", 1, 0)
            self.wires.drive("cts", 0, 20e6)
        self.wires.send(data, self.delay_ns)


class Potentiometer(AnalogModel):
    """A wiper between ground and 3.3 V."""

    def __init__(self):
        self.turned = 0.5

    def volts(self, now_ns):
        return 3.3 * self.turned


class Scope(Model):
    """Notes the edges of one pin."""

    def __init__(self):
        self.edges = deque(maxlen=400)  # (ns, level)

    def pin_changed(self, name, level):
        self.edges.append((self.wires.now_ns(), level))


class Doubler(SpiModel):
    """Answers each byte with twice the one before."""

    def __init__(self):
        self.heard = []

    def select(self):
        return Prepared(b"\x55", 1)

    def shift(self, mosi):
        self.heard.append(mosi)
        return Prepared(bytes([2 * mosi[-1] & 0xFF]), 1)

    def deselect(self, mosi):
        self.heard.append(mosi + b".")


class Bench:
    """A board with all of these, and the models."""

    def __init__(self, output):
        self.eeprom = Eeprom()
        self.wired_eeprom = Eeprom(0x51)
        self.echo = Echo()
        self.potentiometer = Potentiometer()
        self.scope = Scope()
        self.doubler = Doubler()
        chips = [
            I2cWiring(self.eeprom, 0),
            I2cWiring(self.wired_eeprom, 1, {"scl": 15, "sda": 14}),
            UartWiring(self.echo, 0, {"cts": 18}),
            AnalogWiring(self.potentiometer, 27),
            PinWiring(self.scope, {"probe": 25}),
            SpiWiring(self.doubler, 0, 21, {"sck": 22, "mosi": 23, "miso": 20}),
        ]
        self.target = open_target("virtual", output=output, warp=True, chips=chips)

    def run(self, code, timeout_s=60):
        """Run code; what it printed, as Python values, one a line."""
        printed = self.target.exec("import machine, time\nfrom machine import *\n" + code, timeout_s=timeout_s)
        return [ast.literal_eval(line) for line in printed.splitlines()]

    def timed(self, setup, code):
        """The seconds of emulated time that code takes."""
        before = len(self.target.board.marks)
        self.run(setup)
        self.run(MARK % 1 + code + "\n" + MARK % 2)
        start, end = self.target.board.marks[before:]
        return (end.cycles - start.cycles) / CYCLES_A_SECOND


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    """The board that the tests of this module share."""
    with open(tmp_path_factory.mktemp("buses") / "output", "w", encoding="utf-8") as output:
        bench = Bench(output)
        yield bench
        bench.target.close()


I2C0 = "i2c = I2C(0, scl=Pin(13), sda=Pin(12), freq=%d)\n"
I2C1 = "i2c = I2C(1, scl=Pin(%d), sda=Pin(%d))\n"


def test_an_eeprom_keeps_what_is_written_and_hears_a_repeated_start(bench):
    bench.run(I2C0 % 400_000 + "i2c.writeto_mem(0x50, 0x18, b'kiosk')\ntime.sleep_ms(6)")
    assert bench.eeprom.data[0x18:0x1D] == b"kiosk"
    bench.eeprom.heard.clear()
    assert bench.run("print(i2c.readfrom_mem(0x50, 0x18, 5))") == [b"kiosk"]
    assert bench.eeprom.heard == ["write", 0x18, "read", *b"kiosk", "stop"]


def test_scan_finds_the_chips_of_its_bus_only(bench):
    assert bench.run(I2C0 % 400_000 + "print(i2c.scan())\n" + I2C1 % (15, 14) + "print(i2c.scan())") == [[0x50], [0x51]]


def test_a_chip_hears_the_pins_that_its_wiring_names_and_no_others(bench):
    code = "i2c.writeto(0x51, b'\\x00')"
    assert bench.run(I2C1 % (15, 14) + code) == []
    with pytest.raises(TargetError, match="EIO"):
        bench.run("Pin(14, Pin.IN)\nPin(15, Pin.IN)\n" + I2C1 % (7, 6) + code)


@pytest.mark.parametrize(
    ("order", "error"),
    [("i2c.readfrom(0x33, 1)", "EIO"), ("i2c.writeto(0x33, b'x')", "EIO"), ("i2c.writeto(0x33, b'')", "ENODEV")],
)
def test_nobody_at_an_address_is_an_oserror(bench, order, error):
    with pytest.raises(TargetError, match=f"OSError: .*{error}"):
        bench.run(I2C0 % 100_000 + order)


def test_a_chip_that_is_busy_is_asked_until_it_acknowledges(bench):
    """The usual way to wait for an EEPROM: 5 ms, by its data sheet."""
    wait = (
        "while True:\n    try:\n        i2c.writeto(0x50, b'\\x00')\n        break\n    except OSError:\n        pass"
    )
    seconds = bench.timed(I2C0 % 400_000, "i2c.writeto_mem(0x50, 0, b'12345678')\n" + wait)
    assert 0.005 < seconds < 0.006
    assert bench.eeprom.data[:8] == b"12345678"


def test_a_byte_that_is_not_acknowledged_ends_the_transfer(bench):
    """MicroPython's RP2 port says how many bytes were acknowledged; the one that was not is not in it."""
    bench.eeprom.protected = True
    try:
        bench.eeprom.heard.clear()
        assert bench.run(I2C0 % 400_000 + "print(i2c.writeto(0x50, b'\\x10abc'))") == [1]
        assert bench.eeprom.heard == ["write", 0x10, ord("a"), "stop"]
    finally:
        bench.eeprom.protected = False


@pytest.mark.parametrize("hertz", [100_000, 400_000, 1_000_000])
def test_a_byte_takes_nine_clocks_of_its_bus(bench, hertz):
    """The SDK's counts, with the cycles that the controller adds to them (data sheet, 4.3.14.2)."""
    short, long = (
        bench.timed(I2C0 % hertz + f"b = bytearray({count})", "i2c.readfrom_into(0x50, b)") for count in (10, 210)
    )
    period = round(125e6 / hertz)
    low = period * 3 // 5
    spikes = max(1, low // 16)
    clock = (period - low + spikes + 7) + (low + 1)
    # The driver waits for each byte before it orders the next, which costs instructions beside the nine clocks.
    each = (long - short) / 200 * CYCLES_A_SECOND
    assert 9 * clock <= each < 9 * clock + 400


def test_software_makes_i2c_too(bench):
    bench.run("i2c = SoftI2C(scl=Pin(15), sda=Pin(14), freq=100000)")
    assert bench.run("print(i2c.scan())") == [[0x51]]
    bench.run("i2c.writeto_mem(0x51, 0x20, b'soft')\ntime.sleep_ms(6)")
    bench.wired_eeprom.heard.clear()
    assert bench.run("print(i2c.readfrom_mem(0x51, 0x20, 4))") == [b"soft"]
    assert bench.wired_eeprom.heard == ["write", 0x20, "read", *b"soft", "stop"]
    with pytest.raises(TargetError, match="ENODEV"):
        bench.run("i2c.readfrom(0x52, 1)")


SPI = """
cs = Pin(21, Pin.OUT, value=1)
spi = %s
buffer = bytearray(4)
cs(0)
spi.write_readinto(b"\\x01\\x02\\x81\\xff", buffer)
cs(1)
print(bytes(buffer))
"""


@pytest.mark.parametrize(
    "spi",
    [
        "SPI(0, baudrate=1000000, sck=Pin(22), mosi=Pin(23), miso=Pin(20))",
        "SoftSPI(baudrate=500000, sck=Pin(22), mosi=Pin(23), miso=Pin(20))",
        "SoftSPI(baudrate=500000, polarity=1, phase=1, sck=Pin(22), mosi=Pin(23), miso=Pin(20))",
    ],
    ids=["SPI", "SoftSPI", "SoftSPI mode 3"],
)
def test_spi_of_hardware_and_of_software_are_one_to_a_chip(bench, spi):
    bench.doubler.heard.clear()
    assert bench.run(SPI % spi) == [b"\x55\x02\x04\x02"]
    assert bench.doubler.heard == [b"\x01", b"\x02", b"\x81", b"\xff", b"."]


FORMAT = ", bits=8, parity=None, stop=1"  # said each time: the driver keeps what the last one said
# What the test before it said may still be on its way back, at another rate.
UART0 = "uart = UART(0, %d, tx=Pin(16), rx=Pin(17)%s)\ntime.sleep_ms(50)\nuart.read()\n"


@pytest.fixture
def echo(bench):
    """The UART's model, as new."""
    yield bench.echo
    bench.echo.__dict__.update({**vars(Echo()), "wires": bench.echo.wires})


@pytest.mark.parametrize(
    ("baud", "form", "bits"),
    [
        (115200, FORMAT, 10),
        (9600, FORMAT, 10),
        (115200, ", bits=7, parity=0, stop=2", 11),
        (1_000_000, ", bits=8, parity=1, stop=1", 11),
    ],
)
def test_a_character_takes_as_long_as_its_bits(bench, echo, baud, form, bits):
    echo.heard.clear()
    echo.times_ns.clear()
    assert bench.run(UART0 % (baud, form) + "uart.write(b'0123456789')\nuart.flush()\n") == []
    assert echo.heard == b"0123456789"
    steps = [later - earlier for earlier, later in zip(echo.times_ns, echo.times_ns[1:])]
    assert steps == pytest.approx([bits / baud * 1e9] * 9, rel=0.003)  # the divider's resolution: 1/64 of 16 cycles
    assert max(echo.bauds_hz) == pytest.approx(baud, rel=0.003)


def test_an_echo_comes_back_whole(bench, echo):
    sent = bytes(range(256)) * 4
    code = """
import binascii
got = bytearray()
for at in range(0, 1024, 128):
    uart.write(data[at : at + 128])
    while len(got) < at + 128:
        got.extend(uart.read(uart.any()) or b"")
print(bytes(got) == data)
"""
    assert bench.run("data = bytes(range(256)) * 4\n" + UART0 % (115200, FORMAT) + code) == [True]
    assert echo.heard == sent


def test_the_last_characters_are_heard_without_asking(bench, echo):
    """The receive timeout, 32 bits after the last one: the FIFO's level is not reached by three characters."""
    code = (
        "heard = []\nuart.irq(lambda u: heard.append(u.read()), UART.IRQ_RXIDLE)\n"
        "uart.write(b'abc')\ntime.sleep_ms(20)\nuart.irq(None, 0)\nprint(heard)"
    )
    assert bench.run(UART0 % (115200, FORMAT) + code) == [[b"abc"]]


def test_what_nobody_reads_is_lost_and_the_rest_is_in_order(bench, echo):
    """The driver's buffer, and 32 bytes in the FIFO; the chip goes on sending."""
    code = "uart.write(data)\nuart.flush()\ntime.sleep_ms(50)\ngot = b''\nwhile uart.any():\n    got += uart.read(uart.any())\n"
    bench.run("data = bytes(range(256)) * 2\n" + UART0 % (115200, FORMAT + ", rxbuf=64"))
    (got,) = bench.run(code + "print(got)")
    assert got == echo.heard[: len(got)]
    assert 64 <= len(got) <= 64 + 33


def test_a_chip_holds_the_board_up_with_cts(bench, echo):
    flow = FORMAT + ", cts=Pin(18), flow=UART.CTS"
    echo.hold_after = 50
    bench.run(UART0 % (115200, flow) + "uart.write(bytes(100))\ntime.sleep_ms(60)")
    assert len(echo.heard) == 100
    gaps = [later - earlier for earlier, later in zip(echo.times_ns, echo.times_ns[1:])]
    assert [index for index, gap in enumerate(gaps) if gap > 1e6] in ([49], [50])  # one may be on its way
    assert max(gaps) == pytest.approx(20e6, rel=0.01)


def test_a_chip_obeys_rts(bench, echo):
    """With RTS on, what the driver's buffer has no room for waits at the other end, and none is lost."""
    code = "uart.write(data)\nuart.flush()\ntime.sleep_ms(50)\ngot = b''\nwhile uart.any():\n    got += uart.read(uart.any())\n    time.sleep_ms(2)\n"
    bench.run("data = bytes(range(256)) * 2\n" + UART0 % (115200, FORMAT + ", rxbuf=64, rts=Pin(19), flow=UART.RTS"))
    assert bench.run(code + "print(got == data)") == [True]


def test_the_same_talk_takes_the_same_time(bench, echo):
    """To within a turn of the loop and a collection: the board does not stand where it stood the first time."""
    echo.delay_ns = 12345
    code = "uart.write(b'?' * 40)\ngot = 0\nwhile got < 40:\n    got += len(uart.read(1) or b'')"
    first, second = (bench.timed(UART0 % (57600, FORMAT), code) for _ in range(2))
    assert first == pytest.approx(second, rel=0.02)
    assert first == pytest.approx(41 * 10 / 57600, rel=0.05)  # the echo is one character behind, and 12 us


@pytest.mark.parametrize("turned", [0, 0.25, 0.5, 1])
def test_a_potentiometer_is_read(bench, turned):
    bench.potentiometer.turned = turned
    (value,) = bench.run("print(ADC(27).read_u16())")
    assert value == pytest.approx(turned * 65535, abs=32)
    assert bench.run("print(ADC(26).read_u16())") == [0]  # nothing is wired to it


def test_the_temperature_of_the_chip_is_27_degrees(bench):
    (value,) = bench.run("print(ADC(4).read_u16())")
    assert 27 - (value * 3.3 / 65535 - 0.706) / 0.001721 == pytest.approx(27, abs=1)


@pytest.mark.parametrize(("hertz", "duty"), [(1000, 0.25), (50, 0.075), (20_000, 0.5)])
def test_a_model_sees_the_frequency_and_duty_of_pwm(bench, hertz, duty):
    bench.scope.edges.clear()
    bench.run(
        f"pwm = PWM(Pin(25), freq={hertz}, duty_u16={round(duty * 65535)})\ntime.sleep_ms({4000 // hertz + 1})\npwm.deinit()"
    )
    edges = list(bench.scope.edges)
    rises = [ns for ns, level in edges if level][1:]
    falls = [ns for ns, level in edges if not level and ns > rises[0]]
    assert rises[1] - rises[0] == pytest.approx(1e9 / hertz, rel=0.002)
    assert (falls[0] - rises[0]) / (rises[1] - rises[0]) == pytest.approx(duty, abs=0.001)


@pytest.mark.parametrize(
    ("wiring", "message"),
    [
        (I2cWiring(Eeprom(), 2), "Eeprom: the RP2040 has no such bus: 2"),
        (I2cWiring(Eeprom(), 0, {"scl": 13}), "Eeprom: scl and sda are named both or not at all"),
        (AnalogWiring(Potentiometer(), 5), "Potentiometer: GPIO 5 is no input of the ADC"),
        (PinWiring(Scope(), {"probe": 30}), "Scope: the RP2040 has no GPIO 30"),
    ],
)
def test_a_wiring_that_the_chip_has_not_is_refused(wiring, message):
    with pytest.raises(TargetError, match=message):
        VirtualBoard(firmware_image(BOARD), chips=[wiring])
