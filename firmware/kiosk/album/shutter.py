"""The page that a photo is taken on; chosen is its URL, of a temporary file, or None."""

from kiosk import files
from kiosk.album.camerapage import BUSY, CameraPage
from kiosk.camera import photo
from kiosk.files import content


class Shutter(CameraPage):
    """size: (width, height) in px of the photo; quality: percent."""

    def __init__(self, screen, size, quality):
        super().__init__(screen, "back")
        self._size = size
        self._quality = quality
        self._url = None

    def press(self):
        """Take it."""
        self.become(BUSY)
        self.do(self._take())

    async def _take(self):
        self._url = await photo.take(self.facing, self._size, self._quality)
        await self.review(files.current().readable(self._url))

    def use(self):
        """This is the one."""
        url, self._url = self._url, None
        self.choose(url)

    def discard(self):
        """See CameraPage."""
        url, self._url = self._url, None
        if url:
            content.discard(files.current().readable(url))

    def fail(self, exc):
        """See CameraPage."""
        self.discard()
        super().fail(exc)

    def close(self):
        """See Panel."""
        super().close()
        self.discard()

    def draw_mark(self, surface, x, y, side, color):
        """A disc."""
        surface.rounded_rect(x, y, side, side, side // 2, color)
