"""Runs one test function in MicroPython: `mpkiosk tests/unit/runner.py FILE FUNCTION`, from the project's folder."""

import asyncio
import gc
import sys


def main(path, name):
    sys.path[0:0] = [path.rpartition("/")[0], "."]
    module = __import__(path.rpartition("/")[2].rpartition(".")[0])
    gc.collect()
    result = getattr(module, name)()
    if result is not None:
        asyncio.run(result)
    print("passed")


main(sys.argv[1], sys.argv[2])
