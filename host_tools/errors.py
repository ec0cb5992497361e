"""The host tools' own errors: what a user reads in one line."""


class HostError(Exception):
    """Something that keeps a command from being done.  Its text is the line that the user sees."""


class TargetError(HostError):
    """The kiosk does not answer as it should: not started, gone, too slow, or out of step."""


class ExecError(TargetError):
    """Code run on the kiosk raised; `stdout` is what it printed before, `traceback` what it raised."""

    def __init__(self, stdout: str, traceback: str):
        super().__init__(traceback.strip().splitlines()[-1] if traceback.strip() else "the code failed")
        self.stdout = stdout
        self.traceback = traceback
