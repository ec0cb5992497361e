@App
class Main:
    """What all pages share; a page reaches it with getApp()."""

    def onLaunch(self, options):
        console.log("launched at", options.path)
