"""Take keys and signatures out of every text that is kept, shown or logged."""

import logging
import re
from collections.abc import Iterable

from tierbook.generation.keys import Secret

_MASK = "***"
_NAMED = re.compile(
    r"(?i)\b(authorization|x-key|x-api-key|x-goog-api-key|api[_-]?token)(['\"]?\s*[:=,]\s*)"
    r"(?:b?['\"])?(?:(?:bearer|key|basic)\s+)?[^\s'\",;&)]+"
)
_SIGNED = re.compile(
    r"(?i)([?&](?:sig|signature|token|key|se|x-amz-[a-z-]+|x-goog-[a-z-]+)=)[^&\s'\"]+"
)
# httpx names addresses, httpcore at its most talkative also headers; filters are not inherited.
_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "tierbook.generation",
)


class Redactor:
    """Knows the keys of a run and takes them out of texts."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._values: set[str] = set()
        for secret in secrets:
            self.learn(secret)

    def learn(self, secret: Secret) -> None:
        """Add a key to what is taken out."""
        if len(secret.reveal()) >= 4:
            self._values.add(secret.reveal())

    def clean(self, text: str) -> str:
        """Return the text with keys, credentials and signatures masked."""
        for value in self._values:
            text = text.replace(value, _MASK)
        text = _NAMED.sub(rf"\1\2{_MASK}", text)
        return _SIGNED.sub(rf"\1{_MASK}", text)


class _Filter(logging.Filter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self._redactor.clean(record.getMessage()), ()
        return True


class RedactedLogs:
    """Cleans what this package and the HTTP library log, while inside."""

    def __init__(self, redactor: Redactor) -> None:
        self._filter = _Filter(redactor)

    def __enter__(self) -> None:
        """Start cleaning."""
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self._filter)

    def __exit__(self, *exc_info: object) -> None:
        """Stop cleaning."""
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self._filter)
