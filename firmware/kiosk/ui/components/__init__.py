"""
What elements do besides being boxes: one module for each tag, loaded when a page has it.

`<scroll-view>` is `components/scroll_view.py`; its class `Component` is made with the element's node and kept as
`node.component` until the node is gone.  Tags that are boxes and nothing else are in none of these modules.
"""

import gc
import sys

# fmt: off
_TAGS = (
    "audio",
    "button",
    "camera",
    "canvas",
    "checkbox",
    "checkbox-group",
    "form",
    "icon",
    "image",
    "input",
    "label",
    "live-player",
    "live-pusher",
    "navigator",
    "picker",
    "picker-view",
    "picker-view-column",
    "progress",
    "radio",
    "radio-group",
    "rich-text",
    "scroll-view",
    "slider",
    "swiper",
    "switch",
    "textarea",
    "video",
)
# fmt: on


def made(node, view):
    """The component of an element, or None for a tag that needs none."""
    if node.tag not in _TAGS:
        return None
    name = node.tag.replace("-", "_")
    if "kiosk.ui.components." + name not in sys.modules:
        gc.collect()  # what stays lies low, and leaves the 32 KB in one piece that a PNG wants
    return __import__("kiosk.ui.components." + name, None, None, (name,)).Component(node, view)
