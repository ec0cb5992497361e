"""The folders under boards/: complete, consistent, and what docs/boards.md says they are."""

import ast
import hashlib
import json
import re
import subprocess

import pytest

from host_tools.firmware import boards, docs, frozen
from host_tools.firmware.boards import BOARDS
from host_tools.paths import MPY_CROSS, ROOT

ALL = [boards.load(name) for name in boards.names()]
CAPABILITIES = json.loads((BOARDS / "common" / "capabilities.json").read_text(encoding="utf-8"))
NEEDED = {"board.json", "board.py", "manifest.py"}
NEEDED_BY_PORT = {
    "unix": {"variant"},
    "stock": {"pins.csv"},
    "rp2": {"pins.csv", "partitions.csv", "mpconfigboard.h", "mpconfigboard.cmake"},
    "esp32": {"pins.csv", "partitions.csv", "mpconfigboard.h", "mpconfigboard.cmake", "sdkconfig.board"},
}
FACTS = {"name", "port", "mcu", "ram", "network", "summary", "silicon", "drivers"}
# GPIOs of the chips; of the ESP32-S3 those that its flash and octal PSRAM leave
GPIOS = {"rp2040": set(range(30)), "esp32s3": set(range(22)) | set(range(38, 49))}

every_board = pytest.mark.parametrize("board", ALL, ids=lambda board: board.name)


def with_(part):
    """The boards that have partitions or pins."""
    found = [board for board in ALL if getattr(board, part)()]
    assert found
    return pytest.mark.parametrize("board", found, ids=lambda board: board.name)


def exported(path):
    """The names that a board.py has at its top level, without the private ones."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
    return {name for name in names if name[0] != "_"}


def imported(path):
    """The names that a board.py only imports for itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    return {alias.asname or alias.name for node in nodes for alias in node.names}


def test_the_boards_of_the_design_are_there():
    assert {"UNIX", "ARDUINO_NANO_RP2040_CONNECT", "RPI_PICO_W", "ESP32_S3_KIOSK", "GENERIC_S3_STOCK"} <= {
        board.name for board in ALL
    }


@every_board
def test_the_files_and_facts_of_a_board_are_there(board):
    found = {path.name for path in board.folder.iterdir()} - {"__pycache__"}
    assert found >= NEEDED | NEEDED_BY_PORT[board.port]
    assert board.facts.keys() >= FACTS


@every_board
def test_board_py_exports_the_capabilities_and_nothing_else(board):
    path = board.folder / "board.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120
    names = exported(path)
    assert set(CAPABILITIES) <= names
    assert names - set(CAPABILITIES) <= imported(path)


def test_no_two_files_are_the_same():
    seen = {}
    for path in sorted(BOARDS.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            assert digest not in seen, f"{path} is a copy of {seen[digest]}"
            seen[digest] = path


@with_("pins")
def test_a_pin_has_one_role(board):
    text = (board.folder / "pins.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    roles, pins = [row[0] for row in rows], [row[1] for row in rows]
    assert len(set(roles)) == len(roles)
    assert len(set(pins)) == len(pins)
    numbers = {int(pin[4:]) for pin in pins if pin.startswith("GPIO")}
    assert numbers <= GPIOS[board.mcu]
    # What C drivers know by number, nothing else is wired to
    header = board.folder / "mpconfigboard.h"
    config = header.read_text(encoding="utf-8") if header.exists() else ""
    taken = re.findall(r"^#define MICROPY_HW_(?:NINA_(?:RESET|GPIO\d|ACK)|SPI1_\w+) +\((\d+)\)", config, re.M)
    assert not numbers & {int(number) for number in taken}
    assert bool(taken) == ("NINA" in board.facts["network"])


@with_("pins")
def test_i2s_clocks_are_neighbours_where_pio_makes_them(board):
    if board.mcu == "rp2040":  # machine.I2S wants ws = sck + 1
        pins = {role: int(pin[4:]) for role, pin in board.pins().items() if pin.startswith("GPIO")}
        assert pins["MIC_WS"] == pins["MIC_SCK"] + 1
        assert pins["AMP_LRC"] == pins["AMP_BCLK"] + 1


@with_("pins")
def test_header_labels_belong_to_pins(board):
    header = board.facts.get("header", {})
    assert len(set(header.values())) == len(header)
    if header:
        assert {pin for pin in board.pins().values() if pin.startswith("GPIO")} <= set(header)


@with_("partitions")
def test_partitions_add_up(board):
    parts = board.partitions()
    end = parts[0].offset
    for part in parts:
        assert part.size > 0 and part.offset % 4096 == 0 and part.size % 4096 == 0, part
        assert part.offset == end, f"{part}: a gap, or two that overlap"
        end = part.offset + part.size
    assert end == board.facts["flash_bytes"]
    slots = [part for part in parts if part.kind.startswith("ota_")]
    assert len({slot.size for slot in slots}) <= 1
    assert all(slot.offset % 0x10000 == 0 for slot in slots)
    assert board.image_partition() is not None


@pytest.mark.parametrize("board", [board for board in ALL if board.port == "rp2"], ids=lambda board: board.name)
def test_the_storage_is_where_the_port_puts_it(board):
    config = (board.folder / "mpconfigboard.h").read_text(encoding="utf-8")
    product = re.search(r"MICROPY_HW_FLASH_STORAGE_BYTES +\(([\d* ]+)\)", config).group(1)
    size = 1
    for factor in product.split("*"):
        size *= int(factor)
    assert board.partitions()[-1].size == size


@every_board
def test_the_manifest_holds_the_firmware_and_the_drivers_named(board):
    modules = frozen.modules(board.folder / "manifest.py")
    assert {"main.py", "board.py", "rootfs.py", "uploads.py", "wx/__init__.py", "kiosk/supervisor.py"} <= set(modules)
    assert all(path.is_file() for path in modules.values())
    for capability, driver in board.facts["drivers"].items():
        assert capability in CAPABILITIES
        assert f"{driver}.py" in {name.rpartition("/")[2] for name in modules}, driver
    drawn = {path.stem for path in modules.values() if "drivers" in path.parts} - {"none", "panel", "glass"}
    assert drawn <= set(board.facts["drivers"].values())


@every_board
def test_what_a_board_imports_is_in_its_image(board):
    """Of our own modules; the rest is the interpreter's."""
    modules = frozen.modules(board.folder / "manifest.py")
    ours = {path.stem for folder in (BOARDS / "common", board.folder) for path in folder.glob("*.py")}
    for node in ast.walk(ast.parse((board.folder / "board.py").read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        for name in set(names) & ours:
            assert f"{name}.py" in modules


@pytest.mark.parametrize("architecture", ["armv6m", "xtensawin"])
def test_everything_compiles_for_the_chips(architecture, tmp_path):
    sources = {path for board in ALL for path in frozen.modules(board.folder / "manifest.py").values()}
    for number, path in enumerate(sorted(sources)):
        command = [MPY_CROSS, f"-march={architecture}", "-O2", "-o", tmp_path / f"{number}.mpy", path]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_the_document_is_up_to_date():
    assert docs.DOCUMENT.read_text(encoding="utf-8") == docs.document(), "run `make docs`"


def test_a_board_is_wired_to_the_pins_that_it_has():
    kiosk = docs.document().partition("## ESP32_S3_KIOSK")[2].partition("\n## ")[0]
    assert "| SCK | GPIO41 | MIC_SCK |" in kiosk
    assert "OV2640 with 24 contacts" in kiosk
    assert "| RES | the board's reset |  |" in kiosk
    assert "ArduCAM" not in kiosk  # it has no CAM_CS
    emulator = docs.document().partition("## UNIX")[2]
    assert "INMP441" not in emulator


def test_facts_that_are_wrong_are_found(tmp_path):
    """The readers themselves: comments, units, and a board that is not there."""
    folder = tmp_path / "TOY"
    folder.mkdir()
    (folder / "board.json").write_text('{"port": "rp2", "mcu": "rp2040"}')
    (folder / "pins.csv").write_text("# roles\nLED, GPIO6\n\nSCK,GPIO2\n")
    (folder / "partitions.csv").write_text(
        "# Name\nimage, app, factory, 0x0, 1M\nfiles, data, littlefs, 0x100000, 64K\n"
    )
    board = boards.load("TOY", tmp_path)
    assert board.pins() == {"LED": "GPIO6", "SCK": "GPIO2"}
    assert [(part.offset, part.size) for part in board.partitions()] == [(0, 1 << 20), (1 << 20, 64 << 10)]
    assert board.image_partition().name == "image"
    with pytest.raises(boards.HostError, match="no such board: GONE; BOARD is one of: TOY"):
        boards.load("GONE", tmp_path)


def test_every_module_under_boards_common_is_used():
    used = {path for board in ALL for path in frozen.modules(board.folder / "manifest.py").values()}
    for path in (BOARDS / "common").glob("*.py"):
        assert path in used or path.name.startswith("manifest"), path.relative_to(ROOT)


_ROLES = {
    "sound.py": {"INMP441": "MIC_SCK MIC_WS MIC_SD", "MAX98357A": "AMP_BCLK AMP_LRC AMP_DIN"},
    "screen.py": {
        "ST7789": "LCD_CS LCD_DC LCD_RST LCD_BL",
        "SPI": "SPI_SCK SPI_MOSI SPI_MISO",
        "I2C": "I2C_SCL I2C_SDA",
        "FT6X36": "TP_INT TP_RST",
    },
    "lens.py": {"OV2640": "CAM_CS", "SPI": "SPI_SCK SPI_MOSI SPI_MISO", "I2C": "I2C_SCL I2C_SDA"},
}
_DVP = {
    "pclk": "CAM_PCLK", "vsync": "CAM_VSYNC", "href": "CAM_HREF", "xclk": "CAM_XCLK", "sda": "I2C_SDA", "scl": "I2C_SCL",
}  # fmt: skip


def _check_dvp(board, roles):
    """The firmware's module for cameras takes the pins' numbers."""
    tree = ast.parse((board.folder / "lens.py").read_text(encoding="utf-8"))
    call = next(node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.func.id == "Dvp")
    given = {keyword.arg: ast.literal_eval(keyword.value) for keyword in call.keywords}
    data = [int(roles[f"CAM_D{bit}"].lstrip("GPIO")) for bit in range(8)]
    assert given == {"data": tuple(data), **{name: int(roles[role].lstrip("GPIO")) for name, role in _DVP.items()}}


@with_("pins")
@pytest.mark.parametrize("module", _ROLES)
def test_the_pins_of_the_drivers_are_those_of_the_table(board, module):
    """And every board that has the contacts of a device has the device."""
    roles = board.pins()
    if module == "lens.py" and board.facts["drivers"]["camera"] == "dvp":
        _check_dvp(board, roles)
        return
    found = {}
    for call in ast.walk(ast.parse((board.folder / module).read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in _ROLES[module]:
            values = [*call.args, *(keyword.value for keyword in call.keywords)]
            pins = [value.args[0].value for value in values if getattr(getattr(value, "func", None), "id", "") == "Pin"]
            found[call.func.id] = {f"GPIO{number}" for number in pins}
    for device, names in _ROLES[module].items():
        assert found[device] == {roles[name] for name in names.split() if name in roles and "GPIO" in roles[name]}, (
            device
        )
