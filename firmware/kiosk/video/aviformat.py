"""
What an AVI file is made of, for those who write and read one.

Sources: "AVI RIFF File Reference", Microsoft (AVIMAINHEADER, AVISTREAMHEADER, AVIOLDINDEX); "Multimedia Programming Interface
and Data Specifications 1.0", IBM and Microsoft, 1991 (RIFF, WAVEFORMAT); "New Multimedia Data Types and Data Techniques",
Microsoft, 1994 (IMA ADPCM); "OpenDML AVI File Format Extensions 1.02", Matrox, 1996 (RIFF AVIX, rec lists).
"""

import struct

PCM = 1  # wFormatTag
ADPCM = 17  # IMA's
ADPCM_BLOCK = 256  # bytes of a block in the files that are written here

HEADER_BYTES = 352  # from RIFF to the four letters of movi, in the files that are written here
WHOLE = 0x10  # AVIIF_KEYFRAME: such a picture needs no other

_HAS_INDEX = const(0x10)  # AVIF_HASINDEX
_INTERLEAVED = const(0x100)
_CHUNK = "<4sI"
_STREAM = "<4s4s10I4H"  # AVISTREAMHEADER


class Sound:
    """How a file has its sound.  tag: PCM or ADPCM; rate_hz; channels; bits of a sample; block: bytes that belong together.

    block_frames (int): samples of each channel that are in a block.
    """

    def __init__(self, tag, rate_hz, channels, bits, block):
        self.tag = tag
        self.rate_hz = rate_hz
        self.channels = channels
        self.bits = bits
        self.block = block
        self.block_frames = 1 if tag == PCM else 1 + (block // (4 * channels) - 1) * 8

    def time_ms(self, size):
        """int: how long so many bytes last."""
        return size // self.block * self.block_frames * 1000 // self.rate_hz


def pcm(rate_hz):
    """The Sound of 16 bits, mono, as it is heard."""
    return Sound(PCM, rate_hz, 1, 16, 2)


def adpcm(rate_hz):
    """The Sound in a quarter of the room."""
    return Sound(ADPCM, rate_hz, 1, 4, ADPCM_BLOCK)


def header(width, height, frame_us, sound, frames=0, blocks=0, largest=0, movi=0, total=0):
    """bytes: all that is before the first chunk.  A file that is not whole says 0 of what nobody knows yet.

    frames: places in the row of pictures, empty ones too.  blocks: of sound.  largest: bytes of the largest picture.
    movi: bytes from the word movi to the end of its list; total: of the whole file.
    """
    per_second = (1000000 // frame_us * largest if largest else 0) + (_sound_bytes(sound) if sound else 0)
    flags = _INTERLEAVED | (_HAS_INDEX if total else 0)
    streams = 2 if sound else 1
    main = struct.pack("<14I", frame_us, per_second, 0, flags, frames, 0, streams, largest, width, height, 0, 0, 0, 0)
    video = _pictures(width, height, frame_us, frames, largest)
    body = b"hdrl" + _chunk(b"avih", main) + video
    if sound:
        body += _sound(sound, blocks)
    text = struct.pack("<4sI4s", b"RIFF", total - 8 if total else 0, b"AVI ") + _chunk(b"LIST", body)
    text += _chunk(b"JUNK", bytes(HEADER_BYTES - len(text) - 20))
    return text + struct.pack("<4sI4s", b"LIST", movi, b"movi")


def _pictures(width, height, frame_us, frames, largest):
    most = 0xFFFFFFFF  # the quality: the default one
    numbers = (0, 0, 0, frame_us, 1000000, 0, frames, largest, most, 0)
    stream = struct.pack(_STREAM, b"vids", b"MJPG", *numbers, 0, 0, width, height)
    bitmap = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", width * height * 3, 0, 0, 0, 0)
    return _chunk(b"LIST", b"strl" + _chunk(b"strh", stream) + _chunk(b"strf", bitmap))


def _sound(sound, blocks):
    # A block is the unit of its stream, and so many frames of it are exact: bytes a second would have to be rounded.
    numbers = (0, 0, 0, sound.block_frames, sound.rate_hz, 0, blocks, 0, 0xFFFFFFFF, sound.block)
    stream = struct.pack(_STREAM, b"auds", bytes(4), *numbers, 0, 0, 0, 0)
    form = struct.pack(
        "<HHIIHH", sound.tag, sound.channels, sound.rate_hz, _sound_bytes(sound), sound.block, sound.bits
    )
    form += struct.pack("<HH", 2, sound.block_frames) if sound.tag == ADPCM else bytes(2)
    return _chunk(b"LIST", b"strl" + _chunk(b"strh", stream) + _chunk(b"strf", form))


def _sound_bytes(sound):
    return sound.rate_hz * sound.block // sound.block_frames


def _chunk(name, data):
    return struct.pack(_CHUNK, name, len(data)) + data
