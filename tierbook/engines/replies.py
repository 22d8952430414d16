"""Read what providers answer: the shape of each reply, pictures in base64, what a status costs.

Every reply an engine reads has a shape, a frozen pydantic model in that engine's file. What the
money or the picture depends on must fit exactly; what is only words may be missing; fields nobody
reads are ignored. A reply that does not fit is a failure whose charge is open, never a traceback.
"""

import base64
import binascii
import re
from typing import Annotated, Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, WrapValidator
from pydantic_core import ErrorDetails

from tierbook.engines.wire import Failed, HttpReply, Outcome, Throttled

# These were answered without work: the provider looked at the request and declined it.
_NOT_CHARGED = frozenset({400, 401, 402, 403, 404, 405, 411, 413, 414, 415, 422, 431})
_OF_THE_ENGINE = {
    401: "did not accept the key",
    402: "says the account has no credit left",
    403: "says this account may not do this",
    404: "does not know this model or address",
}
_LONGEST_REASON = 300
_SPACES = re.compile(r"\s+")


class Shape(BaseModel):
    """Base of the replies' shapes: no value is bent into another kind, extra fields pass by."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


S = TypeVar("S", bound=Shape)
T = TypeVar("T")


def _none_if_unfit(value: Any, validate: Any) -> Any:
    try:
        return validate(value)
    except ValidationError:
        return None


def _blank_if_unfit(value: Any, validate: Any) -> Any:
    try:
        return validate(value)
    except ValidationError:
        return ""


# A part that may be missing or of another kind without spoiling the reply around it.
OrNone = Annotated[T | None, WrapValidator(_none_if_unfit)]
Words = Annotated[str, WrapValidator(_blank_if_unfit)]
# Parts that decide about money or the picture: exactly these, or the part does not fit.
Name = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
# JSON spells moments as text, which is the one bending there is.
Moment = Annotated[AwareDatetime, Field(strict=False)]


class Fault(Shape):
    """One entry of the `detail` that FastAPI servers give for a request they find invalid."""

    msg: Words = ""
    type: Words = ""


class Detail(Shape):
    """What FastAPI servers say of an error: one sentence, or a list of faults."""

    detail: OrNone[str | list[Fault]] = None

    @property
    def words(self) -> str:
        """The sentence, or that of the first fault."""
        if isinstance(self.detail, str):
            return self.detail
        return self.detail[0].msg if self.detail else ""

    @property
    def kind(self) -> str:
        """The first fault's own name, "" where there is none."""
        return self.detail[0].type if isinstance(self.detail, list) and self.detail else ""


class _Error(Shape):
    message: Words = ""
    code: Words = ""
    type: Words = ""


class ErrorMessage(Shape):
    """What most other servers say of an error: an object with a message and names for it."""

    error: OrNone[_Error] = None

    @property
    def said(self) -> _Error:
        """The error, blank where the reply holds none."""
        return self.error or _Error()


def read(shape: type[S], reply: HttpReply, provider: str) -> S | Failed:
    """Read a reply that must have this shape; else a failure whose charge is open, saying why."""
    try:
        return shape.model_validate_json(reply.content)
    except ValidationError as error:
        where = _where(error.errors(include_url=False, include_input=False)[0])
        return Failed(short(f"{provider}'s answer is not as documented ({where})."), charged=None)


def read_or_blank(shape: type[S], reply: HttpReply) -> S:
    """Read a reply of which every part may be missing: errors, and jobs that are asked again."""
    try:
        return shape.model_validate_json(reply.content)
    except ValidationError:
        return shape()


def _where(error: ErrorDetails) -> str:
    """Name the part that does not fit, without its value: a reply may hold anything."""
    place = ".".join(str(step) for step in error["loc"])
    if error["type"] == "json_invalid":
        return "it is no JSON"
    return f"{place}: {error['type'].replace('_', ' ')}" if place else "it is no object"


def picture_of(encoded: str) -> bytes | None:
    """Decode a picture in base64, with or without a `data:` prefix; None where it is not one."""
    _, comma, rest = encoded.partition(",") if encoded.startswith("data:") else ("", "", "")
    try:
        return base64.b64decode(rest if comma else encoded, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def encoded(content: bytes) -> str:
    """Encode a picture in base64."""
    return base64.b64encode(content).decode("ascii")


def data_url(content: bytes, media_type: str) -> str:
    """Spell a picture as a `data:` address."""
    return f"data:{media_type};base64,{encoded(content)}"


def short(reason: str) -> str:
    """Cut a provider's words to one line a cell can hold."""
    line = _SPACES.sub(" ", reason).strip()
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"


def failure(reply: HttpReply, provider: str, reason: str = "") -> Outcome:
    """Say what a reply without a picture means, by its status alone.

    A status that is not known to be free of charge leaves the charge open (`charged` None).
    """
    status = reply.status
    words = short(reason) or f"answered with status {status}"
    if status == 429:
        return Throttled(reason=f"{provider}: {words}")
    said = f"{provider} {_OF_THE_ENGINE[status]}" if status in _OF_THE_ENGINE else provider
    return Failed(
        f"{said}: {words}",
        charged=False if status in _NOT_CHARGED else None,
        scope="engine" if status in _OF_THE_ENGINE else "picture",
    )
