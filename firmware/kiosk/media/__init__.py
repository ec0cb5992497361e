"""Sound: files, samples, and who owns the speaker and the microphone.  Loaded when a mini-program first asks for it."""

import board


def driver(capability: str):
    """The driver of the board's "speaker" or "microphone", made anew.  OSError if it has none."""
    module = getattr(board, capability)
    if module is None:
        raise OSError(19, "no " + capability)  # ENODEV
    return getattr(__import__(module), capability)()
