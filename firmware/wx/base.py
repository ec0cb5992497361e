"""Chapter "Base": what this runtime offers, and where its files are."""

import wx
from kiosk.api import Api, Result

env = Result(USER_DATA_PATH="wxfile://usr")


def canIUse(schema):
    """Whether an API, one of its options, or one of its result fields is there: `"request.object.timeout"`.

    schema: str, `${API}`, `${API}.object.${option}`, `${API}.success.${field}`, `${API}.return.${field}` or
    `${API}.callback.${field}`.  Anything that does not exist, or is not of this form, is False.
    """
    if not isinstance(schema, str):
        return False
    parts = schema.split(".")
    try:
        function = getattr(wx, parts[0])
    except AttributeError:
        return False
    if len(parts) == 1:
        return True
    if len(parts) != 3 or not isinstance(function, Api):
        return False
    if parts[1] == "object":
        return parts[2] in ("success", "fail", "complete") or parts[2] in [
            option[0].lstrip("*") for option in function.options
        ]
    return parts[1] in ("success", "return", "callback") and parts[2] in function.fields + ("errMsg",)
