"""`make size`: the linker's map read by module, held against the image itself."""

import subprocess

from host_tools.firmware import boards, size
from host_tools.paths import BUILD

NANO = BUILD / "firmware" / "ARDUINO_NANO_RP2040_CONNECT"


def sizes():
    return size.of_image(boards.load("ARDUINO_NANO_RP2040_CONNECT"), NANO / "firmware.elf.map")


def test_the_modules_add_up_to_the_image_to_the_byte():
    assert size.total(sizes())[0] == (NANO / "firmware.bin").stat().st_size


def test_ram_is_what_the_heap_begins_after_and_the_stack():
    symbols = subprocess.run(
        ["arm-none-eabi-nm", str(NANO / "firmware.elf")], capture_output=True, text=True, check=True
    ).stdout
    end = next(int(line.split()[0], 16) for line in symbols.splitlines() if line.split()[-1] == "__bss_end__")
    assert size.total(sizes())[1] == end - 0x20000000 + 8192


def test_the_totals_are_those_of_the_compiler_s_own_tool():
    command = ["arm-none-eabi-size", "-A", str(NANO / "firmware.elf")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    sections = {words[0]: int(words[1]) for words in map(str.split, lines) if len(words) == 3 and words[1].isdigit()}
    flash = (".boot2", ".text", ".rodata", ".binary_info", ".data")
    ram = (".ram_vector_table", ".data", ".uninitialized_data", ".bss", ".stack_dummy")
    assert size.total(sizes()) == (
        sum(sections[name] for name in flash), sum(sections[name] for name in ram),
    )  # fmt: skip


def test_c_and_python_are_found_by_their_folders():
    found = sizes()
    for module in ("py", "lib/mbedtls", "drivers/ninaw10", "firmware/cmodules/guard", "frozen kiosk/net", "frozen wx"):
        assert found[module][0] > 100, module
    assert found["(stack)"] == (0, 8192)
    named = sum(flash for module, (flash, _) in found.items() if module.startswith("frozen ") and "(" not in module)
    assert named > 2 * found["frozen (names, tables)"][0]
    roots = (
        BUILD / "roots" / "kiosk" / "net" / "shipped_roots.py"
    ).stat().st_size // 4  # each byte is written as \\xhh
    assert found["frozen (text, certificates)"][0] > roots


def test_a_difference_shows_what_grew_and_what_went():
    text = size.table(
        {"py": (1000, 10), "wx": (500, 0), "new": (7, 0)}, {"py": (1000, 10), "wx": (400, 8), "old": (9, 1)}
    )
    rows = [line.split() for line in text.splitlines()[1:]]
    assert rows == [
        ["wx", "500", "0", "+100", "-8"],
        ["old", "0", "0", "-9", "-1"],
        ["new", "7", "0", "+7", "+0"],
        ["total", "1,507", "10", "+98", "-9"],
    ]


def test_a_board_without_a_map_is_one_line(capsys):
    assert size.main(["UNIX"]) == 1
    assert capsys.readouterr().err == "mpkiosk: UNIX has no map of the linker; there is one for boards of the RP2040\n"
    assert size.main(["ARDUINO_NANO_RP2040_CONNECT", "--against", "no-such-commit"]) == 1
    assert capsys.readouterr().err == "mpkiosk: no such commit: no-such-commit\n"
