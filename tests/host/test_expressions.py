"""The expressions of `{{ }}`: compiled, evaluated in MicroPython, and held to what JavaScript (node) makes of them."""

import json
import random
import subprocess

import pytest

from host_tools.compiler.expression import compile_expression
from host_tools.compiler.source import CompileError, Source
from host_tools.paths import unix_image

DATA = {
    "n": 3, "zero": 0, "half": 0.5, "neg": -7, "s": "text", "empty": "", "num": "12", "space": " 5 ", "yes": True, "no": False,
    "nothing": None, "list": [1, "b", None, [2, 3]], "none": [], "o": {"a": {"b": ["x", {"c": 9}]}, "k": "a", "1": "one"},
    "i": 1, "key": "k", "cn": "文字",
}  # fmt: skip
EXPRESSIONS = """
n + 1|n - '1'|n * num|n / 2|n / zero|neg / zero|zero / zero|neg % 3|7 % neg|n % zero|half * 2|6 / n|-n|+num|-s|1e3|0x1F|.5 + .5
'a' + n|n + 'a'|'' + yes|'' + nothing|'' + missing|'' + list|'' + o|'' + half|yes + yes|nothing + 1|missing + 1|num + 1|none + 1
n > 2|n >= 3|n < 3|n <= 3|num > 5|num > '5'|s > 'a'|missing > 1|nothing >= 0|s < 1|neg < -6.5|yes > no
n == 3|n == '3'|n === '3'|n != '3'|n !== '3'|nothing == missing|nothing === missing|nothing == zero|empty == zero|empty === zero
yes == 1|yes === 1|no == ''|list == list|list === list|none == ''|'1,b,,2,3' == list|missing == missing|zero === -0|half === .5
n && s|zero && s|empty && s|n || s|zero || s|missing || nothing || 'last'|!n|!zero|!none|!empty|!missing|!!o|yes && no || n
yes ? 'a' : 'b'|zero ? 'a' : 'b'|none ? 'a' : 'b'|n > 2 ? n < 5 ? 'in' : 'over' : 'under'|no ? 1 : yes ? 2 : 3|n == 3 && s == 'text'
o.a.b[1].c|o.a.b[0]|o['k']|o[key]|o[i]|list[i]|list[3][1]|list.length|s.length|s[1]|cn.length|cn[1]|missing.a.b|o.z.y|nothing.a|n.a|list[9]
list['1']|list['length']|o.a['b'].length|list[-1]|list[half]|'abc'.length|'abc'[1]|[1,2,3][1]|{a: 1}.a|[1, ...list, n][2]|[...s].length
{a: n, ...o, 'k k': 1}.k|{...o, k: n}.k|{n}.n|{n, s,}.s|[1,2,].length|(n + 1) * 2|n + 1 * 2|2 * (n - (1 + 1))|(yes || no) && no|- -n
'a\\'b' + "c\\"d"|"\\n".length|'\\u6587'|"it's"|'a' + 'b' * 1|'5' * '2'|'5' + 2 - 1|true + 'x'|null + 'x'|undefined + 'x'|1 < 2 < 3|3 > 2 > 1
n === 3 ? {a: [1, 2]}.a[1] : 0|!n == no|-n + n|n - -n|space * 2|'x' * 2|list + 1|0.1 + 0.2|1 / 3 > 0.333|100000 * 3000|2.5 % 1|-2.5 % 1
"""


def _separate():
    """The expressions, which a single `|` separates."""
    joined = []
    for line in EXPRESSIONS.strip().splitlines():
        joined += [each.replace("\0", "||").strip() for each in line.replace("||", "\0").split("|")]
    return joined


ALL = _separate()
KEEP = "function keep(v) { return typeof v == 'number' && !(Math.abs(v) < 1e300) ? String(v) : v === undefined ? 'undefined' : v }"


def in_javascript(expressions):
    """What node makes of them; a member of nothing is undefined, as in WXML, and not an error."""
    lines = [KEEP, f"const data = {json.dumps(DATA)};", "const missing = undefined; const results = [];"]
    lines.append("const {" + ", ".join(DATA) + "} = data;")
    for expression in expressions:
        lines.append(f"try {{ results.push(keep(({expression}))) }} catch (error) {{ results.push('undefined') }}")
    lines.append("console.log(JSON.stringify(results));")
    done = subprocess.run(["node", "-"], input="\n".join(lines), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def in_micropython(expressions):
    """What the compiled ones give on the device."""
    codes = [compile_expression(Source("page.wxml", each), 0, each, {}).code for each in expressions]
    script = (
        "import json, math\nfrom kiosk.ui import expression as x\n"
        f"d = json.loads({json.dumps(DATA)!r})\nv = ()\nresults = []\n"
        "def keep(v):\n"
        "    if v is x.undefined or (isinstance(v, float) and not abs(v) < 1e300):\n"
        "        return 'undefined' if v is x.undefined else x.string(v)\n"
        "    return v\n"
    )
    for number, code in enumerate(codes):
        script += f"def f{number}():\n    return {code}\nresults.append(keep(f{number}()))\n"
    script += "print(json.dumps(results))\n"
    done = subprocess.run([str(unix_image()), "-c", script], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def _alike(mine, theirs):
    if isinstance(mine, bool) or isinstance(theirs, bool) or not isinstance(mine, (int, float)):
        return type(mine) is type(theirs) and mine == theirs
    return isinstance(theirs, (int, float)) and mine == pytest.approx(theirs)


def test_they_mean_what_javascript_means():
    mine, theirs = in_micropython(ALL), in_javascript(ALL)
    assert len(mine) == len(ALL) > 140
    wrong = [
        f"{text}: {ours!r}, node {other!r}" for text, ours, other in zip(ALL, mine, theirs) if not _alike(ours, other)
    ]
    assert not wrong, "\n".join(wrong)


def test_so_do_those_that_nobody_thought_of():
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)

    def made(depth):
        if depth == 0 or chance.random() < 0.2:
            return chance.choice(
                ["n", "zero", "s", "num", "yes", "no", "nothing", "missing", "list[0]", "o.k", "2", "'a'", "neg"]
            )
        kind = chance.randrange(4)
        if kind == 0:
            return f"({made(depth - 1)} ? {made(depth - 1)} : {made(depth - 1)})"
        if kind == 1:
            return f"!{made(depth - 1)}"
        operator = chance.choice(["+", "-", "*", "&&", "||", "==", "!=", "===", "!==", "<", ">", "<=", ">="])
        return f"({made(depth - 1)} {operator} {made(depth - 1)})"

    texts = [made(4) for _ in range(300)]
    wrong = [
        f"{text}: {ours!r}, node {other!r}"
        for text, ours, other in zip(texts, in_micropython(texts), in_javascript(texts))
        if not _alike(ours, other)
    ]
    assert not wrong, f"seed {seed}\n" + "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("f(1)", "1:1: f(...): an expression cannot call functions (wxs is not supported)"),
        ("a.b.map(c)", "1:1: a.b.map(...): an expression cannot call functions (wxs is not supported)"),
        ("a +", "1:4: an expression ends too early"),
        ("a b", "1:3: unexpected 'b' in an expression"),
        ("a\n  @ b", "2:3: unexpected '@' in an expression"),
        ("a = 1", "1:3: unexpected '=' in an expression"),
        ("'open", '1:1: unexpected "\'" in an expression'),
        (" ", "1:1: an empty {{ }}"),
        ("!" * 40 + "a", "1:1: an expression nested deeper than 32 levels"),
        ("a+" * 3000 + "a", "1:1: an expression longer than 4000 characters"),
    ],
)
def test_what_is_no_expression_is_refused_with_its_place(text, complaint):
    with pytest.raises(CompileError) as raised:
        compile_expression(Source("pages/a.wxml", text), 0, text, {})
    assert str(raised.value) == f"pages/a.wxml:{complaint}"


def test_what_an_expression_reads():
    for text, reads in (
        ("a.b[0].c", ["a.b.0.c"]),
        ("a['x'].y + b", ["a.x.y", "b"]),
        ("list[i].name", ["i", "list"]),
        ("list.length", ["list"]),
        ("a && a.b ? 'x' : c[1]", ["a", "a.b", "c.1"]),
        ("{...a, b: c.d}", ["a", "c.d"]),
        ("'none' + 1", []),
    ):
        assert sorted(compile_expression(Source("a", text), 0, text, {}).reads) == sorted(reads), text
