"""
What elements do besides being boxes: one module for each tag, loaded when a page has it.

`<scroll-view>` is `components/scroll_view.py`; its class `Component` is made with the element's node and kept as
`node.component` until the node is gone.  Tags that are boxes and nothing else are in none of these modules.
"""

# fmt: off
_TAGS = (
    "checkbox",
    "checkbox-group",
    "form",
    "input",
    "label",
    "picker",
    "picker-view",
    "picker-view-column",
    "radio",
    "radio-group",
    "slider",
    "switch",
    "textarea",
)
# fmt: on


def made(node, view):
    """The component of an element, or None for a tag that needs none."""
    if node.tag not in _TAGS:
        return None
    name = node.tag.replace("-", "_")
    return __import__("kiosk.ui.components." + name, None, None, (name,)).Component(node, view)
