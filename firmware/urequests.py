"""The old name of `requests`."""

from requests import Response, delete, get, head, patch, post, put, request  # noqa: F401
