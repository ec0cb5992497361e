"""A PNG or a JPEG that is decoded while its rows are asked for: nothing of it is held but one row, and what decoding takes."""

import images

_NO_PALETTE = b"\0\0"


class Streamed:
    """See kiosk/ui/images.  part: in the file's pixels; width, height: of what comes, at most the part's."""

    depth = 2
    start = 0
    little = 0
    palette = _NO_PALETTE

    def __init__(self, file, header, part, width: int, height: int):
        self._file = file
        self._format = header.format
        self._part = part
        self._decoder = None
        self._number = -1  # of the row that is in the buffer
        self._next = 0  # the one that the decoder gives
        self.width = width
        self.height = height
        self._begin()  # so that what is wrong is known now
        self.alpha = 2 * width if self._decoder.alpha else 0
        self._row = bytearray(width * 3 if self.alpha else width * 2)

    def _begin(self):
        self.rest()
        self._file.seek(0)
        self._decoder = images.Decoder(self._format, self._file, self._part, self.width, self.height)
        self._next = 0

    def row(self, number: int):
        """A row, decoded when it is another one than before."""
        if number != self._number:
            if not 0 <= number < self.height:
                raise ValueError("row %d of %d" % (number, self.height))
            self._number = -1
            if self._decoder is None or number < self._next:
                self._begin()
            while self._next <= number:
                self._decoder.row(self._row)
                self._next += 1
            self._number = number
            if self._next == self.height:
                self.rest()  # whoever paints is done with it for now
        return self._row

    def rest(self) -> None:
        """Give back what decoding holds."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def close(self) -> None:
        """Close the file."""
        self.rest()
        self._file.close()
