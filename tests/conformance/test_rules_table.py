"""The table of rules.py: every rule is proved or waits, every test it names is there, nothing waits for what has come."""

import ast
import re

import pytest

from host_tools.paths import ROOT
from tests.conformance.rules import RULES, Gap, Waiting

_TESTS = ROOT / "tests"
_GAPS = 1  # sentences that are not kept; may only become less


def functions(path):
    """name -> docstring of the functions of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name: ast.get_docstring(node) or ""
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def offered():
    """The names in the table of `wx`."""
    tree = ast.parse((ROOT / "firmware" / "wx" / "__init__.py").read_text(encoding="utf-8"))
    table = next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "CHAPTERS")
    return {name for _, names in ast.literal_eval(table) for name in names}


def proved(rule):
    """The tests (file::function) that a rule names."""
    return [] if isinstance(rule, Waiting) else [test for test in rule.values() if isinstance(test, str)]


def test_all_23_rules_are_in_the_table():
    assert list(RULES) == list(range(1, 24))


@pytest.mark.parametrize("number", RULES)
def test_a_rule_is_proved_or_waits(number):
    """Each test is there, and one at least names the rule: `test_rule_07_...`, or "Rule 7" at the docstring's start."""
    rule = RULES[number]
    if isinstance(rule, Waiting):
        assert rule.name not in offered(), f"wx.{rule.name} has come: rule {number} wants its tests"
        return
    naming = 0
    for test in proved(rule):
        file, _, name = test.partition("::")
        found = functions(_TESTS / file)
        assert name in found, test
        naming += name.startswith(f"test_rule_{number:02}_") or bool(re.match(rf"Rule {number}\b", found[name]))
    assert naming, number


def test_every_test_of_a_rule_is_in_the_table():
    named = {test for rule in RULES.values() for test in proved(rule)}
    tests = {
        f"system/test_rules.py::{name}"
        for name in functions(_TESTS / "system" / "test_rules.py")
        if name[:5] == "test_"
    }
    assert tests - named == set()


def test_gaps_may_only_become_less():
    gaps = [
        text for rule in RULES.values() if isinstance(rule, dict) for text in rule.values() if isinstance(text, Gap)
    ]
    assert len(gaps) == _GAPS
