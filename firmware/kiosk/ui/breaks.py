"""Where a line of text may break: after a space or a hyphen, and around a CJK character."""

# Unicode 15: CJK punctuation, kana, CJK ideographs, Hangul, full-width forms.
_CJK = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF), (0x20000, 0x3FFFF))
_FIRST_CJK = "\u2e80"
_NEVER_FIRST = ",.!?:;)]}%，。、！？：；）】》”’"  # what no line begins with


def written(text, values):
    """List of str: the lines that a text is written in, where its white space counts."""
    return text.split("\n") if values.get("white-space", "normal").startswith("pre") else [text.replace("\n", " ")]


def _is_cjk(character):
    code = ord(character)
    for first, last in _CJK:  # noqa: SIM110  a generator takes longer
        if first <= code <= last:
            return True
    return False


def segments(text, values):
    """[(start, end)]: the pieces of a text between which a line may break, spaces at their ends."""
    found, start, before = [], 0, ""
    anywhere = values.get("word-break") == "break-all"
    for at, here in enumerate(text):
        if (
            here != " "
            and (before == " " or before == "-" or anywhere or here >= _FIRST_CJK or before >= _FIRST_CJK)
            and at
            and here not in _NEVER_FIRST
            and (anywhere or before == " " or before == "-" or _is_cjk(here) or _is_cjk(before))
        ):
            found.append((start, at))
            start = at
        before = here
    if start < len(text):
        found.append((start, len(text)))
    return found
