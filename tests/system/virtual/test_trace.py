"""The trace of pins and buses, read by somebody else: sigrok's protocol decoders."""

import subprocess
import sys

import pytest

from host_tools.errors import TargetError
from host_tools.models.wires import Model
from host_tools.models.wiring import I2cWiring, PinWiring, SpiWiring, UartWiring
from host_tools.paths import EXAMPLES, firmware_image
from host_tools.target import open_target
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD
from tests.system.virtual.test_buses import Doubler, Echo, Eeprom

TALK = """
from machine import *
import time
led = Pin(25, Pin.OUT, value=0)
i2c = I2C(0, scl=Pin(13), sda=Pin(12), freq=400000)
uart = UART(0, 115200, tx=Pin(16), rx=Pin(17))
odd = UART(1, 9600, bits=7, parity=1, stop=2, tx=Pin(4))
cs = Pin(21, Pin.OUT, value=1)
sck, mosi, miso = Pin(22), Pin(23), Pin(20)
def exchange(spi):
    cs(0)
    spi.write_readinto(b"\\x01\\x02\\x81\\xff", bytearray(4))
    cs(1)
for _ in range(3):
    led(1)
    time.sleep_us(100)
    led(0)
    time.sleep_us(300)
found = i2c.scan()
i2c.writeto_mem(0x50, 0x18, b"kiosk")
time.sleep_ms(6)
i2c.readfrom_mem(0x50, 0x18, 5)
try:
    i2c.writeto(0x33, b"x")
except OSError:
    pass
uart.write(b"hello \\x00\\xff")
odd.write(b"OK")
time.sleep_ms(5)
exchange(SPI(0, baudrate=1000000, sck=sck, mosi=mosi, miso=miso))
exchange(SPI(0, baudrate=4000000, polarity=1, phase=1, sck=sck, mosi=mosi, miso=miso))
exchange(SoftSPI(baudrate=250000, sck=sck, mosi=mosi, miso=miso))
"""
HERTZ = 1_000_000, 4_000_000  # of the hardware's exchanges


class Lamp(Model):
    """Has one pin."""


class Traced:
    """A trace, and what the models saw while it was made."""

    def __init__(self, folder):
        self.path = folder / "run.vcd"
        self.eeprom, self.echo, self.doubler = Eeprom(), Echo(50_000), Doubler()
        chips = [
            I2cWiring(self.eeprom, 0),
            UartWiring(self.echo, 0),
            SpiWiring(self.doubler, 0, 21, {"sck": 22, "mosi": 23, "miso": 20}),
            PinWiring(Lamp(), {"anode": 25}),
        ]
        with open(folder / "output", "w", encoding="utf-8") as output:
            settings = {"output": output, "chips": chips, "trace": self.path, "warp": True}
            with open_target("virtual", **settings) as target:
                target.exec(TALK)
                self.found = target.exec("print(found)").strip()

    def decode(self, decoder, shown):
        """What a decoder of sigrok reads in the trace: its lines without the decoder's name."""
        # A sample each 20 ns, of which long silences are left out: a second has 10**9 otherwise.
        reading = ["-I", "vcd:downsample=20:compress=100000", "-i", str(self.path)]
        command = ["sigrok-cli", *reading, "-P", decoder, "-A", shown]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return [line.partition(": ")[2] for line in done.stdout.splitlines()]

    def levels(self, name):
        """[(ns, level)] of a signal, by its name or chip.name."""
        text = self.path.read_text(encoding="ascii")
        header, _, body = text.partition("$enddefinitions $end\n")
        scope, code = "", None
        for words in (line.split() for line in header.splitlines()):
            if words[0] == "$scope":
                scope = words[2]
            elif words[0] == "$var" and name in (words[4], f"{scope}.{words[4]}"):
                code = words[3]
        now, found = 0, []
        for line in body.splitlines():
            if line[0] == "#":
                assert int(line[1:]) >= now
                now = int(line[1:])
            elif line[1:] == code:
                found.append((now, line[0]))
        return found


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    """The trace that the tests of this module read."""
    return Traced(tmp_path_factory.mktemp("trace"))


def test_a_pin_is_shown_at_its_moment(traced):
    edges = traced.levels("GPIO25")[-6:]
    assert [level for _, level in edges] == list("101010")
    times = [ns for ns, _ in edges]
    assert all(100_000 <= down - up < 130_000 for up, down in zip(times[::2], times[1::2]))


def test_pins_go_by_the_names_of_the_wiring_too(traced):
    for pin, name in ((9, "nina.cs"), (10, "nina.ack"), (21, "doubler.cs"), (25, "lamp.anode")):
        assert traced.levels(name) == traced.levels(f"GPIO{pin}")
    assert len(traced.levels("nina.ack")) > 1  # a model drives it


def test_i2c_is_decoded_to_what_the_chip_heard(traced):
    shown = "start:repeat-start:stop:ack:nack:address-read:address-write:data-read:data-write"
    lines = traced.decode("i2c:scl=GPIO13:sda=GPIO12", f"i2c={shown}")
    words = {"Start repeat": None, "Address write": "write", "Address read": "read", "Stop": "stop"}
    heard, selected, probed = [], False, []
    for line in lines:
        kind, _, value = line.partition(": ")
        if kind.startswith("Address"):
            selected = value == "50"
            probed.append(int(value, 16))
        if selected and kind in words:
            heard.append(words[kind])
        elif selected and kind.startswith("Data"):
            heard.append(int(value, 16))
    assert [word for word in heard if word] == traced.eeprom.heard
    assert traced.found == "[80]"
    assert probed[: 0x78 - 8] == list(range(8, 0x78))  # scan(), which software makes
    assert lines[-5:] == ["Start", "Write", "Address write: 33", "NACK", "Stop"]


def test_uart_is_decoded_to_what_both_ends_heard(traced):
    uart = "uart:tx=GPIO16:rx=GPIO17:baudrate=115200:format=hex"
    for direction in ("tx-data", "rx-data"):
        sent = traced.decode(uart, f"uart={direction}")
        assert bytes(int(value, 16) for value in sent) == traced.echo.heard == b"hello \x00\xff"


def test_a_uart_of_another_format_is_decoded_with_that(traced):
    uart = "uart:tx=GPIO4:baudrate=9600:data_bits=7:parity=odd:stop_bits=2.0:format=ascii"
    assert traced.decode(uart, "uart=tx-data") == ["O", "K"]
    assert traced.decode(uart, "uart=tx-parity-err:tx-warnings") == []


@pytest.mark.parametrize("mode", [0, 3])
def test_spi_is_decoded_to_what_both_ends_heard(traced, mode):
    """Hardware and software SPI of mode 0 are the first and last exchange, that of mode 3 is between them."""
    spi = f"spi:clk=GPIO22:miso=GPIO20:mosi=GPIO23:cs=GPIO21:cpol={mode & 1}:cpha={mode & 1}"
    sent, answered = ([int(value, 16) for value in traced.decode(spi, f"spi={side}-data")] for side in ("mosi", "miso"))
    exchanges = (slice(4, 8),) if mode else (slice(0, 4), slice(-4, None))
    for exchange in exchanges:
        assert sent[exchange] == [0x01, 0x02, 0x81, 0xFF]
        assert answered[exchange] == [0x55, 0x02, 0x04, 0x02]
    assert b"".join(traced.doubler.heard) == b"\x01\x02\x81\xff." * 3


def test_the_clocks_have_the_rates_that_the_image_asked_for(traced):
    selected = [ns for ns, level in traced.levels("doubler.cs") if level == "0"][-3:]
    rises = [ns for ns, level in traced.levels("GPIO22") if level == "1"]
    for start, end, hertz in zip(selected, selected[1:], HERTZ):
        clocks = [ns for ns in rises if start <= ns < end]
        assert len(clocks) >= 32
        steps = [later - earlier for earlier, later in zip(clocks[:8], clocks[1:8])]
        assert all(abs(step - 1e9 / hertz) <= 40 for step in steps), steps  # the divider: 125 MHz by an even number
    bits = [ns for ns, level in traced.levels("GPIO16") if ns > selected[0] - 6_000_000]
    shortest = min(later - earlier for earlier, later in zip(bits, bits[1:]))
    assert shortest == pytest.approx(1e9 / 115200, rel=0.005)


def test_a_trace_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(TargetError, match="no such folder/run.vcd: No such file or directory"):
        VirtualBoard(firmware_image(BOARD), trace=tmp_path / "no such folder" / "run.vcd")


def test_kiosk_run_traces_on_the_virtual_board_only(tmp_path):
    kiosk = [sys.executable, "-m", "host_tools.cli.main", "run"]
    command = [*kiosk, str(EXAMPLES / "hello"), "--timeout", "1", "--trace", str(tmp_path / "run.vcd")]
    done = subprocess.run([*command, "--target", "virtual"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run.vcd").read_text(encoding="ascii").count("\n") > 1000  # the Wi-Fi chip was talked to
    (tmp_path / "run.vcd").unlink()
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert "--trace" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "run.vcd").exists()
