"""Replicate: predictions that are polled; pictures and inputs are gone after an hour."""

import json
import re
from collections.abc import Sequence
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, SINCE, example_order
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Moment, Name, OrNone, Shape, Words
from tierbook.engines.shapes import nearest_ratio
from tierbook.engines.wire import (
    Capabilities,
    Elsewhere,
    Exchange,
    Failed,
    HttpReply,
    HttpRequest,
    Job,
    Lost,
    Outcome,
    Pending,
    PictureOrder,
    ReadyAt,
    Refused,
    Throttled,
    Trace,
)

_RATIOS = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")
_RESETS = re.compile(r"resets in ~?(\d+)\s*s")


class _Urls(Shape):
    get: Name


class _Started(Shape):
    id: Name
    urls: _Urls


class _Progress(Shape):
    status: Words = ""
    output: OrNone[Name | list[Name]] = None
    error: Words = ""

    @property
    def url(self) -> str:
        """Where the picture lies: the one file, or the first of several."""
        if isinstance(self.output, list):
            return self.output[0] if self.output else ""
        return self.output or ""


class _Problem(Shape):
    detail: Words = ""
    title: Words = ""


class _Input(Shape):
    seed: int


class _Listed(_Started):
    created_at: Moment
    input: OrNone[_Input] = None


class _List(Shape):
    results: Sequence[OrNone[_Listed]]
    next: OrNone[Name] = None


class Replicate(RemoteDefaults):
    """Models hosted by Replicate."""

    name = "replicate"
    provider = "Replicate"
    key_variable = "REPLICATE_API_TOKEN"
    base_url_variable = "REPLICATE_BASE_URL"
    default_base_url = "https://api.replicate.com/v1"
    capabilities = Capabilities(
        input_image="optional",
        lookup="by_list",
        concurrency=8,
        per_minute=300,
        read_timeout=120.0,
    )

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that starts the prediction."""
        wanted: dict[str, Any] = {
            "prompt": order.prompt,
            "aspect_ratio": nearest_ratio(order.width, order.height, _RATIOS),
            "seed": order.seed,
            "output_format": "png",
        }
        if order.source is not None:
            wanted["image"] = replies.data_url(order.source.content, order.source.media_type)
        return HttpRequest(
            "POST", f"{base_url}/models/{order.model}/predictions", json={"input": wanted}
        )

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the prediction's id and address."""
        if reply.status not in (200, 201, 202):
            return _declined(reply)
        job = replies.read(_Started, reply, "Replicate")
        if isinstance(job, Failed):
            return job
        return Pending(Job(job.id, {"poll": job.urls.get}))

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read how the prediction is doing."""
        if reply.status == 404:
            return Lost("Replicate does not know the prediction.")
        content = replies.read_or_blank(_Progress, reply)
        status, words = content.status, content.error
        if status == "succeeded":
            if content.url:
                return ReadyAt(content.url, None, job.job_id)
            return Failed("Replicate answered without a picture.", charged=True)
        if status == "failed":
            if "nsfw" in words.casefold() or "sensitive" in words.casefold():
                return Refused(replies.short(f"Replicate refused the picture: {words}"))
            return Failed(replies.short(f"Replicate could not make it: {words}"), charged=None)
        if status in ("canceled", "aborted"):
            return Failed(f"The prediction was {status} at Replicate.", charged=None)
        return Pending(job, note=status)

    def find(self, trace: Trace, base_url: str) -> HttpRequest:
        """Ask for the list of predictions, which begins with the newest."""
        return HttpRequest("GET", f"{base_url}/predictions")

    def read_find(self, trace: Trace, reply: HttpReply) -> Outcome | Elsewhere:
        """Look for the seed of the attempt; inputs are listed for an hour."""
        page = replies.read(_List, reply, "Replicate")
        if reply.status != 200 or isinstance(page, Failed):
            return Lost("Replicate does not show its list of predictions.")
        for item in page.results:
            if item is None or item.created_at < trace.earliest:
                continue
            if item.input is not None and item.input.seed == trace.seed:
                return Pending(Job(item.id, {"poll": item.urls.get}))
        older = any(item is not None and item.created_at < trace.earliest for item in page.results)
        if page.next and not older:
            return Elsewhere(HttpRequest("GET", page.next))
        return Lost("Replicate does not list the prediction.")

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _declined(reply: HttpReply) -> Outcome:
    problem = replies.read_or_blank(_Problem, reply)
    words = problem.detail or problem.title
    if reply.status == 429:
        resets = _RESETS.search(words)
        wait = float(resets[1]) if resets else None
        return Throttled(wait, replies.short(f"Replicate: {words}"))
    return replies.failure(reply, "Replicate", words)


def _examples() -> tuple[Exchange, ...]:
    base = "https://api.replicate.com/v1"
    model = "black-forest-labs/flux-1.1-pro"
    order = example_order(model)
    edit = example_order(model, width=1600, height=900, source=PHOTO, operation="edit")
    get = f"{base}/predictions/p1"
    job = Job("p1", {"poll": get})
    url = f"{base}/models/{model}/predictions"
    wanted = {"prompt": order.prompt, "seed": 7, "output_format": "png"}
    started = HttpRequest("POST", url, json={"input": {**wanted, "aspect_ratio": "1:1"}})
    photo = replies.data_url(PIXEL, "image/png")
    edited = HttpRequest(
        "POST", url, json={"input": {**wanted, "aspect_ratio": "16:9", "image": photo}}
    )
    asked = HttpRequest("GET", get)

    def answer(status: int, content: object) -> HttpReply:
        return HttpReply(status, {}, json.dumps(content).encode())

    def polled(name: str, content: object, outcome: Outcome) -> Exchange:
        return Exchange(name, order, asked, answer(200, content), outcome, "poll", job)

    made = "https://replicate.delivery/x/out.png"
    throttled = "Request was throttled. Your rate limit resets in ~30s."
    return (
        Exchange(
            "a prediction",
            order,
            started,
            answer(201, {"id": "p1", "status": "starting", "urls": {"get": get}}),
            Pending(job),
        ),
        Exchange(
            "throttled in words",
            edit,
            edited,
            answer(429, {"detail": throttled}),
            Throttled(30.0, f"Replicate: {throttled}"),
        ),
        polled(
            "working",
            {"id": "p1", "status": "processing", "output": None},
            Pending(job, note="processing"),
        ),
        polled("one picture", {"status": "succeeded", "output": made}, ReadyAt(made, None, "p1")),
        polled(
            "a list of pictures",
            {"status": "succeeded", "output": [made]},
            ReadyAt(made, None, "p1"),
        ),
        polled(
            "refused",
            {"status": "failed", "error": "NSFW content detected"},
            Refused("Replicate refused the picture: NSFW content detected"),
        ),
        polled(
            "aborted",
            {"status": "aborted"},
            Failed("The prediction was aborted at Replicate.", charged=None),
        ),
        *_finds(),
    )


def _finds() -> tuple[Exchange, ...]:
    url = "https://api.replicate.com/v1/predictions"
    order = example_order("black-forest-labs/flux-1.1-pro")
    trace = Trace(order.request_key, order.model, order.seed, SINCE)

    def listed(name: str, seed: int | None, created: str = "2026-11-24T12:00:01.5Z") -> object:
        given = {} if seed is None else {"prompt": order.prompt, "seed": seed}
        get = f"{url}/{name}"
        return {"id": name, "created_at": created, "input": given, "urls": {"get": get}}

    def found(name: str, content: object, outcome: Outcome | Elsewhere) -> Exchange:
        reply = HttpReply(200, {}, json.dumps(content).encode(), url)
        asked = HttpRequest("GET", url)
        return Exchange(name, order, asked, reply, outcome, "find", trace=trace)

    further = f"{url}?cursor=c2"
    return (
        found(
            "found in the list",
            {"results": [listed("p9", None), listed("p8", 1), listed("p7", trace.seed)]},
            Pending(Job("p7", {"poll": f"{url}/p7"})),
        ),
        found(
            "not on this page",
            {"next": further, "results": [listed("p8", 1)]},
            Elsewhere(HttpRequest("GET", further)),
        ),
        found(
            "older pages are not asked for",
            {"next": further, "results": [listed("p7", trace.seed, "2026-11-24T11:00:00Z")]},
            Lost("Replicate does not list the prediction."),
        ),
    )
