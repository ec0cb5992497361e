"""The limit of setData."""

_LIMIT = const(1024 * 1024)  # WeChat: 1024 kB at once


def check(data):
    """ValueError if `data` (dict) is more than setData takes at once.  Nothing has been changed then."""
    size = 0
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            for key, item in value.items():
                size += len(str(key)) + 4
                waiting.append(item)
        elif isinstance(value, (list, tuple)):
            size += len(value)
            waiting.extend(value)
        else:
            size += len(value) if isinstance(value, (str, bytes, bytearray)) else 4
        if size > _LIMIT:
            raise ValueError("setData: more than 1024 KB of data at once")
