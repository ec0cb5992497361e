"""
Everest ES8311 codec: one DAC, one ADC, I2C and I2S.

Source: ES8311 data sheet, revision 10.0; what the registers are set to follows Espressif's open driver (esp-bsp,
components/es8311, Apache-2.0), and so does which clocks it is fed.

    codec = ES8311(I2C(0))
    speaker = codec.speaker(1, sck=Pin(19), ws=Pin(20), sd=Pin(21))
    microphone = codec.microphone(0, sck=Pin(19), ws=Pin(20), sd=Pin(18))

Without MCLK the chip multiplies BCLK, which must be 705.6 kHz at least: that is 22.05 kHz played in slots of 16 bits,
11.025 kHz heard in slots of 32.
"""

import time

from audio.codec import Codec

_ADDRESS = const(0x18)  # CE low; 0x19 with CE high
_RESET_MS = const(20)
_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_PLAYED_BY_BCLK = const(4)  # where those begin that BCLK is enough for
_HEARD_BY_BCLK = const(1)

_RESET = const(0x00)
_CLOCKS = const(0x01)
_DIVIDERS = const(0x02)
_DAC_FORMAT = const(0x09)
_ADC_FORMAT = const(0x0A)
_MUTE = const(0x31)
_DAC_VOLUME = const(0x32)
_ALL_CLOCKS = const(0x3F)
_FROM_BCLK = const(0x80)
_I2S_16_BITS = const(0x0C)
_IDENTITY = b"\xfd\x83\xfe\x11"

# Register and value in turn.
_SETTINGS = bytes((
    0x03, 0x10,  # single speed, ADC oversampling
    0x04, 0x10,  # DAC oversampling
    0x05, 0x00,  # DAC and ADC clocks undivided
    0x06, 0x03, 0x07, 0x00, 0x08, 0xFF,  # what the chip would divide if it made the clocks
    0x0B, 0x00, 0x0C, 0x00,
    0x10, 0x1F, 0x11, 0x7F,  # references
    0x45, 0x00,
    0x0D, 0x01,  # analog part up
    0x1B, 0x0A, 0x1C, 0x6A,  # ADC: high-pass filter, no equalizer
    0x37, 0x08,  # DAC: no equalizer
))  # fmt: skip
_DAC_ON = b"\x12\x00\x13\x10"  # DAC up, output driver on
_ADC_ON = b"\x0e\x02\x14\x1a\x15\x40\x16\x24\x17\xbf"  # PGA and modulator up, analog microphone, 24 dB, 0 dB
_DOWN = b"\x32\x00\x17\x00\x0e\xff\x12\x02\x14\x00\x0d\xfa\x15\x00\x45\x01"
_ZERO_DB = const(0xBF)  # of the volume, in steps of 0.5 dB


class ES8311(Codec):
    """i2c: the bus; address: 0x18 or 0x19; clock: see Codec; without it the chip runs on BCLK."""

    name = "ES8311"
    lowest_db, highest_db = -95.5, 32

    def __init__(self, i2c, address=_ADDRESS, clock=None):
        super().__init__(i2c, address, clock)
        self.played_hz = _RATES_HZ if clock else _RATES_HZ[_PLAYED_BY_BCLK:]
        self.heard_hz = _RATES_HZ if clock else _RATES_HZ[_HEARD_BY_BCLK:]

    def _check(self):
        self._find(_IDENTITY)

    def _configure(self, rate_hz, slot_bits):
        self._put(_RESET, 0x1F)
        time.sleep_ms(_RESET_MS)
        self._put(_RESET, 0x00)
        self._put(_RESET, 0x80)  # on, and the other side makes the clocks
        self._mute(True)
        # 256 clocks a sample: MCLK as it is, BCLK (two slots a sample) times 8 or 4.
        multiplier = 0 if self._clock else 3 if slot_bits == 16 else 2
        self._put(_CLOCKS, _ALL_CLOCKS if self._clock else _ALL_CLOCKS | _FROM_BCLK)
        self._put(_DIVIDERS, multiplier << 3)
        self._put(_DAC_FORMAT, _I2S_16_BITS)
        self._put(_ADC_FORMAT, _I2S_16_BITS)
        self._put_all(_SETTINGS)

    def _start_dac(self):
        self._put_all(_DAC_ON)

    def _start_adc(self):
        self._put_all(_ADC_ON)

    def _power_down(self):
        self._put_all(_DOWN)

    def _set_volume(self, volume_db):
        self._put(_DAC_VOLUME, _ZERO_DB + round(volume_db * 2))

    def _mute(self, on):
        self._put(_MUTE, 0x60 if on else 0x00)
