"""What remote engines have in common unless their provider says otherwise."""

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from tierbook.engines.wire import Elsewhere, HttpReply, HttpRequest, Job, Lost, Outcome, Trace


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
    """Bearer keys, sent to the base address alone; no jobs, no looking up.

    `key_header` names the header of the key and what stands before the key in it; `own_hosts` are
    the endings of the provider's host names, where its answers lead to more than one.
    """

    key_header: tuple[str, str] = ("Authorization", "Bearer ")
    own_hosts: tuple[str, ...] = ()

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return the header that carries the key."""
        name, before = self.key_header
        return {name: f"{before}{key}"}

    def trusts(self, url: str, base_url: str) -> bool:
        """Trust the base address and, where that is the provider's own, its other hosts too."""
        given = origin(url)
        if given is not None and given == origin(base_url):
            return True
        return self._is_own(url) and self._is_own(base_url)

    def _is_own(self, url: str) -> bool:
        scheme, host, port = origin(url) or ("", "", None)
        return scheme == "https" and port in (None, 443) and host.endswith(self.own_hosts)

    def poll(self, job: Job, base_url: str) -> HttpRequest:
        """Ask the address the provider gave with the job."""
        return HttpRequest("GET", job.urls["poll"])

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Answer for an engine whose pictures come with the first reply."""
        return Lost("This engine keeps no jobs.")

    def find(self, trace: Trace, base_url: str) -> HttpRequest | None:
        """Say that an attempt cut off while sending cannot be found again."""
        return None

    def read_find(self, trace: Trace, reply: HttpReply) -> Outcome | Elsewhere:
        """Answer for an engine that cannot look attempts up."""
        return Lost("This provider cannot look up an attempt.")
