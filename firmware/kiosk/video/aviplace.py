"""
Where in an AVI file to begin: found among the chunks that pass by, in the index or in the file.

Wanted is the picture that is seen at a time, which is the last one before that has bytes; and the sound that is heard then.
"""

_APART = const(100)  # pictures that the sound of one may lie behind it


class Place:
    """reader: an AviReader.  picture: number of the one that is seen; ms: of the sound; None: not that.

    picture_number: of the one that was found.
    """

    def __init__(self, reader, picture, ms):
        self._reader = reader
        self._picture, self._ms = picture, ms
        self._of_picture = self._of_sound = None  # (where the chunk begins, pictures and bytes of sound before it)
        self._pictures = self._sounded = 0

    def passes(self, name, offset, size):
        """bool: whether this is the last chunk that has to be looked at."""
        header = self._reader.header
        wanted, ms = self._picture, self._ms
        if name[:2] == header.picture_id and name[2:] in (b"dc", b"db"):
            if wanted is not None and self._pictures <= wanted and (size or not self._of_picture):
                self._of_picture = (offset, self._pictures, self._sounded)
            self._pictures += 1
        elif name[:2] == header.sound_id and name[2:] == b"wb" and not self._of_sound:
            if ms is not None and header.sound.time_ms(self._sounded + size) > ms:
                self._of_sound = (offset, self._pictures, self._sounded)
            else:
                self._sounded += size
        if wanted is not None and self._pictures <= wanted:
            return False
        return ms is None or self._of_sound or (wanted is not None and self._pictures > wanted + _APART)

    def found(self, end):
        """(where to begin, pictures and bytes of sound before that), `end` where there is nothing any more; and the picture's number."""
        places = [place for place in (self._of_picture, self._of_sound) if place]
        number = self._of_picture[1] if self._of_picture else 0
        return min(places) if places else (end, self._pictures, self._sounded), number
