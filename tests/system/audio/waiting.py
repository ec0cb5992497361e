"""Waiting for what a board does by itself, however long a busy host takes for it."""

import ast
import time

_LIMIT_S = 90


def ask(target, expression):
    """The value of an expression on the board."""
    return ast.literal_eval(target.exec(f"print(repr(({expression})))", timeout_s=_LIMIT_S))


def finish(target, count=1):
    """What the tasks begun with begin() have returned, when so many have ended."""
    end = time.monotonic() + _LIMIT_S
    while True:
        ended = ask(target, "ended")
        if len(ended) >= count:
            return ended
        assert time.monotonic() < end, "the board does not come to an end"
        time.sleep(0.1)


def sounds(speaker, side=0):
    """What one side has played, without the silence before and after."""
    samples = speaker.side(side)
    heard = [index for index, sample in enumerate(samples) if sample]
    return samples[heard[0] : heard[-1] + 1] if heard else []
