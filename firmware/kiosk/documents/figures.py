"""
How a sheet's numbers and dates are written: numbers stay decimal digits, as a board's floats have seven of them.

ECMA-376-1, 18.8.30 (the built-in formats) and 18.8.31 (a format's code).
"""

GENERAL = ""
_MOST_DIGITS = const(11)  # of what has no format, as in Excel's own cells
_DAY_S = const(86400)
# Of the built-in formats those that are no General, by their numbers.
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 16: "mm-dd",
    17: "yyyy-mm", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 45: "h:mm:ss", 46: "h:mm:ss", 47: "h:mm:ss",
}  # fmt: skip


def built_in(number):
    """str: the code of a built-in format; 27 to 58 are dates in East Asian Excels."""
    return _BUILT_IN.get(number, "yyyy-mm-dd" if 27 <= number <= 36 or 50 <= number <= 58 else GENERAL)


def written(text, code, is_1904=False):
    """str: a number, as the file has it, by its format's code; as it is if it is no number."""
    number = _parsed(text)
    if number is None:
        return text
    digits, exponent = number
    plain = _plain(code)
    if plain and any(letter in plain for letter in "yhds"):
        return _date(digits, exponent, plain, is_1904) or text
    if "0" not in plain and "#" not in plain:
        return _general(digits, exponent)
    if "e" in plain:
        return _general(digits, exponent)
    is_percent = "%" in plain
    if is_percent:
        exponent += 2
    dot = plain.find(".")
    decimals = 0
    while dot >= 0 and plain[dot + 1 + decimals : dot + 2 + decimals] in ("0", "#", "?"):
        decimals += 1
    shown = _fixed(digits, exponent, decimals, "," in plain)
    before, after = _signs(code)
    return before + shown + ("%" if is_percent else "") + after


def _parsed(text):
    """(int, its power of ten) of "-12.5E-3", None for what is no number."""
    mantissa, _, power = text.strip().lower().partition("e")
    whole, _, rest = mantissa.partition(".")
    try:
        exponent = int(power) if power else 0
        if len(mantissa) > 40 or abs(exponent) > 400:
            return None
        return int(whole + rest), exponent - len(rest)
    except ValueError:
        return None


def _plain(code):
    """A code's first section in small letters, without texts, colours and what is escaped."""
    found, inside, skip = "", "", False
    for letter in code.split(";")[0].lower():
        if skip:
            skip = False
        elif inside:
            if letter == inside:
                inside = ""
        elif letter in '"[':
            inside = '"' if letter == '"' else "]"
        elif letter in "\\_*":
            skip = True
        else:
            found += letter
    return found if found != "general" else ""


def _signs(code):
    """(before, after) the digits: a currency's sign."""
    signs = ["", ""]
    place, at = 0, 0
    code = code.split(";")[0]
    while at < len(code):
        letter = code[at]
        if letter == '"':
            end = code.find('"', at + 1)
            end = len(code) if end < 0 else end
            signs[place] += code[at + 1 : end]
            at = end
        elif letter == "[":
            end = code.find("]", at)
            end = len(code) if end < 0 else end
            if code[at + 1 : at + 2] == "$":
                signs[place] += code[at + 2 : end].partition("-")[0]
            at = end
        elif letter in "¥$€£￥":
            signs[place] += letter
        elif letter in "0#?":
            place = 1
        elif letter in "\\_*":
            if letter == "\\":
                signs[place] += code[at + 1 : at + 2]
            at += 1
        at += 1
    return signs[0][:8], signs[1][:8]


def _scaled(digits, exponent):
    """digits * 10**exponent, rounded half away from zero."""
    if exponent >= 0:
        return digits * 10**exponent
    divisor = 10**-exponent
    rounded = (2 * abs(digits) + divisor) // (2 * divisor)
    return -rounded if digits < 0 else rounded


def _fixed(digits, exponent, decimals, has_groups):
    value = _scaled(digits, exponent + decimals)
    text = str(abs(value))
    while len(text) <= decimals:
        text = "0" + text
    whole, rest = (text[:-decimals], text[-decimals:]) if decimals else (text, "")
    if has_groups:
        at = len(whole) - 3
        while at > 0:
            whole = whole[:at] + "," + whole[at:]
            at -= 3
    return ("-" if value < 0 else "") + whole + ("." + rest if rest else "")


def _general(digits, exponent):
    if not digits:
        return "0"
    sign = "-" if digits < 0 else ""
    text = str(abs(digits))
    if len(text) > _MOST_DIGITS:
        over = len(text) - _MOST_DIGITS
        text = str(_scaled(abs(digits), -over))
        exponent += over
    while text[-1] == "0":
        text = text[:-1]
        exponent += 1
    point = len(text) + exponent  # digits before the point
    if point > 20 or point < -8:
        return "%s%s%sE%+03d" % (sign, text[0], "." + text[1:] if len(text) > 1 else "", point - 1)
    if exponent >= 0:
        return sign + text + "0" * exponent
    if point > 0:
        return sign + text[:point] + "." + text[point:]
    return sign + "0." + "0" * -point + text


def _date(digits, exponent, plain, is_1904):
    seconds = _scaled(digits * _DAY_S, exponent)
    day, second = divmod(seconds, _DAY_S)
    if not 0 <= day < 2958466:  # to the year 9999
        return None
    has_date = "y" in plain or "d" in plain or ("m" in plain and "h" not in plain and "s" not in plain)
    parts = []
    if has_date:
        # Days since 1970.  Excel's 1900 has a 29th of February, which is day 60.
        day += -24107 if is_1904 else -25569 + (1 if day < 60 else 0)
        year, month, day_of_month = _civil(day)
        date = "%04d-%02d" % (year, month) if "y" in plain else "%02d" % month
        parts.append(date + "-%02d" % day_of_month if "d" in plain else date)
    if "h" in plain or "s" in plain:
        time = "%02d:%02d" % (second // 3600, second // 60 % 60)
        parts.append(time + ":%02d" % (second % 60) if "s" in plain else time)
    return " ".join(parts)


def _civil(days):
    """(year, month, day) of days since 1970: Howard Hinnant's "civil_from_days"."""
    days += 719468
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    number = month + 3 if month < 10 else month - 9
    return year + era * 400 + (1 if number < 3 else 0), number, day - (153 * month + 2) // 5 + 1
