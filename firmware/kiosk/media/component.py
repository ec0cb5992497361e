"""
The <audio> of a page: what it is and does, by page and id, for the screen that shows it and the AudioContext that drives it.

A page's components end with it.  An event goes to the page's function that the attribute `bind<event>` names, with what a
component's event is: type, target and currentTarget (id), detail.
"""

from kiosk import api
from kiosk.media.sound import Sound, result
from kiosk.tasks import launch

# Attribute, its type in JavaScript's words, what it is without it.
_ATTRIBUTES = (
    ("src", "String", ""),
    ("loop", "Boolean", False),
    ("controls", "Boolean", False),
    ("poster", "String", ""),
    ("name", "String", "未知音频"),
    ("author", "String", "未知作者"),
    ("binderror", "String", ""),
    ("bindplay", "String", ""),
    ("bindpause", "String", ""),
    ("bindtimeupdate", "String", ""),
    ("bindended", "String", ""),
)
# WeChat's MediaError.code by errCode: 2 network, 4 no suitable source; 3, it cannot be decoded, for the rest.
_MEDIA_ERRORS = ((10002, 2), (10003, 4), (10004, 4))


def find(page, component_id: str):
    """The AudioComponent of a page (BasePage) with this id, made when it is first asked for."""
    audios = getattr(page, "_audios", None)
    if audios is None:
        audios = page._audios = {}

        def close():
            for each in audios.values():
                each.sound.destroy()

        page._at_unload = getattr(page, "_at_unload", ()) + (close,)
    if component_id not in audios:
        audios[component_id] = AudioComponent(page, component_id)
    return audios[component_id]


class AudioComponent:
    """attributes: dict of all that an <audio> has.  sound: a Sound.  hear(kind, detail): told of its events by who shows it, or None."""

    hear = None

    def __init__(self, page, component_id):
        self._page = page
        self.id = component_id
        self.attributes = {name: default for name, _, default in _ATTRIBUTES}
        self.sound = Sound(self._hear, inner=True)

    def set(self, attributes: dict) -> None:
        """Change attributes.  One of the wrong type is an error event and nothing else; unknown ones are left out."""
        for name, kind, _ in _ATTRIBUTES:
            if name in attributes and self.sound.accepts(name, kind, attributes[name]):
                self.attributes[name] = attributes[name]
                if name == "src":
                    self._load(attributes[name])
        self.sound.loop = self.attributes["loop"]

    def _load(self, src):
        if src != self.sound.src:
            self.sound.load(src)

    def _hear(self, event, exc):
        kind = event.lower()
        if self.hear:
            self.hear(kind, self._detail(kind, exc))
            return
        name = self.attributes.get("bind" + kind)
        handler = getattr(self._page, name, None) if name else None
        if handler:
            target = api.Result(id=self.id, dataset={})
            given = {"type": kind, "target": target, "currentTarget": target, "detail": self._detail(kind, exc)}
            launch(handler, api.Result(given))

    def _detail(self, kind, exc):
        if kind == "error":
            code = result("operateAudio", exc).errCode
            return api.Result(errMsg=dict(_MEDIA_ERRORS).get(code, 3))
        if kind == "timeupdate":
            length_ms = self.sound.duration_ms or 0
            return api.Result(currentTime=self.sound.position_ms() / 1000, duration=length_ms / 1000)
        return api.Result()
