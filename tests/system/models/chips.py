"""Small models that show what goes over each wire."""

from host_tools.models.wires import AnalogModel, I2cModel, Model, Prepared, SpiModel, UartModel


class Inverter(SpiModel):
    """Says 01 02 first, then the complement of the two bytes that came; repeats its pin "in" on "out" 1 ms later."""

    def __init__(self):
        self.seen = []

    def select(self):
        self.seen.append("select")
        return Prepared(b"\x01\x02", 2)

    def shift(self, mosi):
        self.seen.append(mosi)
        return Prepared(bytes(value ^ 0xFF for value in mosi))

    def deselect(self, mosi):
        self.seen.append(mosi)

    def pin_changed(self, name, level):
        self.wires.drive("out", level, 1e6)


class Registers(I2cModel):
    """256 registers at 0x18, of which those from 0xF0 on refuse to be written."""

    address = 0x18

    def __init__(self):
        self.registers = bytearray(range(256))
        self.pointer = None
        self.stops = 0

    def start(self, reading):
        if not reading:
            self.pointer = None
        return True

    def write(self, value):
        if self.pointer is None:
            self.pointer = value
            return True
        if self.pointer >= 0xF0:
            return False
        self.registers[self.pointer] = value
        self.pointer += 1
        return True

    def read(self):
        value = self.registers[self.pointer]
        self.pointer += 1
        return value

    def stop(self):
        self.stops += 1


class Modem(UartModel):
    """Answers each line in capitals; "flood" with 1000 bytes."""

    def __init__(self):
        self.rates = []
        self.line = b""

    def receive(self, data, baud_hz):
        self.rates.append(baud_hz)
        self.line += data
        while b"\n" in self.line:
            line, _, self.line = self.line.partition(b"\n")
            self.wires.send(bytes(range(250)) * 4 if line == b"flood" else line.upper() + b"\n", 2e6)


class Divider(AnalogModel):
    """A voltage."""

    def __init__(self, volts):
        self.level = volts

    def volts(self, now_ns):
        return self.level


class Lamp(Model):
    """Remembers what its pin "in" was told."""

    def __init__(self):
        self.told = []

    def pin_changed(self, name, level):
        self.told.append(level)

    def pin_pulses(self, name, freq_hz, duty):
        self.told.append((freq_hz, round(duty, 3)))
