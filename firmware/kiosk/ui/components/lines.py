"""Where the lines of a text that is edited begin: as it is typed, no character is dropped."""

from kiosk.ui.paint.text import may_break


def starts(text, width, measure):
    """
    list of int: the number of each line's first character.

    Lines break after spaces and hyphens and beside CJK, a word longer than the line where it must; measure(character): px.
    """
    found = [0]
    x = after = at_after = 0  # after: where the line could break last
    before = ""
    for index, character in enumerate(text):
        if character == "\n":
            found.append(index + 1)
            x, after, before = 0, index + 1, ""
            continue
        advance = measure(character)
        if before and character != " " and (before == " " or may_break(before, character)):
            after, at_after = index, x
        if x + advance > width and index > found[-1] and character != " ":
            if after > found[-1]:
                found.append(after)
                x -= at_after
            else:
                found.append(index)
                x = 0
        x += advance
        before = character
    return found
