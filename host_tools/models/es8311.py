"""
An Everest ES8311: codec with one DAC and one ADC.

Source: ES8311 data sheet, revision 10.0, and Espressif's open driver (esp-bsp, components/es8311).
"""

from typing import Optional

from host_tools.models.escodec import EsCodec, gain, is_near

_RESET, _CLOCKS, _DIVIDERS = 0x00, 0x01, 0x02
_ON, _RESETS = 0x80, 0x1F
_ALL_CLOCKS, _FROM_BCLK = 0x3F, 0x80
_CLOCKS_A_SAMPLE = 256
_LOWEST_BCLK_HZ = 700_000  # what is multiplied; the driver's table begins at 705.6 kHz
_ZERO_DB = 0xBF


class Es8311(EsCodec):
    """As after power on: in reset, silent and deaf."""

    address = 0x18
    defaults = {
        **dict.fromkeys([*range(0x01, 0x1D), *range(0x31, 0x38), 0x44, 0x45], 0),
        _RESET: _RESETS,
        0x0D: 0xFC,
        0x12: 0x02,
        0x13: 0x40,
        0xFD: 0x83,
        0xFE: 0x11,
        0xFF: 0x01,
    }

    def set_register(self, number: int, value: int) -> None:
        """A reset forgets all that was set before."""
        if number == _RESET and value & _RESETS:
            self.registers = dict(self.defaults)
        if number < 0xFD:
            super().set_register(number, value)

    def _is_clocked(self, slot_bits: int, rate_hz: Optional[float]) -> bool:
        registers = self.registers
        if registers[_RESET] != _ON or registers[_CLOCKS] & _ALL_CLOCKS != _ALL_CLOCKS or registers[0x05]:
            return False
        factor = (1 << (registers[_DIVIDERS] >> 3 & 3)) / ((registers[_DIVIDERS] >> 5) + 1)
        if registers[_CLOCKS] & _FROM_BCLK:
            clocks = 2 * slot_bits
            fast_enough = rate_hz is None or factor == 1 or clocks * rate_hz >= _LOWEST_BCLK_HZ
            return clocks * factor == _CLOCKS_A_SAMPLE and fast_enough
        return is_near(self.mclk_hz * factor, rate_hz and _CLOCKS_A_SAMPLE * rate_hz) and self.mclk_hz > 0

    def _is_16_bits(self, register: int) -> bool:
        return self.registers[register] & 0x5F == 0x0C  # I2S, not muted

    def dac_gain(self, slot_bits: int, rate_hz: Optional[float]) -> float:
        """Of the volume, when all is on."""
        registers = self.registers
        is_on = registers[0x0D] == 0x01 and registers[0x12] == 0 and registers[0x13] & 0x10
        if not (is_on and self._is_16_bits(0x09) and self._is_clocked(slot_bits, rate_hz)):
            return 0
        volume = registers[0x32]
        return 0 if registers[0x31] & 0x60 or not volume else gain((volume - _ZERO_DB) / 2)

    def adc_gain(self, slot_bits: int, rate_hz: Optional[float]) -> float:
        """Of the volume, when all is on.  That of the amplifier before it is the microphone's."""
        registers = self.registers
        is_on = registers[0x0D] == 0x01 and registers[0x0E] == 0x02 and registers[0x14] & 0x10
        if not (is_on and self._is_16_bits(0x0A) and self._is_clocked(slot_bits, rate_hz)):
            return 0
        volume = registers[0x17]
        return gain((volume - _ZERO_DB) / 2) if volume else 0
