"""What lies over the page: what is on top, what is painted anew, whose a finger is."""

from kiosk.ui.layers import DIALOG, KEYBOARD, TOAST, Layers


class Layer:
    """One that keeps what fingers do on it."""

    def __init__(self, box, is_modal=False):
        self.box = box
        self.is_modal = is_modal


def test_the_level_says_what_is_on_top_and_the_later_is_above_its_equals():
    layers = Layers(lambda *box: None)
    toast, keys, dialog, other = (Layer((0, 0, 9, 9)) for _ in range(4))
    for layer, level in ((toast, TOAST), (keys, KEYBOARD), (dialog, DIALOG), (other, DIALOG)):
        layers.put(layer, level)
    assert layers.shown == [keys, dialog, other, toast]
    layers.take(dialog)
    layers.take(dialog)
    assert layers.shown == [keys, other, toast]
    layers.put(dialog, DIALOG)
    assert layers.shown == [keys, other, dialog, toast]


def test_what_comes_goes_and_changes_is_painted():
    spoilt = []
    layers = Layers(lambda *box: spoilt.append(box))
    layer = Layer((1, 2, 3, 4))
    layers.changed(layer)
    layers.take(layer)
    assert spoilt == []
    layers.put(layer, DIALOG)
    layers.changed(layer, (2, 3, 1, 1))
    layers.changed(layer)
    layers.take(layer)
    assert spoilt == [(1, 2, 3, 4), (2, 3, 1, 1), (1, 2, 3, 4), (1, 2, 3, 4)]


def test_a_finger_is_the_topmost_layers_and_beside_a_modal_one_is_its_too():
    layers = Layers(lambda *box: None)
    low, high, modal = Layer((0, 0, 20, 20)), Layer((10, 10, 20, 20)), Layer((50, 50, 5, 5), True)
    layers.put(low, KEYBOARD)
    layers.put(high, DIALOG)
    assert [layers.at(x, x) for x in (5, 10, 29, 30)] == [low, high, high, None]
    layers.put(modal, DIALOG)
    assert [layers.at(x, x) for x in (5, 10, 52, 200)] == [modal] * 4
    layers.put(low, TOAST)  # is shown already: it stays where it is
    assert layers.at(5, 5) is modal
