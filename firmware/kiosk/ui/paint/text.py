"""
Lines of text: where they break, how they end when there is no room, where they begin.

Latin breaks at spaces and after hyphens, CJK between any two characters but before a closing mark and after an opening one; a word longer than
the line breaks where it must.
"""

_NOT_FIRST = "，。！？；：、）》」』】〉”’…·,.!?;:)]}%"
_NOT_LAST = "（《「『【〈“‘([{"
_ELLIPSIS = "…"


def _is_wide(character):
    """Whether lines may break beside it: CJK, kana, wide forms."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uff60"


def wrap(text: str, face, width: int, most: int = 0, ellipsis: bool = False):
    """List of (line, pixels) of a text in `width` pixels; with `most`, no more lines than that.

    ellipsis: the last of them ends in one if there was more.  Spaces where a line breaks are dropped.
    """
    if "\n" not in text:
        taken = face.measure(text)
        if taken <= width:
            return [(text, taken)]
    lines = []
    start, x = _break(lines, text, face, width, most)
    if not most or len(lines) < most:
        lines.append((text[start:], x))
        return lines
    del lines[most:]
    if ellipsis and start < len(text):
        lines[-1] = fit(lines[-1][0] + _ELLIPSIS, face, width)
    return lines


def _break(lines, text, face, width, most):
    """Put all lines but the last into `lines`, or `most`; where the last one begins, and its pixels."""
    start = x = index = 0
    end = after = at_end = at_after = -1  # the last place to break: line's end, next line's start, and their pixels
    before = ""
    for character in text:
        if most and len(lines) == most:
            break
        if character == "\n":
            lines.append((text[start:index], x))
            start, x, after, before = index + 1, 0, -1, ""
            index += 1
            continue
        advance = face.find(ord(character))
        if character != " ":
            if before and may_break(before, character):
                end = after = index
                at_end = at_after = x
            while x + advance > width and index > start:
                if after > start:
                    lines.append((text[start:end], at_end))
                    x -= at_after
                    start, after = after, -1
                else:
                    lines.append((text[start:index], x))
                    start, x = index, 0
        else:
            if before != " " or after != index:
                end, at_end = index, x
            after, at_after = index + 1, x + advance
        x += advance
        before = character
        index += 1
    return start, x


def may_break(before, character):
    """bool: whether a line may break between two characters, neither of them a space."""
    if character in _NOT_FIRST or before in _NOT_LAST:
        return False
    return before == "-" or _is_wide(before) or (_is_wide(character) and before != " ")


def fit(line: str, face, width: int):
    """(line, pixels): the line itself if it fits in `width` pixels, else as much of it as does, with an ellipsis."""
    taken = face.measure(line)
    if taken <= width:
        return line, taken
    dots = face.find(ord(_ELLIPSIS))
    taken = count = 0
    for character in line:
        advance = face.find(ord(character))
        if taken + advance + dots > width:
            break
        taken += advance
        count += 1
    if dots > width:
        return "", 0
    return line[:count].rstrip() + _ELLIPSIS, face.measure(line[:count].rstrip()) + dots


def aligned(x: int, width: int, taken: int, align: str) -> int:
    """Where a line of `taken` pixels begins in a box; align: left, center or right.  One that is wider begins at the left."""
    if align == "left" or taken >= width:
        return x
    if align == "center":
        return x + (width - taken) // 2
    if align == "right":
        return x + width - taken
    raise ValueError("text is not aligned %s" % align)
