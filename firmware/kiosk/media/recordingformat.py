"""
What a recording can be asked to be: formats, rates, bit rates; and what of it the encoders can do.

Source: RecorderManager.start of the documents (wx-rules.md, rule 13).  Touches nothing.
"""

from kiosk.errors import KioskError

# Hz, and the least and the greatest bit rate of it.
_RATES = (
    (8000, 16000, 48000),
    (11025, 16000, 48000),
    (12000, 24000, 64000),
    (16000, 24000, 96000),
    (22050, 32000, 128000),
    (24000, 32000, 128000),
    (32000, 48000, 192000),
    (44100, 64000, 320000),
    (48000, 64000, 320000),
)
_FORMATS = ("aac", "mp3", "wav", "pcm", "PCM")
_ENCODED = ("aac", "mp3")
_FRAMED = ("mp3", "pcm")
# The one microphone there is, under the names that the two systems of phones have for theirs; and those of others.
SOURCES = ("auto", "buildInMic", "mic")
_OTHER_SOURCES = ("headsetMic", "camcorder", "voice_communication", "voice_recognition")
_DURATION_MS_MAX = const(600000)
_BIT_RATE = const(48000)
_FRAME_KB_MAX = const(512)
_MP3_KBIT = (320, 256, 224, 192, 160, 128, 112, 96, 80, 64, 56, 48, 40, 32, 24, 16)  # those of all MPEG versions


class Settings:
    """What was asked for, checked.  options: dict with the options of RecorderManager.start, their defaults filled in.

    format, rate_hz, channels, bit_rate, frames (how many it may have), frame_bytes (0: no frames are wanted).
    KioskError: parameter, unsupported.
    """

    def __init__(self, options):
        self.format = _one_of("format", options["format"], _FORMATS).lower()
        duration_ms = options["duration"]
        if not 0 < duration_ms <= _DURATION_MS_MAX:
            raise _wrong("duration", "from 1 to %d" % _DURATION_MS_MAX, duration_ms)
        rates = tuple(row[0] for row in _RATES)
        self.rate_hz = int(_one_of("sampleRate", options["sampleRate"], rates))
        self.channels = int(_one_of("numberOfChannels", options["numberOfChannels"], (1, 2)))
        self.frames = max(1, int(duration_ms) * self.rate_hz // 1000)
        self.bit_rate = self._bit_rate(options["encodeBitRate"])
        self.frame_bytes = self._frame_bytes(options["frameSize"])
        source = _one_of("audioSource", options["audioSource"], SOURCES + _OTHER_SOURCES)
        if source not in SOURCES:
            raise KioskError("unsupported", "audioSource " + source)

    def _bit_rate(self, asked):
        # What is not encoded has no bit rate, so the default does no harm there.
        if asked is None and not self.is_encoded:
            return 0
        asked = _BIT_RATE if asked is None else asked
        for rate_hz, least, most in _RATES:
            if rate_hz == self.rate_hz and not least <= asked <= most:
                raise _wrong("encodeBitRate", "from %d to %d at a sampleRate of %d" % (least, most, rate_hz), asked)
        return int(asked)

    def _frame_bytes(self, asked):
        if asked is None:
            return 0
        if not 1 <= asked <= _FRAME_KB_MAX:
            raise _wrong("frameSize", "from 1 to %d" % _FRAME_KB_MAX, asked)
        return int(asked * 1024) if self.format in _FRAMED else 0

    @property
    def is_encoded(self):
        """bool: whether it takes an encoder."""
        return self.format in _ENCODED

    @property
    def frame(self):
        """int: bytes of a frame of samples."""
        return 2 * self.channels

    def encoder_bit_rate(self):
        """int: what the encoder is to be told: the rate itself, or the next below it that the format has."""
        if (
            self.format == "aac"
        ):  # 6144 bits a channel and block (ISO 14496-3, 4.5.3.3); VisualOn's own limit is 160,000
            return min(self.bit_rate, 6 * self.rate_hz * self.channels, 160000 * self.channels)
        return max(kbit for kbit in _MP3_KBIT if kbit * 1000 <= self.bit_rate) * 1000


def _one_of(name, value, values):
    if value in values:
        return value
    raise _wrong(name, "one of " + ", ".join(str(one) for one in values), value)


def _wrong(name, wanted, value):
    return KioskError("parameter", "parameter.%s should be %s instead of %s;" % (name, wanted, value))
