"""
MPEG transport streams: the sound that is in them, a packet at a time.

Source: ISO 13818-1, 2.4.3 and 2.4.4.  Takes the first stream of ADTS AAC or MPEG audio; tables that fit into a packet.
"""

from kiosk.errors import KioskError

PACKET = const(188)
_AAC = const(15)
_MPEG_AUDIO = (3, 4)


class Transport:
    """payload(packet) -> memoryview: the sound's bytes in one packet, maybe none."""

    def __init__(self):
        self._map_pid = self._sound_pid = None

    def payload(self, packet):
        """KioskError for what is no packet, or a stream without a sound that can be played."""
        if packet[0] != 0x47:
            raise KioskError("format", "the HLS segment is no transport stream")
        pid = (packet[1] & 0x1F) << 8 | packet[2]
        begins, at = packet[1] & 0x40, 4
        if packet[3] & 0x20:
            at += 1 + packet[4]
        if not packet[3] & 0x10 or at >= PACKET:
            return packet[:0]
        if pid == 0 and begins:
            self._read_programs(packet[at:])
        elif pid == self._map_pid and begins:
            self._read_map(packet[at:])
        elif pid == self._sound_pid:
            if begins:
                if at + 9 > PACKET or bytes(packet[at : at + 3]) != b"\0\0\1":
                    return packet[:0]
                at += 9 + packet[at + 8]
            return packet[min(at, PACKET) :]
        return packet[:0]

    def _read_programs(self, data):
        at = 1 + data[0] + 8
        if at + 4 <= len(data):
            self._map_pid = (data[at + 2] & 0x1F) << 8 | data[at + 3]

    def _read_map(self, data):
        start = 1 + data[0]
        if start + 12 > len(data):
            return
        end = min(len(data), start + 3 + ((data[start + 1] & 15) << 8 | data[start + 2]) - 4)
        at = start + 12 + ((data[start + 10] & 15) << 8 | data[start + 11])
        kinds = []
        while at + 5 <= end:
            kind = data[at]
            if kind == _AAC or kind in _MPEG_AUDIO:
                self._sound_pid = (data[at + 1] & 0x1F) << 8 | data[at + 2]
                return
            kinds.append(str(kind))
            at += 5 + ((data[at + 3] & 15) << 8 | data[at + 4])
        if self._sound_pid is None:
            raise KioskError("format", "no sound that is known in the HLS segment: types " + ", ".join(kinds))
