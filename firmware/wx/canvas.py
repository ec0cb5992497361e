"""Chapter "Canvas": contexts record what is drawn (wx/drawing.py), and a <canvas> of the page draws it.  The service is kiosk/ui/canvas."""

from kiosk import api, router
from kiosk.errors import KioskError
from kiosk.page import BasePage
from wx.drawing import DrawingContext, wrong


class CanvasContext(DrawingContext):
    """What wx.createCanvasContext returns: records for one canvas, which draw() hands over."""

    def __init__(self, page, canvas_id):
        super().__init__()
        self._page = page
        self._canvas_id = canvas_id

    def draw(self, reserve=False, callback=None):
        """Draw what is recorded, after what is there if `reserve`; then `callback({errMsg})`.  Nothing is recorded any longer."""
        if callable(reserve):
            reserve, callback = False, reserve
        actions, self._actions = self._actions, []
        try:
            _find(self._page, self._canvas_id).run(actions, reserve is True)
            answer = api.success("drawCanvas")
        except (KioskError, MemoryError) as exc:
            answer = api.failure("drawCanvas", exc)
            if callback is None:
                raise api.Error(answer)
        if callback is not None:
            from kiosk.tasks import launch

            launch(callback, answer)


def createContext():
    """Return a new DrawingContext."""
    return DrawingContext()


def createCanvasContext(canvasId, component=None):
    """Return a CanvasContext of the canvas of this id of the page that is shown, or of `component` (a page).

    wx.Error: the id is no text, or there is no page.
    """
    page = _page(component)
    if not isinstance(canvasId, str):
        raise wrong(
            "createCanvasContext", "parameter.canvasId should be String instead of %s;" % api.type_name(canvasId)
        )
    if page is None:
        raise wrong("createCanvasContext", "parameter.component should be a page;")
    return CanvasContext(page, canvasId)


def _page(component=None):
    page = component
    if page is None and router.stack:
        page = router.stack[-1]
    return page if isinstance(page, BasePage) else None


def _find(page, canvas_id):
    from kiosk.ui import canvas

    return canvas.find(page, str(canvas_id))


@api.api(
    (("*canvasId", "String|Number", None), ("*actions", "Array", None), ("reserve", "Boolean", False)),
    at_once=True,
)
async def drawCanvas(options):
    """Draw what a context's getActions() gave on the canvas of this id of the page that is shown.

    reserve: what is there stays; else it is gone.
    """
    actions = options["actions"]
    for action in actions:
        if not isinstance(action, tuple) or not action or not isinstance(action[0], str) or action[0] not in _NAMES:
            raise KioskError("parameter", "parameter.actions should be what getActions() returns;")
    _find(_page(), options["canvasId"]).run(actions, options["reserve"])


_NAMES = (
    "set", "save", "restore", "transform", "set_transform", "scale", "rotate", "translate", "begin_path", "close_path", "move_to", "line_to",
    "rect", "arc", "arc_to", "quadratic_curve_to", "bezier_curve_to", "fill", "stroke", "clip", "fill_rect", "stroke_rect", "clear_rect",
    "fill_text", "stroke_text", "draw_image",
)  # fmt: skip
_AREA = const((("x", "Number", 0), ("y", "Number", 0), ("width", "Number", None), ("height", "Number", None)))


def _area(canvas, options, most):
    """(left, top, width, height) of what is asked for; parameter errors for what is none."""
    left, top, width, height = (options[name] for name in ("x", "y", "width", "height"))
    values = (
        left,
        top,
        canvas.width - left if width is None else width,
        canvas.height - top if height is None else height,
    )
    for name, value in zip(("x", "y", "width", "height"), values):
        if not -10000 < value < 10000 or (name in ("width", "height") and not 1 <= value <= most):
            raise KioskError("parameter", "parameter.%s should be a size in pixels;" % name)
    return tuple([int(value) for value in values])


@api.api(
    (
        ("canvasId", "String", None), ("canvas", "Object", None), ("destWidth", "Number", None), ("destHeight", "Number", None),
        ("fileType", "String", "png"), ("quality", "Number", None),
    ) + _AREA,
    ("tempFilePath",),
)  # fmt: skip
async def canvasToTempFilePath(options):
    """A part of a canvas as a temporary file: a PNG, or for fileType jpg a BMP over black, as there is no encoder of JPEG."""
    from kiosk import files
    from kiosk.ui.canvas import export

    if options["canvas"] is not None:
        raise KioskError("unsupported", "canvas: it has its canvasId")
    if options["canvasId"] is None:
        raise KioskError("parameter", "parameter.canvasId should be String instead of Undefined;")
    if options["fileType"] not in ("png", "jpg"):
        raise KioskError("parameter", "parameter.fileType should be png or jpg;")
    canvas = _find(_page(), options["canvasId"])
    part = _area(canvas, options, 1000)
    size = []
    for name, default in (("destWidth", part[2]), ("destHeight", part[3])):
        value = default if options[name] is None else options[name]
        if not 1 <= value <= 2000:
            raise KioskError("parameter", "parameter.%s should be a size in pixels;" % name)
        size.append(int(value))
    lines = export.scaled(canvas.shapes, part, *size)
    is_png = options["fileType"] == "png"
    url, path = files.current().temporary(".png" if is_png else ".bmp")
    await files.gently(_written, files.current(), path, export.write_png if is_png else export.write_bmp, lines, size)
    return {"tempFilePath": url}


def _written(_files, path, write, lines, size):
    import os

    done = False
    file = open(path, "wb")
    try:
        yield from write(file, lines, *size)
        done = True
    finally:
        file.close()
        if not done:
            os.remove(path)


@api.api(
    (("*canvasId", "String", None),) + tuple([("*" + one[0], "Number", None) for one in _AREA]),
    ("data", "width", "height"),
    at_once=True,
)
async def canvasGetImageData(options):
    """The pixels of a part of a canvas: data (bytearray), four bytes each, red, green, blue, alpha."""
    from kiosk.ui.canvas import export

    canvas = _find(_page(), options["canvasId"])
    left, top, width, height = _area(canvas, options, 1000)
    data = bytearray(4 * width * height)
    at = 0
    for row in export.rows(canvas.shapes, left, top, width, height):
        data[at : at + 4 * width] = row
        at += 4 * width
    return {"data": data, "width": width, "height": height}


@api.api(
    (("*canvasId", "String", None), ("*data", "ArrayBuffer", None))
    + tuple([("*" + one[0], "Number", None) for one in _AREA]),
    at_once=True,
)
async def canvasPutImageData(options):
    """Put pixels in a part of a canvas, in the place of what is there: four bytes each, red, green, blue, alpha."""
    from kiosk.ui.canvas.paints import PixelsPaint

    canvas = _find(_page(), options["canvasId"])
    left, top, width, height = _area(canvas, options, 1000)
    data = options["data"]
    if len(data) < 4 * width * height:
        raise KioskError(
            "parameter", "parameter.data should be of %d bytes instead of %d;" % (4 * width * height, len(data))
        )
    paint = PixelsPaint(data, left, top, width, height)
    canvas.run([("put_pixels", paint, left, top, width, height)], True)
