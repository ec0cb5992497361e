"""Chapter "Base": what this runtime offers, and where its files are."""

import wx
from kiosk.api import Api, Result

_SCHEMA_LETTERS = const(200)  # the longest there is has fewer

env = Result(USER_DATA_PATH="wxfile://usr")


def canIUse(schema):
    """Whether an API, one of its options, or one of its result fields is there: `"request.object.timeout"`.

    schema: str, `${API}`, `${API}.object.${option}`, `${API}.success.${field}`, `${API}.return.${field}` or
    `${API}.callback.${field}`.  Anything that does not exist, or is not of this form, is False.
    """
    if not isinstance(schema, str) or len(schema) > _SCHEMA_LETTERS:
        return False
    parts = schema.split(".")
    # Not by getattr() with any text: MicroPython keeps the names that it has looked for, however long.
    if not any(parts[0] in names for _, names in wx.CHAPTERS):
        return False
    function = getattr(wx, parts[0])
    if len(parts) == 1:
        return True
    if len(parts) != 3 or not isinstance(function, Api):
        return False
    if parts[1] == "object":
        return parts[2] in ("success", "fail", "complete") or parts[2] in [
            option[0].lstrip("*") for option in function.options
        ]
    return parts[1] in ("success", "return", "callback") and parts[2] in function.fields + ("errMsg",)
