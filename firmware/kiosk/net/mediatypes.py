"""
Types of the files that a kiosk makes or shows, and the endings of their names.  Touches nothing.
"""

# type, ending; the first ending of a type and the first type of an ending count.
_TYPES = (
    "image/jpeg", ".jpg", "image/jpeg", ".jpeg", "image/png", ".png", "image/gif", ".gif", "audio/mpeg", ".mp3",
    "audio/mp4", ".m4a", "audio/aac", ".aac", "audio/wav", ".wav", "audio/x-wav", ".wav", "video/mp4", ".mp4",
    "application/pdf", ".pdf", "application/zip", ".zip", "application/json", ".json", "text/plain", ".txt",
)  # fmt: skip


def suffix_of(kind):
    """str: ".jpg" for "image/jpeg", "" for a type that is not known."""
    for i in range(0, len(_TYPES), 2):
        if _TYPES[i] == kind:
            return _TYPES[i + 1]
    return ""


def type_of(suffix):
    """str: "image/jpeg" for ".jpg", in lower case, "application/octet-stream" for an ending that is not known."""
    for i in range(0, len(_TYPES), 2):
        if _TYPES[i + 1] == suffix:
            return _TYPES[i]
    return "application/octet-stream"
