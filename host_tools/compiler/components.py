"""Which components and attributes there are, so that a page that uses others can be told."""

_COMMON = "id class style hidden hover-class hover-start-time hover-stay-time hover-stop-propagation slot animation disable-scroll"
_MEDIA = "src autoplay loop muted controls object-fit poster initial-time duration mode orientation volume"

_ATTRIBUTES = {
    "view": "",
    "text": "selectable user-select space decode",
    "image": "src mode lazy-load show-menu-by-longpress webp",
    "button": "size type plain disabled loading form-type open-type lang name",
    "icon": "type size color",
    "progress": "percent show-info stroke-width color activeColor active-color backgroundColor background-color active border-radius font-size active-mode duration",
    "input": "value type password placeholder placeholder-style placeholder-class disabled maxlength focus auto-focus "
    "confirm-type confirm-hold cursor cursor-spacing selection-start selection-end adjust-position hold-keyboard name",
    "textarea": "value placeholder placeholder-style placeholder-class disabled maxlength focus auto-focus auto-height "
    "cursor cursor-spacing show-confirm-bar selection-start selection-end adjust-position fixed name confirm-type confirm-hold "
    "hold-keyboard disable-default-padding",
    "checkbox": "value checked disabled color",
    "checkbox-group": "name",
    "radio": "value checked disabled color",
    "radio-group": "name",
    "switch": "checked disabled type color name",
    "slider": "min max step disabled value color selected-color activeColor backgroundColor block-size block-color show-value name",
    "picker": "mode range range-key value disabled start end fields header-text name custom-item",
    "picker-view": "name value indicator-style indicator-class mask-style mask-class",
    "picker-view-column": "",
    "form": "report-submit report-submit-timeout",
    "label": "for",
    "scroll-view": "scroll-x scroll-y upper-threshold lower-threshold scroll-top scroll-left scroll-into-view "
    "scroll-with-animation enable-flex refresher-enabled refresher-triggered show-scrollbar enhanced bounces",
    "swiper": "indicator-dots indicator-color indicator-active-color autoplay current interval duration circular vertical "
    "previous-margin next-margin display-multiple-items easing-function disable-touch",
    "swiper-item": "item-id",
    "navigator": "url open-type delta target hover-stop-propagation",
    "rich-text": "nodes space",
    "canvas": "canvas-id type",
    "audio": _MEDIA + " name author",
    "video": _MEDIA
    + " danmu-list danmu-btn enable-danmu show-center-play-btn show-play-btn show-fullscreen-btn show-mute-btn show-progress"
    " play-btn-position enable-play-gesture auto-pause-if-navigate direction title",
    "camera": "mode device-position flash resolution frame-size",
    "live-player": "src mode autoplay muted orientation object-fit background-mute min-cache max-cache sound-mode auto-pause-if-navigate",
    "live-pusher": _MEDIA
    + " url enable-camera enable-mic auto-focus beauty whiteness aspect device-position local-mirror",
}


def is_known(tag: str) -> bool:
    """Whether a kiosk has a component of this name."""
    return tag in _ATTRIBUTES


def has_attribute(tag: str, name: str) -> bool:
    """Whether a component takes an attribute, besides data-, aria- and events."""
    return name in _COMMON.split() or name in _ATTRIBUTES.get(tag, name).split()
