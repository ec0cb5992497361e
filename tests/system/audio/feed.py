"""Run by MicroPython: `feed.py decode FORMAT STEP IN OUT` or `feed.py encode FORMAT RATE CHANNELS BIT_RATE STEP IN OUT`.

Prints what the codec says of itself.  STEP is how many bytes it is given at once.
"""

import codecs
import sys


def _pieces(path, step, codec, output, to):
    """Feed a file; the call in turn is told how much of a piece was not taken."""
    with open(path, "rb") as source:
        while True:
            piece = memoryview(source.read(step))
            if not piece:
                return
            while piece:
                taken, given = codec(piece, output)
                if given > len(output) or taken > len(piece) or not (taken or given):
                    raise RuntimeError("took %d, gave %d of %d" % (taken, given, len(piece)))
                to.write(memoryview(output)[:given])
                piece = piece[taken:]


def decode(name, step, source, target):
    decoder = codecs.Decoder(name)
    output = bytearray(codecs.PCM_BYTES)
    with open(target, "wb") as to:
        _pieces(source, int(step), decoder.feed, output, to)
        while True:
            given = decoder.feed(b"", output)[1]
            if not given:
                break
            to.write(memoryview(output)[:given])
    print(decoder.rate_hz, decoder.channels, decoder.damaged, decoder.skipped, decoder.state_bytes)


def encode(name, rate_hz, channels, bit_rate, step, source, target):
    encoder = codecs.Encoder(name, int(rate_hz), int(channels), int(bit_rate))
    output = bytearray(codecs.ENCODED_BYTES)
    with open(target, "wb") as to:
        _pieces(source, int(step), encoder.encode, output, to)
        while True:
            given = encoder.finish(output)
            if not given:
                break
            to.write(memoryview(output)[:given])
    print(encoder.state_bytes)


{"decode": decode, "encode": encode}[sys.argv[1]](*sys.argv[2:])
