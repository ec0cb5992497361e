"""Chapter "Route": moving between pages.  The order of the pages' hooks is in kiosk/router.py."""

from kiosk import router
from kiosk.api import api

_URL = (("*url", "String", None),)
_NAVIGATE = (
    ("*url", "String", None),
    ("events", "Object", None),
    ("routeType", "String", None),
    ("routeConfig", "Object", None),
    ("routeOptions", "Object", None),
    ("withOpenContainer", "Object", None),
)


@api(_NAVIGATE, ("eventChannel",))
async def navigateTo(options):
    """Open a page over the current one: url (str, with query), events (dict name -> listener).

    The route's animation (routeType, routeConfig, routeOptions, withOpenContainer) is accepted and has no effect: a
    kiosk's pages change at once.
    """
    return {"eventChannel": router.navigate_to(options["url"], options["events"])}


@api(_URL)
async def redirectTo(options):
    """Replace the current page: url (str, with query)."""
    router.redirect_to(options["url"])


@api((("delta", "Number", 1),))
async def navigateBack(options):
    """Close `delta` (int) pages; more than there are means all but the first."""
    router.navigate_back(options["delta"])


@api(_URL)
async def reLaunch(options):
    """Close all pages and open one: url (str, with query)."""
    router.relaunch(options["url"])


@api(_URL)
async def switchTab(options):
    """Show a page of the tab bar and close every other: url (str, without query)."""
    router.switch_tab(options["url"])
