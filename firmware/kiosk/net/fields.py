"""
What a mini-program gives along with a request, as text: header fields, values, pairs.  Touches nothing but its arguments.

Raises KioskError: "parameter" for a header that cannot be sent, "invalid data" for data that is neither text nor JSON.
"""

import json
import re

from kiosk.api import type_name
from kiosk.errors import KioskError
from kiosk.net.url import encode_component

# What a mini-program cannot set: Referer by WeChat's rule, the others because they are this client's own business.
_REFUSED = ("referer", "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "expect")


def header(given, own):
    """dict of str: `own` (dict, changed) with what the mini-program has `given` (dict or None)."""
    if "User-Agent" not in own:
        own["User-Agent"] = "mpkiosk"
    for name, value in (given or {}).items():
        lower = name.lower() if isinstance(name, str) else ""
        if lower in _REFUSED or value is None:
            continue
        value = text(value)
        if not lower or re.search("[^!#$%&'*+.^_`|~0-9a-z-]", lower) or any(char in value for char in "\r\n\0"):
            raise KioskError("parameter", "parameter.header has an invalid field %r;" % name)
        if lower == "content-type":
            name = "Content-Type"
        elif lower == "user-agent":
            name = "User-Agent"
        own[name] = value
    return own


def text(value):
    """str: a value as JavaScript's String() has it; but objects and arrays as JSON, which WeChat makes of them."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value - value == 0 and value == int(value):  # neither NaN nor infinite
        value = int(value)
    return dumped(value)


def dumped(value):
    """str: a value as JSON."""
    try:
        _check(value)
        return json.dumps(value)
    except (TypeError, ValueError, RuntimeError) as exc:  # RuntimeError: nested without an end
        raise KioskError("invalid data", str(exc))


def _check(value):
    # json.dumps() writes what JSON has no form for as Python shows it, without a word.
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, (list, tuple)):
        is_json = (
            value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and value - value == 0)
        )
        if not is_json:
            raise KioskError("invalid data", "%s cannot become JSON" % type_name(value))
        return
    for item in value:
        _check(item)


def pairs(data):
    """str: a dict, or a list with its indices, as `key=value` pairs of a query or form."""
    items = data.items() if isinstance(data, dict) else enumerate(data)
    return "&".join(["%s=%s" % (encode_component(text(name)), encode_component(text(value))) for name, value in items])
