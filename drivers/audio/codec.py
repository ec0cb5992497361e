"""
What codec chips share: registers over I2C, and a DAC and an ADC on one I2S line, of which one runs at a time.

MicroPython's I2S goes one way, and is always the one that makes the clocks; so whoever opens the microphone while the
speaker is open gets EBUSY.  A chip's own file says what its registers are.
"""

import errno

from audio.inmp441 import INMP441
from audio.max98357a import MAX98357A

_EBUSY = const(16)  # MicroPython's errno module leaves it out
_BITS_PLAYED = const(16)  # of a slot; see max98357a.py
_BITS_HEARD = const(32)  # a port clocks 32 in, whatever it keeps of them
_CLOCKS = const(256)  # of MCLK, a sample


class Codec:
    """A chip at `address` of an I2C bus.  clock: called with what is wanted on the chip's MCLK in Hz and with 0 to stop it,
    or None if the pin is not wired.
    """

    name = ""
    played_hz = heard_hz = ()  # rates, rising
    lowest_db = highest_db = 0  # of the DAC's volume

    def __init__(self, i2c, address, clock=None):
        self._i2c = i2c
        self._address = address
        self._clock = clock
        self._byte = bytearray(1)
        self._user = None
        self._volume_db = 0
        self._muted = False

    def speaker(self, unit, sck, ws, sd):
        """The DAC as a speaker: the board's number of the I2S peripheral; Pins at BCLK, LRCK and the chip's data input."""
        return CodecSpeaker(self, unit, sck, ws, sd)

    def microphone(self, unit, sck, ws, sd):
        """The ADC as a microphone; sd: the Pin at the chip's data output."""
        return CodecMicrophone(self, unit, sck, ws, sd)

    def set_volume_db(self, volume_db: float) -> None:
        """The DAC's, kept for the next open().  ValueError beyond lowest_db to highest_db."""
        if not self.lowest_db <= volume_db <= self.highest_db:
            raise ValueError("the volume goes from %s to %s dB" % (self.lowest_db, self.highest_db))
        self._volume_db = volume_db
        if self._user == "speaker":
            self._set_volume(volume_db)

    def mute(self, on: bool) -> None:
        """The DAC, kept for the next open()."""
        self._muted = on
        if self._user == "speaker":
            self._mute(on)

    # What a chip's own file has.

    def _check(self):
        """OSError(ENODEV) if what answers is another chip."""
        raise NotImplementedError

    def _configure(self, rate_hz, slot_bits):
        """Out of any state to: clocks and format set, DAC and ADC off, the DAC muted."""
        raise NotImplementedError

    def _start_dac(self):
        raise NotImplementedError

    def _start_adc(self):
        raise NotImplementedError

    def _power_down(self):
        raise NotImplementedError

    def _set_volume(self, volume_db):
        raise NotImplementedError

    def _mute(self, on):
        raise NotImplementedError

    # What speaker and microphone call.

    def take(self, user, rate_hz):
        """Power up, configured for a rate.  OSError: EBUSY, ENODEV."""
        if self._user:
            raise OSError(_EBUSY, "the codec's %s is open" % self._user)
        self._check()
        self._user = user
        if self._clock:
            self._clock(_CLOCKS * rate_hz)
        try:
            self._configure(rate_hz, _BITS_PLAYED if user == "speaker" else _BITS_HEARD)
            if user == "speaker":
                self._set_volume(self._volume_db)
        except OSError:
            self.give_back()
            raise

    def start_dac(self):
        """The line runs: let it be heard."""
        self._start_dac()
        self._mute(self._muted)

    def start_adc(self):
        """Hear, as soon as the line runs."""
        self._start_adc()

    def give_back(self):
        """Power down."""
        self._user = None
        try:
            self._mute(True)
            self._power_down()
        except OSError:
            return  # it no longer answers: the next open() says so
        finally:
            if self._clock:
                self._clock(0)

    # Registers.

    def _get(self, register):
        """OSError(ENODEV) if nobody answers."""
        try:
            self._i2c.readfrom_mem_into(self._address, register, self._byte)
        except OSError:
            raise OSError(errno.ENODEV, "no %s answers at I2C address 0x%02x" % (self.name, self._address))
        return self._byte[0]

    def _find(self, facts):
        """OSError(ENODEV) unless registers (facts: bytes, register and value in turn) are what they are in this chip."""
        for at in range(0, len(facts), 2):
            value = self._get(facts[at])
            if value != facts[at + 1]:
                text = "what answers at I2C address 0x%02x is no %s: register 0x%02x is 0x%02x"
                raise OSError(errno.ENODEV, text % (self._address, self.name, facts[at], value))

    def _put(self, register, value):
        self._byte[0] = value
        self._i2c.writeto_mem(self._address, register, self._byte)

    def _put_all(self, pairs):
        """pairs: bytes, register and value in turn."""
        for at in range(0, len(pairs), 2):
            self._put(pairs[at], pairs[at + 1])


class CodecSpeaker(MAX98357A):
    """See README.md; made by Codec.speaker()."""

    def __init__(self, codec, unit, sck, ws, sd):
        super().__init__(unit, sck, ws, sd)
        self._codec = codec
        self.rates_hz = codec.played_hz

    def open(self, rate_hz: int, channels: int) -> None:
        """As in README.md; OSError(ENODEV) too if the chip does not answer or is another one."""
        super().open(rate_hz, channels)
        try:
            self._codec.take("speaker", rate_hz)
        except OSError:
            super().deinit()
            raise
        try:
            self._codec.start_dac()
        except OSError:
            self.deinit()
            raise

    def deinit(self) -> None:
        """Stop the line at once."""
        if self._i2s:
            self._codec.give_back()
            super().deinit()


class CodecMicrophone(INMP441):
    """See README.md; made by Codec.microphone()."""

    bits = 16

    def __init__(self, codec, unit, sck, ws, sd):
        super().__init__(unit, sck, ws, sd)
        self._codec = codec

    def open(self, rate_hz: int) -> None:
        """As in README.md; OSError(ENODEV) too if the chip does not answer or is another one."""
        if self._i2s:
            raise OSError(_EBUSY, "the microphone is open")
        if rate_hz not in self._codec.heard_hz:
            raise ValueError("the microphone cannot hear at %s Hz" % rate_hz)
        self._codec.take("microphone", rate_hz)
        try:
            self._codec.start_adc()
            super().open(rate_hz)
        except (OSError, MemoryError):
            self._codec.give_back()
            raise

    def deinit(self) -> None:
        """Stop the line."""
        if self._i2s:
            self._codec.give_back()
            super().deinit()
