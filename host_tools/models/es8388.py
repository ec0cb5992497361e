"""
An Everest ES8388: codec with two DACs and two ADCs, of which the left one hears.

Source: ES8388 data sheet, revision 5.0; values after a reset: Linux, sound/soc/codecs/es8323.c.
"""

from typing import Optional

from host_tools.models.escodec import EsCodec, gain, is_near

_CONTROL, _RESET = 0x00, 0x80
_RATIOS = {0: 128, 1: 192, 2: 256, 3: 384, 4: 512, 5: 576, 6: 768, 7: 1024}


class Es8388(EsCodec):
    """As after power on: powered down, silent and deaf."""

    address = 0x10
    defaults = {
        **dict.fromkeys([*range(0x35), 0x35, 0x37, 0x39], 0),
        **dict(enumerate((0x06, 0x1C, 0xC3, 0xFC, 0xC0, 0x00, 0x00, 0x7C, 0x80))),
        0x0B: 0x06,
        0x0D: 0x06,
        0x10: 0xC0,
        0x11: 0xC0,
        0x18: 0x06,
        0x19: 0x30,
        0x1A: 0xC0,
        0x1B: 0xC0,
    }

    def set_register(self, number: int, value: int) -> None:
        """A reset forgets all that was set before."""
        if number == _CONTROL and value & _RESET:
            self.registers = dict(self.defaults)
        super().set_register(number, value)

    def _is_clocked(self, ratio: int, rate_hz: Optional[float]) -> bool:
        registers = self.registers
        is_up = (
            not registers[_CONTROL] & _RESET
            and registers[_CONTROL] & 3  # VMID
            and not registers[0x01] & 0x0C  # bias
            and not registers[0x02]
            and not registers[0x08] & 0x80  # the other side makes the clocks
        )
        clocks = _RATIOS.get(ratio & 0x1F)
        return bool(is_up and clocks and self.mclk_hz) and is_near(self.mclk_hz, rate_hz and clocks * rate_hz)

    def dac_gain(self, slot_bits: int, rate_hz: Optional[float]) -> float:
        """Of the volume (the left one), when all is on."""
        registers = self.registers
        is_on = not registers[0x04] & 0xC0 and registers[0x04] & 0x3C and registers[0x2B] & 0x80
        is_mixed = registers[0x27] & registers[0x2A] & 0x80 and registers[0x2E] == registers[0x2F] == 0x1E
        if not (is_on and is_mixed and registers[0x17] & 0x3E == 0x18 and self._is_clocked(registers[0x18], rate_hz)):
            return 0
        return 0 if registers[0x19] & 0x04 else gain(-registers[0x1A] / 2)

    def adc_gain(self, slot_bits: int, rate_hz: Optional[float]) -> float:
        """Of the volume, when all is on.  That of the amplifier before it is the microphone's."""
        registers = self.registers
        if registers[0x03] & 0xF4 or registers[0x0C] & 0x1F != 0x0C or not self._is_clocked(registers[0x0D], rate_hz):
            return 0
        return gain(-registers[0x10] / 2)
