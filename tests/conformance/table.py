"""
The table behind docs/api.md: every name of the API, with its options, fields and members, each in a state.

States are derived, never declared: from what the runtime offers and does (runtime.py), what the typings say
(typings.py) and, for what is refused or without effect, refusals.py.
"""

import re
from typing import NamedTuple

from tests.conformance import typings
from tests.conformance.refusals import DROPPED, NO_EFFECT, REFUSED

DONE, REFUSED_, NO_EFFECT_, MISSING = "done", "refused", "no effect", "missing"
BEYOND = "beyond the list"
_CALLED = {"SocketTask.send": "sendSocketMessage", "SocketTask.close": "closeSocket"}  # as their errMsg has it
_SAME = {"Array": "Object", "Any": "Object"}  # in JavaScript an Array is an Object


class Part(NamedTuple):
    """An option or a field of a result: `fail.errno` is how the field of a failure is called."""

    name: str
    state: str
    note: str = ""


class Name(NamedTuple):
    """A name of the API.  listed: whether api.tsv has it; else the typings add it, or the runtime."""

    name: str
    area: str
    listed: bool
    state: str
    note: str
    parts: tuple


def names(runtime):
    """Every Name, in the order of api.tsv."""
    areas = {row["api"]: (row["area"], True) for row in typings.rows()}
    for holder, area in typings.objects().items():
        found = typings.load()["objects"].get(holder, {"methods": {}, "props": []})
        for member in [*found["methods"], *(prop["name"] for prop in found["props"])]:
            areas.setdefault(f"{holder}.{member}", (area, False))
    for name in sorted(runtime.offered):
        if name[:3] == "wx." or "." not in name:
            areas.setdefault(name, (BEYOND, False))
    return [_named(runtime, name, *found) for name, found in areas.items()]


def _named(runtime, name, area, listed):
    state, note = _state(runtime, name)
    return Name(name, area, listed, state, note, tuple(_parts(runtime, name, state)))


def _state(runtime, name):
    holder, _, member = name.rpartition(".")
    props = {prop["name"]: prop for prop in typings.load()["objects"].get(holder, {"props": []})["props"]}
    if member in props and name not in runtime.proofs:
        return _given(runtime, holder, props[member])
    if name in REFUSED and name in runtime.offered:
        return REFUSED_, REFUSED[name].reason
    proof = runtime.proofs.get(name)
    if proof is None:
        return MISSING, "no scenario proves it" if name in runtime.offered else ""
    return (MISSING, proof) if proof else (DONE, "")


def _given(runtime, key, field):
    kinds = set(runtime.given.get(key, {}).get(field["name"], ())) - {"Null"}
    typed = {_SAME.get(kind, kind) for kind in field["kinds"]}
    if not kinds:
        return MISSING, "not given"
    if "Any" in field["kinds"] or {_SAME.get(kind, kind) for kind in kinds} <= typed:
        return DONE, ""
    return MISSING, "is " + " or ".join(sorted(kinds))


def _parts(runtime, name, state):
    typed = typings.callable_of(name)
    if not typed:
        return
    declared = runtime.offered.get(name, {})
    for option in typed["options"] if typed["options"] is not None else _parameters(typed):
        yield Part(option["name"], *_option_state(runtime, name, option, declared, state))
    called = _CALLED.get(name, name.rpartition(".")[2])
    for outcome, prefix in (("success", ""), ("fail", "fail.")):
        for field in typed[outcome]:
            found = (REFUSED_, "") if state == REFUSED_ else (MISSING, "")
            if state == DONE:
                found = _given(runtime, f"{called}.{outcome}", field)
            yield Part("res." + prefix + field["name"], *found)


def _parameters(typed):
    # Those of a function that takes no object: a listener is no option.
    return [one for one in typed["parameters"] if one["kinds"] != ["Function"]]


def _option_state(runtime, name, option, declared, state):
    full = f"{name}.{option['name']}"
    if state == REFUSED_ or (full in REFUSED and state == DONE):
        return REFUSED_, ""
    if state != DONE:
        return MISSING, ""
    if declared["kind"] == "function":  # its scenario is about its arguments; what it looks at is not seen from here
        return (NO_EFFECT_, NO_EFFECT[full]) if full in NO_EFFECT else (DONE, "")
    taken = {one[0].lstrip("*"): one for one in declared["options"]}.get(option["name"])
    if taken is None:
        return MISSING, "not declared"
    if not takes(taken, option):
        return MISSING, f"takes {taken[1]}"
    if declared["kind"] == "api" and option["name"] not in runtime.read.get(name.rpartition(".")[2], ()):
        return (NO_EFFECT_, NO_EFFECT[full]) if full in NO_EFFECT else (MISSING, "never looked at")
    return DONE, ""


def takes(taken, option):
    """Whether a declared option takes every type of the typed one; "" takes any."""
    return not taken[1] or set(option["kinds"]) <= set(taken[1].split("|"))


def differences(runtime):
    """What is declared otherwise than the typings have it: a list of text, empty when all is well."""
    found = []
    for name, declared in runtime.offered.items():
        typed = typings.callable_of(name)
        if declared["kind"] != "api" or not typed or typed["options"] is None:
            continue
        options = {one[0].lstrip("*"): one for one in declared["options"]}
        for one in typed["options"]:
            taken = options.pop(one["name"], None)
            if taken and (taken[0][0] == "*") != one["required"]:
                found.append(f"{name}.{one['name']}: required is {one['required']}")
            if taken and one["default"] in ("true", "false") and taken[2] != (one["default"] == "true"):
                found.append(f"{name}.{one['name']}: the default is {one['default']}")
        found += [f"{name}.{extra}: not in the typings" for extra in set(options) - DROPPED.get(name, set())]
        fields = {one["name"] for one in typed["success"]} | {"errMsg"}
        if set(declared["fields"]) | {"errMsg"} != fields:
            found.append(f"{name}: fields are {sorted(fields)}")
        task = typed["returns"] if typed["returns"].endswith("Task") else None
        if declared["task"] != task:
            found.append(f"{name}: returns {typed['returns']}")
    return found


def _counts(found):
    # area -> [listed: done, refused, missing; other names: the same; parts: done, no effect, refused, missing]
    counts = {}
    for name in found:
        row = counts.setdefault(name.area, [0] * 10)
        row[(DONE, REFUSED_, MISSING).index(name.state) + (0 if name.listed else 3)] += 1
        for part in name.parts:
            row[6 + (DONE, NO_EFFECT_, REFUSED_, MISSING).index(part.state)] += 1
    return counts


def missing(document):
    """area -> [listed names, other names, options and fields] that a document says are missing."""
    found = {}
    for line in document.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 11 and re.fullmatch(r"\d+", cells[1]):
            found[cells[0]] = [int(cells[column]) for column in (3, 6, 10)]
    return found


def grown(before, after):
    """What is missing in document `after` and was not in `before`: a list of text."""
    found, old = [], missing(before)
    for area, figures in missing(after).items():
        for what, now, then in zip(
            ("listed names", "other names", "options and fields"), figures, old.get(area, figures)
        ):
            if now > then:
                found.append(f"{area}: {now} {what} are missing, there were {then}")
    return found + [f"{area}: is gone" for area in old if area not in missing(after)]


_HEAD = """\
# The API, name by name

Written by `make api`. `make test` derives it anew and fails when it differs; what is missing may only become less.

The names are those of `tests/conformance/api.tsv`, the list of what the project is to provide, and what Tencent's
typings (npm package miniprogram-api-typings {version}) add to its objects. A name is

- **done** when a *scenario* in `tests/conformance/scenarios` proves it on the running emulator, against real servers,
  and the same scenario fails once the name is *hollowed*: replaced by an empty function that answers at once with
  success and every field the typings promise. So an empty function is never done. A property is done when a living
  object has it with a value of its type;
- **refused** when the call ends with a documented errno; `tests/conformance/refusals.py` has the call and the reason,
  and the test makes it;
- **missing** otherwise.

An option of a name that is done is *done* when it is declared, required or not and of the types that the typings say,
and the implementation looks at its value while the scenarios run (for a `...Sync` API: gets it as an argument);
without *effect* when it is taken and never looked at, which needs a reason in `refusals.py`. A field of a result is
done when a scenario has seen it with a value of its type. How far an option does what its text says is for the other
tests: the table cannot tell a subtle mistake, only what is not there. The typings say nothing of `wx.saveFile` and its
kin, of the framework's names and of the dialects: for those there is the scenario alone.

| area | listed names done | refused | missing | other names done | refused | missing | options, fields done | no effect | refused | missing |
|---|---|---|---|---|---|---|---|---|---|---|
"""


def document(runtime):
    """The text of docs/api.md."""
    found = names(runtime)
    counts = _counts(found)
    lines = [_HEAD.format(version=typings.version())]
    for area, row in counts.items():
        lines.append(f"| {area} | " + " | ".join(map(str, row)) + " |\n")
    lines.append("| all | " + " | ".join(str(sum(column)) for column in zip(*counts.values())) + " |\n")
    lines.append(
        "\nBelow, `option*` is required; *(no effect)*, *(refused)* and *(missing)* stand behind what is not done.\n"
    )
    for area in counts:
        lines += _area(area, [name for name in found if name.area == area])
    lines += _reasons(found)
    return "".join(lines)


def _area(area, found):
    lines = [f"\n## {area}\n\n"]
    there = [name for name in found if name.parts and name.state != MISSING or name.note]
    if there:
        lines.append("| name | state | options | fields of the result |\n|---|---|---|---|\n")
    for name in there:
        options = " ".join(_shown(name, part) for part in name.parts if part.name[:4] != "res.")
        fields = " ".join(_shown(name, part) for part in name.parts if part.name[:4] == "res.")
        state = f"{name.state}: {name.note}" if name.state == MISSING else name.state
        lines.append(f"| `{name.name}` | {state} | {options} | {fields} |\n")
    for state, title in ((DONE, "Done, without options"), (MISSING, "Missing")):
        others = [f"`{name.name}`" for name in found if name.state == state and name not in there]
        if others:
            lines.append(("\n" if len(lines) > 1 else "") + f"{title}: {', '.join(others)}.\n")
    return lines


def _shown(name, part):
    typed = typings.callable_of(name.name)
    required = any(one["name"] == part.name and one["required"] for one in typed["options"] or ())
    text = f"`{part.name.replace('res.', '')}`" + ("\\*" if required else "")
    if part.state == DONE:
        return text
    return text + f" *({part.state}{': ' + part.note if part.state == MISSING and part.note else ''})*"


def _reasons(found):
    lines = ["\n## Refused\n\n| what | errno | why |\n|---|---|---|\n"]
    offered = {name.name for name in found if name.state != MISSING}
    for name, refused in REFUSED.items():
        if name in offered or name.rpartition(".")[0] in offered:
            lines.append(f"| `{name}` | {refused.errno} | {refused.reason} |\n")
    lines.append("\n## Without effect\n\n| option | why |\n|---|---|\n")
    for name in found:
        for part in name.parts:
            if part.state == NO_EFFECT_:
                lines.append(f"| `{name.name}.{part.name}` | {part.note} |\n")
    return lines
