"""
Which rules hold where on a page with custom components.

A component's own sheet is for its own markup, and no other sheet is, unless its styleIsolation says so: "apply-shared" lets
the page's and the app's in as well, and the rules of a "shared" one are the page's, too (the compiler puts them there).
What a user puts into a component's slots stays the user's.  `:host` is the component's element, external classes are
classes in the markup of the component that its user gives rules for.
"""

from kiosk.ui.style import Sheet, in_order


class ScopedSheet(Sheet):
    """The Sheet of a page that has custom components."""

    def __init__(self, rules_lists, width, height):
        super().__init__(rules_lists, width, height)
        self._of_components = {}  # path -> tuple of lists of rules
        self._node = None

    def _shared(self, node):
        # What a user gives for external classes is another thing for each component: their styles are not shared.
        if node.owner and _external(node):
            return self._made(node.parent.style, node)
        return super()._shared(node)

    def _made(self, parent, node):
        self._node = node
        return super()._made(parent, node)

    def _lists(self, owner):
        """The lists of rules that hold in the markup of a component, None: the page."""
        if owner is None:
            return self._rules_lists
        definition = owner.definition
        if definition.path not in self._of_components:
            own = (definition.module.RULES,)
            isolated = definition.module.ISOLATION == "isolated"
            self._of_components[definition.path] = own if isolated else tuple(self._rules_lists) + own
        return self._of_components[definition.path]

    def _matching(self, style):
        node = self._node
        lists = style.lists = self._lists(node.owner)
        style.hosts = node.custom and node.custom.definition.module.RULES
        found = self._found(style, (style.hosts,) if style.hosts else (), _host_tokens(style))
        found += self._found(style, lists, style.tokens)
        if node.owner:
            given = _external(node)
            if given:
                style.tokens += tuple(["." + name for name in given])
                found += self._found(style, self._lists(node.owner.node.owner), style.tokens, lists)
        return in_order(found)

    def _found(self, style, lists, tokens, but=()):
        return [rule for rules in lists if not _is_in(rules, but) for rule in rules
                if _holds(style, rule[1], len(rule[1]) - 1, rules, tokens)]  # fmt: skip

    def is_touchable(self, node):
        """bool: whether a finger on `node` makes rules with `:active` hold for it."""
        own, self._rules_lists = self._rules_lists, self._lists(node.owner)
        try:
            return super().is_touchable(node)
        finally:
            self._rules_lists = own


def _external(node):
    """List of the classes that the user of a component has given for external ones that an element of it has."""
    classes = node.owner.classes()
    found = []
    if classes:
        for name in node.get("class", "").split():
            found += classes.get(name, "").split()
    return found


def _host_tokens(style):
    return (":host", ":active") if ":active" in style.tokens else (":host",)


def _holds(style, selector, at, rules, tokens):
    """Whether a selector of `rules` holds, up to its compound `at`, for the element of `style`, known by these tokens."""
    for token in selector[at]:
        if token not in tokens:
            return False
    at -= 1
    if at < 0:
        return True
    direct = selector[at] == ">"
    above = style.parent
    while above is not None:
        # Whoever stands between, from another component's markup, is not seen.
        if _is_in(rules, above.lists) and _holds(above, selector, at - direct, rules, above.tokens):
            return True
        if above.hosts is rules and _holds(above, selector, at - direct, rules, _host_tokens(above)):
            return True
        if direct:
            return False
        above = above.parent
    return False


def _is_in(rules, lists):
    return any(each is rules for each in lists)
