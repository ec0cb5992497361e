"""From power on to a mini-program on the emulated RP2040

The kiosk starts an idle mini-program by itself.  The phases end where the core gets to a function of the image, or the
mini-program's script to a mark; nobody is at the console, and the image is not changed for it.
"""

from pathlib import Path

from host_tools.models.nina import Nina
from host_tools.target import open_target
from host_tools.virtual_board.nano import nina_wiring
from tests.bench.board import CYCLES_A_MS, MARK_IN_PROGRAM, pack, run_to, symbols
from tests.bench.table import Row

_SCRIPT, _READY = 1, 2
_INDEX = (
    MARK_IN_PROGRAM % _SCRIPT
    + "import wx\n\n\n@Page\nclass Index:\n    def onReady(self):\n        "
    + MARK_IN_PROGRAM % _READY
)
_PHASES = (  # ends at the n-th arrival at the symbol or mark
    ("chip and C, 200 ms of them for a second tap on the button", "main", 1),
    ("interpreter", "pyexec_frozen_module", 2),
    ("flash", "mp_vfs_mount", 1),
    ("kiosk", "task_queue_pop", 1),
    ("mini-program's files and chapters", _SCRIPT, 1),
    ("page", _READY, 1),
)
_BARE_KB = 240


def rows(scratch: Path):
    """The figures of this bench."""
    flash = scratch / "boot.flash"
    probes = symbols(*(at for _, at, _ in _PHASES if isinstance(at, str)))
    loop = next(address for address, name in probes.items() if name == "task_queue_pop")
    first = run_to(loop, flash, probes=list(probes))
    formatted = first.marks[_index(first.marks, probes, "task_queue_pop", 1)].cycles
    free_kb = _prepare(flash, scratch)
    board = run_to(_READY, flash, probes=list(probes), chips=[nina_wiring(Nina())])
    ends = [board.marks[_index(board.marks, probes, at, nth)].cycles for _, at, nth in _PHASES]
    split = [f"{name} {(end - start) / CYCLES_A_MS:.1f}" for (name, _, _), start, end in zip(_PHASES, [0, *ends], ends)]
    yield Row("emulated RP2040: cold boot to the mini-program's onReady", ends[-1] / CYCLES_A_MS / 1000, "s", 1,
              peer=f"{ends[-1]:,} cycles; ms: " + ", ".join(split))  # fmt: skip
    yield Row("emulated RP2040: cold boot of a new board to the loop, the flash being formatted",
              formatted / CYCLES_A_MS / 1000, "s",
              peer=f"{formatted:,} cycles; ready again without that: {ends[3] / CYCLES_A_MS:.1f} ms")  # fmt: skip
    yield Row("emulated RP2040: free heap with that mini-program, the console and Wi-Fi up", free_kb, "KB", 190, True,
              peer=f"of the bare image's {_BARE_KB} KB")  # fmt: skip


def _index(marks, probes, at, nth: int) -> int:
    found = [index for index, mark in enumerate(marks) if probes.get(mark.value, mark.value) == at]
    return found[nth - 1]


def _prepare(flash: Path, scratch: Path) -> float:
    """Install the mini-program as the one that starts; return the free heap with it, in KB, once it has."""
    packed = pack(scratch / "boot", _INDEX)
    with open(scratch / "boot.output", "w", encoding="utf-8") as output:
        settings = {"flash": flash, "output": output, "warp": True}
        with open_target("virtual", **settings) as target:
            target.install(packed, "idle")
            target.ask("autostart", "idle")
        with open_target("virtual", **settings) as target:
            network = target.nina.networks[0]
            assert target.ask("wifi", network.ssid, network.key)["state"] == "joined"
            state = target.state()
            assert state["running"] == "idle"
            assert target.ask("wifi", network.ssid, None)["known"] == []  # the boot that is measured has no network
    return state["heapFree"] / 1024
