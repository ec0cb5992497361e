"""The Python source that a page or a component becomes; firmware/kiosk/ui/update.py says what is in it."""

from typing import Iterable, List

_CUSTOM_LENGTH = 7  # an element that is a custom component has its path behind the rest


def source(codes: List[str], nodes: tuple, templates: tuple, reads: tuple, rules: tuple, more: dict) -> str:
    """The module: `codes` are the expressions by their numbers, `more` further names and their values."""
    lines = ["from kiosk.ui import expression as x"] if codes else []
    lines.append(f"NODES = {nodes!r}")
    lines.append(f"TEMPLATES = {templates!r}")
    lines.append(f"READS = {reads!r}")
    lines.append(f"RULES = {rules!r}")
    lines += [f"{name} = {value!r}" for name, value in more.items()]
    lines.append("def value(n, d, v):")
    lines += _choice(codes, 0, 1)
    return "\n".join(lines) + "\n"


def levels(templates: Iterable, called: tuple = ()) -> int:
    """How many elements are in each other at most; `called` is what the numbers of CALL mean."""
    return max((_levels(each, called) for each in templates), default=0)


def _levels(template, called) -> int:
    if isinstance(template, str):
        return 0
    kind = template[0]
    if isinstance(kind, str):
        # What is in a custom component is reckoned when it is known: on the kiosk.
        return 1 if len(template) == _CUSTOM_LENGTH else 1 + levels(template[4], called)
    if kind == 1:
        return max(levels(branch[1], called) for branch in template[1])
    if kind == 2:
        return levels(template[7], called)
    if kind == 3:
        numbers = (template[1],) if isinstance(template[1], int) else template[1][1::2]
        # One that calls itself ends somewhere, but nobody knows where: it counts once.
        rest = tuple(() if number in numbers else each for number, each in enumerate(called))
        return max((levels(called[number], rest) for number in numbers if number >= 0), default=0)
    return 0


def _choice(codes: List[str], first: int, depth: int) -> List[str]:
    """Lines that return the code of number `n`, found by halving: one function is smaller than one for each."""
    indent = " " * depth
    if not codes:
        return [indent + "return None"]
    if len(codes) == 1:
        return [indent + "return " + codes[0]]
    half = len(codes) // 2
    return [
        f"{indent}if n < {first + half}:",
        *_choice(codes[:half], first, depth + 1),
        *_choice(codes[half:], first + half, depth),
    ]
