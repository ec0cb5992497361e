"""
What a mini-program may do: each scope is asked for once, and the answer is kept for that mini-program.

    await permissions.require("scope.record")

Who decides, the first that has something to say: whoever launched it (`kiosk run --allow`), the kiosk's policy for the
scope, what was answered before, and else a question.  A policy is "allow" or "refuse", for a kiosk with nobody beside it, or
"ask", which is how it begins.  A question waits among `questions` until somebody calls its answer(): a finger on the dialog
that a board with a screen shows, or the console's `kiosk.permission(scope, "allow")`, whichever is first.  After 30 s without an
answer it is refused for this once.

Touches <data>/<appid>/permissions.json, beside the storage of the mini-program, and the policy's file.
"""

import asyncio
import json

import board
from kiosk import app, log
from kiosk.errors import KioskError
from kiosk.files import tree

_TAG = "permissions"
POLICIES = ("allow", "refuse", "ask")
SCOPES = (
    "scope.userInfo", "scope.userLocation", "scope.userFuzzyLocation", "scope.address", "scope.invoiceTitle",
    "scope.invoice", "scope.werun", "scope.record", "scope.writePhotosAlbum", "scope.camera", "scope.bluetooth",
    "scope.addPhoneContact", "scope.addPhoneCalendar",
)  # fmt: skip
POLICY_FILE = "/permissions.json"  # {scope: policy}
_ANSWERS = "/permissions.json"  # of one mini-program: {scope: bool}
patience_ms = 30000
questions = []  # Question: what waits for an answer


class Question:
    """A scope (str) that a mini-program (app.MiniProgram) asks for.  allowed (bool): False until it is answered."""

    def __init__(self, program, scope):
        self.program = program
        self.scope = scope
        self.allowed = False
        self.done = asyncio.Event()

    def answer(self, allowed):
        """Answer it, with a bool, which is kept; the mini-program goes on."""
        if self not in questions:  # somebody else was faster, or it is too late
            return
        self.allowed = allowed
        questions.remove(self)
        remember(self.program, self.scope, allowed)
        self.done.set()


async def require(scope):
    """Return when the running mini-program may do what `scope` (str) is about; KioskError (denied) if it may not."""
    program = app.current
    allowed = _decided(program, scope)
    if allowed is None:
        allowed = await _ask(program, scope)
    if not allowed:
        raise KioskError("denied")


def _decided(program, scope):
    # True, False, or None where somebody has to be asked.
    if "allow" in program.settings:
        return scope in program.settings["allow"]
    kind = policy(scope)
    if kind != "ask":
        return kind == "allow"
    return answers(program).get(scope)


async def _ask(program, scope):
    for question in questions:
        if question.scope == scope:
            await question.done.wait()
            return question.allowed
    question = Question(program, scope)
    questions.append(question)
    log.warn(_TAG, "%s asks for %s: answer by kiosk.permission(%r, 'allow') or 'refuse'", program.appid, scope, scope)
    shown = None
    try:
        if board.display:
            from kiosk.ui.dialogs import permission

            shown = permission.ask(question)
        await asyncio.wait_for_ms(question.done.wait(), patience_ms)
    except asyncio.TimeoutError:
        log.warn(_TAG, "nobody has answered: %s is refused for this once", scope)
    finally:
        if shown:
            shown.close()
        if question in questions:
            questions.remove(question)
        question.done.set()  # for those who wait for the same one
    return question.allowed


def answers(program):
    """dict: scope -> bool, what a mini-program has been told."""
    return {scope: allowed for scope, allowed in _read(_file_of(program)).items() if isinstance(allowed, bool)}


def remember(program, scope, allowed):
    """Keep an answer (bool) for a mini-program; None: ask again.  A flash that is full is logged, and nothing is kept."""
    found = answers(program)
    if allowed is None:
        found.pop(scope, None)
    else:
        found[scope] = allowed
    try:
        tree.make(_file_of(program).rpartition("/")[0])
        _write(_file_of(program), found)
    except OSError as exc:
        log.warn(_TAG, "the answer for %s cannot be kept: %s", scope, exc)


def policy(scope):
    """str: the kiosk's policy for a scope."""
    kind = _read(POLICY_FILE).get(scope)
    return kind if kind in POLICIES else "ask"


def policies():
    """dict: scope -> policy, where it is not "ask"."""
    return {scope: policy(scope) for scope in SCOPES if policy(scope) != "ask"}


def set_policy(scope, kind):
    """Set the kiosk's policy for a scope, for good.  KioskError (parameter) for what is none; OSError of the flash."""
    check(scope, kind)
    found = _read(POLICY_FILE)
    found[scope] = kind
    _write(POLICY_FILE, found)


def check(scope, kind):
    """KioskError (parameter) unless these are a scope and a policy."""
    if scope not in SCOPES:
        raise KioskError("parameter", "there is no scope %s;" % scope)
    if kind not in POLICIES:
        raise KioskError("parameter", "%s should be one of %s;" % (kind, ", ".join(POLICIES)))


def _file_of(program):
    return board.data_folder + "/" + program.appid + _ANSWERS


def _read(path):
    try:
        with open(path) as file:
            found = json.load(file)
    except (OSError, ValueError):  # there is none yet, or it is damaged: then it is asked again
        return {}
    return found if isinstance(found, dict) else {}


def _write(path, found):
    # littlefs has the file as it was until it is closed.
    with open(path, "w") as file:
        json.dump(found, file)
