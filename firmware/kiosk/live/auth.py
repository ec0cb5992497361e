"""
Answers to a challenge: Basic and Digest, as RTSP has them of HTTP (RFC 7616, RFC 7617).  KioskError (network).

Of Digest: MD5 and SHA-256, without a `qop` or with "auth".
"""

import binascii
import hashlib
import os

from kiosk.net.reasons import failed

_HASHES = (("MD5", "md5"), ("SHA-256", "sha256"))


def challenge(text):
    """Challenge: the best of those in a WWW-Authenticate (str, several joined by ", "); KioskError where none can be answered."""
    found = None
    for scheme, fields in _challenges(text):
        if scheme == "digest" and fields.get("algorithm", "MD5").upper() in ("MD5", "SHA-256") and "nonce" in fields:
            qop = fields.get("qop")
            if qop is None or "auth" in [one.strip() for one in qop.split(",")]:
                return Challenge(fields)
        elif scheme == "basic":
            found = Challenge(None)
    if found is None:
        raise failed("UNSUPPORTED_AUTH_SCHEME")
    return found


class Challenge:
    """fields: dict of a Digest; None of Basic.  is_stale (bool): the answer before was right but for its nonce."""

    def __init__(self, fields):
        self._fields = fields
        self._count = 0
        self.is_stale = bool(fields) and fields.get("stale", "").lower() == "true"

    def answer(self, method, target, user, password):
        """str: the value of Authorization for a request."""
        if self._fields is None:
            return "Basic " + binascii.b2a_base64((user + ":" + password).encode()).decode().strip()
        fields = self._fields
        algorithm = fields.get("algorithm", "MD5").upper()
        digest = getattr(hashlib, dict(_HASHES)[algorithm])

        def hashed(*parts):
            return binascii.hexlify(digest(":".join(parts).encode()).digest()).decode()

        realm, nonce = fields.get("realm", ""), fields["nonce"]
        one, two = hashed(user, realm, password), hashed(method, target)
        text = 'Digest username="%s", realm="%s", nonce="%s", uri="%s"' % (user, realm, nonce, target)
        if "qop" in fields:
            self._count += 1
            count, cookie = "%08x" % self._count, binascii.hexlify(os.urandom(8)).decode()
            text += ', qop=auth, nc=%s, cnonce="%s"' % (count, cookie)
            response = hashed(one, nonce, count, cookie, "auth", two)
        else:
            response = hashed(one, nonce, two)
        text += ', response="%s"' % response
        if "algorithm" in fields:
            text += ", algorithm=" + algorithm
        return text + (', opaque="%s"' % fields["opaque"] if "opaque" in fields else "")


def _challenges(text):
    # List of (scheme, dict of its fields), both names in lower case: `a b="c, d", e=f, g h=i` has two of them.
    found = []
    at = 0
    while at < len(text):
        name, at = _token(text, at)
        if not name:
            at += 1
            continue
        at = _skip(text, at)
        if text[at : at + 1] == "=" and found:
            at = _skip(text, at + 1)
            value, at = _quoted(text, at + 1) if text[at : at + 1] == '"' else _token(text, at)
            found[-1][1][name.lower()] = value
        else:
            found.append((name.lower(), {}))
    return found


def _skip(text, at):
    while text[at : at + 1] == " ":
        at += 1
    return at


def _token(text, at):
    end = at
    while end < len(text) and text[end] not in ' ,="':
        end += 1
    return text[at:end], end


def _quoted(text, at):
    value = ""
    while at < len(text) and text[at] != '"':
        if text[at] == "\\":
            at += 1
        value += text[at : at + 1]
        at += 1
    return value, at + 1
