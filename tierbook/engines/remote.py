"""What remote engines have in common unless their provider says otherwise."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from tierbook.engines.wire import HttpReply, HttpRequest, Job, Lost, Outcome, PictureOrder


def is_loopback(url: str) -> bool:
    """Tell whether an address names this very machine."""
    found = origin(url)
    host = found[1] if found else ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def origin(url: str) -> tuple[str, str, int | None] | None:
    """Return scheme, host and port of an address; None where it is not one, or names a user."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.username is not None or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port


class RemoteDefaults:
    """Bearer keys, sent to the base address alone; no jobs, no looking up."""

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return the headers that carry the key."""
        return {"Authorization": f"Bearer {key}"}

    def trusts(self, url: str, base_url: str) -> bool:
        """Trust the origin of the base address, and no other."""
        given = origin(url)
        return given is not None and given == origin(base_url)

    def poll(self, job: Job, base_url: str) -> HttpRequest:
        """Ask the address the provider gave with the job."""
        return HttpRequest("GET", job.urls["poll"])

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Answer for an engine whose pictures come with the first reply."""
        return Lost("This engine keeps no jobs.")

    def find(self, order: PictureOrder, base_url: str) -> HttpRequest | None:
        """Say that an attempt cut off while sending cannot be found again."""
        return None

    def read_find(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Answer for an engine that cannot look attempts up."""
        return Lost("This provider cannot look up an attempt.")
