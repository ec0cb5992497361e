"""Animations beside Chromium's: timing functions, and transforms between two lists of functions."""

import json
import re
import subprocess

import pytest

from tests.system.pages.browser import EXECUTABLE

TIMES = (0.1, 0.25, 0.5, 0.75, 0.9)
EASINGS = ("linear", "ease", "ease-in", "ease-out", "ease-in-out", "step-start", "step-end")
PAIRS = (
    ([], [["rotate", [90]], ["scale", [2, 3]]]),
    ([["rotate", [180]]], [["rotate", [0]], ["translate", [100, -20]]]),
    ([["rotate", [90]]], [["scale", [3, 3]]]),
    ([["translate", [10, 5]], ["rotate", [30]]], [["translate", [50, 5]], ["skew", [20, 10]]]),
    ([["matrix", [1, 0, 0, 1, 0, 0]]], [["matrix", [0.5, 0.7, -1.2, 0.4, 30, 40]]]),
    ([["matrix", [1, 0.2, 0, 1, 0, 0]]], [["matrix", [-1, 0, 0, 1, 9, 9]]]),
    ([], [["rotateX", [60]], ["rotateY", [40]]]),
    ([["rotate3d", [1, 2, 3, 20]]], [["rotate3d", [1, 2, 3, 140]]]),
    ([], [["translate3d", [5, 6, 7]], ["scale3d", [2, 3, 4]], ["rotateZ", [45]], ["translateZ", [9]]]),
    ([["skewX", [10]], ["scaleX", [2]]], [["skewX", [-30]], ["scaleX", [0.5]]]),
    ([["skewY", [10]], ["translateX", [2]], ["scaleY", [4]]], [["skewY", [30]]]),
)
_UNITS = {"rotate": "deg", "skew": "deg", "translate": "px"}
_PAGE = """<!DOCTYPE html><html><body><div id="one">x</div><script>
const node = document.getElementById("one"), found = {eased: {}, mixed: []};
function at(frames, easing, share, name) {
  const run = node.animate(frames, {duration: 1000, easing, fill: "both"});
  run.pause(); run.currentTime = share * 1000;
  const value = getComputedStyle(node)[name];
  run.cancel();
  return value;
}
for (const easing of %s)
  found.eased[easing] = %s.map(share => +at([{opacity: 0}, {opacity: 1}], easing, share, "opacity"));
for (const [from, to] of %s)
  found.mixed.push(%s.map(share => {
    const m = new DOMMatrix(at([{transform: from}, {transform: to}], "linear", share, "transform"));
    return [m.m11, m.m12, m.m21, m.m22, m.m41, m.m42];
  }));
document.body.textContent = JSON.stringify(found);
</script></body></html>"""
_ASK = """
import json
from kiosk.ui import animation, transform
print(json.dumps([
    {name: [animation.eased(name, share) for share in TIMES] for name in EASINGS},
    [[transform.between(one, other, share) for share in TIMES] for one, other in PAIRS]]))
"""


def _css(functions):
    written = []
    for kind, args in functions:
        unit = next((unit for start, unit in _UNITS.items() if kind.startswith(start)), "")
        units = ["", "", "", unit] if kind == "rotate3d" else [unit] * len(args)
        written.append(f"{kind}({', '.join(f'{value}{unit}' for value, unit in zip(args, units))})")
    return " ".join(written) or "none"


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """What Chromium says: {eased, mixed}."""
    folder = tmp_path_factory.mktemp("chromium")
    pairs = [[_css(one), _css(other)] for one, other in PAIRS]
    times = json.dumps(TIMES)
    (folder / "page.html").write_text(_PAGE % (json.dumps(EASINGS), times, json.dumps(pairs), times), encoding="utf-8")
    command = [EXECUTABLE, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=True)
    return json.loads(re.search(r"<body[^>]*>(.*)</body>", done.stdout, re.DOTALL).group(1))


@pytest.mark.timeout(400)
def test_values_are_chromiums(kiosk, theirs):
    """To a thousandth; a transform's numbers to a thousandth of the largest."""
    eased, mixed = json.loads(kiosk.exec(f"TIMES, EASINGS, PAIRS = {TIMES!r}, {EASINGS!r}, {PAIRS!r}\n{_ASK}"))
    for name in EASINGS:
        assert eased[name] == pytest.approx(theirs["eased"][name], abs=0.001), name
    for pair, ours, other in zip(PAIRS, mixed, theirs["mixed"]):
        for share, mine, wanted in zip(TIMES, ours, other):
            assert mine == pytest.approx(wanted, abs=0.001 * max(map(abs, wanted))), (pair, share)
