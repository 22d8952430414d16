"""Find the key of a provider: in the environment, then in the system's key store.

Never in the workbook, the ledger or a command line.
"""

import os
from collections.abc import Mapping
from typing import NoReturn

from tierbook.engines import Engine, RemoteEngine
from tierbook.engines.remote import is_loopback, origin
from tierbook.errors import EngineTrouble

_SERVICE = "tierbook"


class Secret:
    """A key that shows itself only when asked by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself, for the one header it belongs in."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return "***"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def find_key(variable: str, environ: Mapping[str, str] = os.environ) -> Secret | None:
    """Return the key kept under this name: environment first, then the system's key store.

    The key store costs half a second to open, so ask only when about to pay.
    """
    value = environ.get(variable, "").strip()
    if value:
        return Secret(value)
    stored = _key_store(variable)
    return Secret(stored) if stored else None


def _key_store(variable: str) -> str:
    import keyring
    import keyring.errors

    try:
        return (keyring.get_password(_SERVICE, variable) or "").strip()
    except keyring.errors.KeyringError:
        return ""  # a machine without a key store has no key in it


def keep_key(variable: str, key: Secret) -> None:
    """Keep a key in the system's key store.

    Raises:
        EngineTrouble: This machine has no key store; the environment variable works instead.
    """
    import keyring
    import keyring.errors

    try:
        keyring.set_password(_SERVICE, variable, key.reveal())
    except keyring.errors.KeyringError as error:
        raise EngineTrouble(
            f"The key was not kept: this machine has no usable key store ({error}).",
            fix=f"Set the environment variable {variable} instead.",
        ) from error


def forget_key(variable: str) -> bool:
    """Remove a key from the system's key store; False where it held none."""
    import keyring
    import keyring.errors

    try:
        keyring.delete_password(_SERVICE, variable)
    except keyring.errors.KeyringError:
        return False
    return True


def base_url(engine: RemoteEngine, environ: Mapping[str, str] = os.environ) -> str:
    """Return where to reach an engine: its environment variable, else its provider's address.

    Raises:
        EngineTrouble: The address is neither https nor on this machine; a key sent to it could
            be read on the way.
    """
    set_to = environ.get(engine.base_url_variable, "").strip()
    address = (set_to or engine.default_base_url).rstrip("/")
    found = origin(address)
    if found is None or (found[0] != "https" and not is_loopback(address)):
        raise EngineTrouble(
            f"{engine.base_url_variable} is set to an address that is not https: {address}",
            fix="Use an https address, or http on this machine (127.0.0.1).",
            money="Nothing was sent or charged.",
        )
    if found[0] not in ("https", "http"):
        raise EngineTrouble(
            f"{engine.base_url_variable} is not a web address: {address}",
            fix="Use an https address, or http on this machine (127.0.0.1).",
            money="Nothing was sent or charged.",
        )
    return address


def missing_key(engine: RemoteEngine) -> str:
    """Say that an engine has no key, and how to give it one."""
    return (
        f"{engine.provider} needs a key: run `tierbook key set {engine.name}`, "
        f"or set {engine.key_variable}."
    )


def readiness(engine: Engine, environ: Mapping[str, str] = os.environ) -> str:
    """Return "" when an engine can work, else what it lacks and how to add it."""
    if not isinstance(engine, RemoteEngine):
        return engine.ready()
    try:
        base_url(engine, environ)
    except EngineTrouble as trouble:
        return f"{trouble.message} {trouble.fix}"
    if engine.key_variable and find_key(engine.key_variable, environ) is None:
        return missing_key(engine)
    return ""
