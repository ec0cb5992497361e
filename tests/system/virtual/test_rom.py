"""The boot ROM's float and double tables, called on the emulated core and held to the host's arithmetic."""

import ast
import math
import struct

import pytest

# Calls a function of the boot ROM with four words, and brings the four registers back.
CALL = """
import machine, micropython, struct, array, uctypes
@micropython.asm_thumb
def call(r0, r1):
    mov(r7, r0)
    mov(r6, r1)
    ldr(r0, [r7, 0])
    ldr(r1, [r7, 4])
    ldr(r2, [r7, 8])
    ldr(r3, [r7, 12])
    data(2, 0x47B0)  # blx r6
    str(r0, [r7, 0])
    str(r1, [r7, 4])
    str(r2, [r7, 8])
    str(r3, [r7, 12])
def table(code):
    at = machine.mem16[0x16]
    while machine.mem16[at] != code:
        at += 4
    return machine.mem16[at + 2]
FLOATS, DOUBLES = table(0x4653), table(0x4453)
def rom(at, words):
    buffer = array.array("I", words)
    call(uctypes.addressof(buffer), machine.mem32[at])
    print(list(buffer))
"""


def words(form, *values):
    packed = struct.pack(form, *values)
    packed += bytes(-len(packed) % 4)
    return list(struct.unpack(f"<{len(packed) // 4}I", packed))


@pytest.fixture(scope="module")
def rom(virtual):
    """Call entry `offset` of the float ("f") or double ("d") table: values in, by `form`; the result, by `result`."""
    virtual.exec(CALL)

    def run(table, offset, form, values, result):
        sent = words("<" + form, *values)
        sent += [0] * (4 - len(sent))
        name = "FLOATS" if table == "f" else "DOUBLES"
        answer = ast.literal_eval(virtual.exec(f"rom({name} + {offset}, {sent})"))
        return struct.unpack_from("<" + result, struct.pack("<4I", *answer))[0]

    return run


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


@pytest.mark.parametrize("real", ["f", "d"])
def test_the_boot_roms_arithmetic_is_exact(rom, real):
    rounded = single if real == "f" else float
    for x, y in [(1.5, 2.25), (10.0, 3.0), (-7.75, 1e-3), (1e10, -1.0), (3.0e-30, 7.0e-5)]:
        x, y = rounded(x), rounded(y)
        for offset, expected in ((0x00, x + y), (0x04, x - y), (0x08, x * y), (0x0C, x / y)):
            assert rom(real, offset, real * 2, (x, y), real) == rounded(expected), (hex(offset), x, y)
        assert rom(real, 0x10, real * 2, (x, y), "i") == (x > y) - (x < y)
        assert rom(real, 0x18, real, (abs(x),), real) == pytest.approx(
            math.sqrt(abs(x)), rel=1e-7 if real == "f" else 3e-16
        )


@pytest.mark.parametrize("real", ["f", "d"])
def test_the_boot_roms_conversions_round_down_and_stop_at_the_limits(rom, real):
    for offset, bits, signed in ((0x20, 32, True), (0x28, 32, False), (0x70, 64, True), (0x78, 64, False)):
        low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
        result = {32: "i", 64: "q"}[bits] if signed else {32: "I", 64: "Q"}[bits]
        for x, point in [(0.5, 16), (-0.5, 16), (2.99, 0), (-2.01, 0), (1e30, 0), (-1e30, 0), (1000.25, 2)]:
            x = struct.unpack("<" + real, struct.pack("<" + real, x))[0]
            expected = min(max(math.floor(x * 2**point), low), high)
            assert rom(real, offset, real + "i", (x, point), result) == expected, (hex(offset), x, point)
    for offset, form in ((0x30, "ii"), (0x38, "Ii"), (0x60, "qi"), (0x68, "Qi")):
        assert rom(real, offset, form, (12345, 4), real) == 12345 / 16
    assert rom(real, 0x2C, "i", (-77,), real) == -77
    assert rom(real, 0x7C, real, (1.25,), "d" if real == "f" else "f") == 1.25


@pytest.mark.parametrize("real", ["f", "d"])
def test_the_boot_roms_scientific_functions(rom, real):
    functions = {0x3C: math.cos, 0x40: math.sin, 0x44: math.tan, 0x4C: math.exp, 0x50: math.log}
    for offset, function in functions.items():
        assert rom(real, offset, real, (1.25,), real) == pytest.approx(
            function(1.25), rel=1e-6 if real == "f" else 1e-15
        )
    assert rom(real, 0x58, real * 2, (1.0, -2.0), real) == pytest.approx(math.atan2(1, -2), rel=1e-6)
