"""Fixtures of the tests that have models wired to a board: the emulator and the virtual board, in one way."""

import pytest

from host_tools.target import open_target

_HEAP = 190 * 1024


@pytest.fixture
def wire(tmp_path):
    """Start boards with chips wired to them: `wire("unix", [SpiWiring(...)])`; "unix32" is that with a board's heap."""
    started = []

    def start(name, chips, **settings):
        output = open(tmp_path / f"output{len(started)}", "w", encoding="utf-8")  # noqa: SIM115
        if name.startswith("unix"):
            settings["errors"] = output
            if name == "unix32":
                name, settings["heap"] = "unix", _HEAP
        else:
            settings["warp"] = True
        target = open_target(name, chips=chips, output=output, **settings)
        started.append((target, output))
        return target

    yield start
    for target, output in started:
        target.close()
        output.close()


@pytest.fixture(params=["unix", "unix32", "virtual"])
def wired(request, wire):
    """Start a board with chips, of each kind in turn: `wired([SpiWiring(...)])`."""
    return lambda chips: wire(request.param, chips)
