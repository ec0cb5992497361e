"""What a build says while it works: one line a step with its seconds, and one class of error."""

import sys
import time
from contextlib import contextmanager


class BuildError(Exception):
    """A build step that cannot go on; its text is the one line that the user reads."""


@contextmanager
def step(title):
    """Print `title` before the work and its duration after, so that nothing long is silent."""
    print(f"  {title} ...", end=" ", flush=True, file=sys.stderr)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("failed", file=sys.stderr)
        raise
    print(f"{time.monotonic() - start:.1f} s", file=sys.stderr)
