"""The path keys of setData: `"list[0].name"` means data["list"][0]["name"].  Touches nothing but the data given."""


def parse(path):
    """Split a path into keys: str for `.name`, int for `[0]`.  ValueError for what is no path."""
    keys = []
    for part in path.split("."):
        name, bracket, rest = part.partition("[")
        if name:
            keys.append(name)
        elif not bracket or not keys:
            raise ValueError("%r is no data path" % path)
        while bracket:
            index, closed, rest = rest.partition("]")
            if not closed or not index.isdigit():
                raise ValueError("%r is no data path: an index should be a number" % path)
            keys.append(int(index))
            if rest and rest[0] != "[":
                raise ValueError("%r is no data path" % path)
            bracket, rest = rest[:1], rest[1:]
    return keys


def assign(data, path, value):
    """Set one path in `data` (dict); what is missing or of the wrong kind on the way is made anew, as in WeChat."""
    keys = parse(path)
    for key, following in zip(keys, keys[1:]):
        data = _child(data, key, list if isinstance(following, int) else dict)
    if isinstance(data, list):
        _extend(data, keys[-1])
    data[keys[-1]] = value


def _child(data, key, kind):
    if isinstance(data, list):
        _extend(data, key)
        child = data[key]
    else:
        child = data.get(key)
    if not isinstance(child, kind):
        child = data[key] = kind()
    return child


def _extend(items, index):
    if index >= len(items):
        items.extend([None] * (index + 1 - len(items)))


def copy(value):
    """A deep copy of plain data, so that two pages of one class never share a list."""
    if isinstance(value, dict):
        return {key: copy(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [copy(item) for item in value]
    return value
