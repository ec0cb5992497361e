"""
Everest ES8388 codec: two DACs, two ADCs, I2C and I2S.

Source: ES8388 data sheet, revision 5.0; what the registers are set to follows Espressif's open driver (esp-adf,
components/audio_hal/driver/es8388) and Linux (sound/soc/codecs/es8323.c: the same registers, and their values after a reset).

    codec = ES8388(I2C(0), clock=master_clock)
    speaker = codec.speaker(1, sck=Pin(19), ws=Pin(20), sd=Pin(21))
    microphone = codec.microphone(0, sck=Pin(19), ws=Pin(20), sd=Pin(18))

The chip cannot do without MCLK, in step with the other clocks, 256 times the rate.  It has no register that says which chip it
is: what is looked at is that a reset gives three registers the values of this one.
"""

import time

from audio.codec import Codec

_ADDRESS = const(0x10)  # CE low; 0x11 with CE high
_SETTLE_MS = const(5)  # references, before anything is heard
_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)

_CONTROL = const(0x00)
_CHIP_POWER = const(0x02)
_ADC_POWER = const(0x03)
_DAC_POWER = const(0x04)
_DAC_MUTE = const(0x19)
_LEFT_VOLUME = const(0x1A)
_RIGHT_VOLUME = const(0x1B)
_RESET = const(0x80)
_MUTED = const(0x04)
_AFTER_RESET = b"\x01\x1c\x02\xc3\x08\x80"

# Register and value in turn.
_SETTINGS = bytes((
    0x08, 0x00,  # the other side makes the clocks
    0x01, 0x50,  # references up, low power off
    0x35, 0xA0, 0x37, 0xD0, 0x39, 0xD0,  # without the DLL, for low rates
    0x00, 0x12,  # play and record, one rate, VMID
    0x17, 0x18,  # DAC: I2S, 16 bits
    0x18, 0x02,  # DAC: 256 clocks a sample
    0x26, 0x00, 0x27, 0x90, 0x2A, 0x90,  # each DAC to its mixer, at 0 dB
    0x2B, 0x80,  # one LRCK for both
    0x2D, 0x00,
    0x2E, 0x1E, 0x2F, 0x1E, 0x30, 0x1E, 0x31, 0x1E,  # both outputs at 0 dB
    0x09, 0x88,  # microphones: 24 dB
    0x0A, 0x00, 0x0B, 0x02,  # LIN1 and RIN1
    0x0C, 0x0C,  # ADC: I2S, 16 bits
    0x0D, 0x02,  # ADC: 256 clocks a sample
    0x10, 0x00, 0x11, 0x00,  # ADC volume: 0 dB
    0x02, 0x00,  # digital parts up
))  # fmt: skip
_DACS_ON = const(0x3C)  # and both outputs
_DACS_OFF = const(0xC0)
_ADCS_ON = const(0x00)  # and the microphones' bias
_ADCS_OFF = const(0xFF)
_ALL_OFF = const(0xFF)


class ES8388(Codec):
    """i2c: the bus; clock: see Codec; address: 0x10 or 0x11."""

    name = "ES8388"
    lowest_db, highest_db = -96, 0
    played_hz = heard_hz = _RATES_HZ

    def __init__(self, i2c, clock, address=_ADDRESS):
        super().__init__(i2c, address, clock)

    def _check(self):
        self._get(_CONTROL)
        self._put(_CONTROL, _RESET)
        self._put(_CONTROL, 0x00)
        self._find(_AFTER_RESET)

    def _configure(self, rate_hz, slot_bits):
        self._mute(True)
        self._put(_ADC_POWER, _ADCS_OFF)
        self._put(_DAC_POWER, _DACS_OFF)
        self._put_all(_SETTINGS)
        time.sleep_ms(_SETTLE_MS)

    def _start_dac(self):
        self._put(_DAC_POWER, _DACS_ON)

    def _start_adc(self):
        self._put(_ADC_POWER, _ADCS_ON)

    def _power_down(self):
        self._put(_DAC_POWER, _DACS_OFF)
        self._put(_ADC_POWER, _ADCS_OFF)
        self._put(_CHIP_POWER, _ALL_OFF)

    def _set_volume(self, volume_db):
        for register in (_LEFT_VOLUME, _RIGHT_VOLUME):
            self._put(register, round(-volume_db * 2))

    def _mute(self, on):
        self._put(_DAC_MUTE, _MUTED if on else 0x00)
