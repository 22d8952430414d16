"""fal's queue: many models behind one way of submitting, polling and fetching.

The addresses to poll come with the submission and are kept, never built. A job that is complete
may still carry an error. The model's own fields follow the price rule: a size in pixels is sent
as `image_size`, a step such as 2K as `resolution` with an aspect ratio.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, SINCE, example_order
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Detail, Moment, Name, OrNone, Shape, Words
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
    Trace,
)

_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_LIST_BASE_URL = "https://api.fal.ai/v1"


class _Queued(Shape):
    request_id: Name
    status_url: Name
    response_url: Name


class _Status(Detail):
    status: Words = ""
    queue_position: OrNone[int] = None
    error: Words = ""
    error_type: Words = ""


class _Picture(Shape):
    url: Name


class _Made(Detail):
    images: OrNone[list[_Picture]] = None
    image: OrNone[_Picture] = None

    @property
    def url(self) -> str:
        """Where the picture lies; models name it in one of two ways."""
        if self.images:
            return self.images[0].url
        return self.image.url if self.image else ""


class _Input(Shape):
    seed: int


class _Listed(Shape):
    request_id: Name
    sent_at: Moment
    status_code: int
    json_input: _Input
    json_output: OrNone[_Made] = None


class _List(Shape):
    # Requests of other programs may hold anything; what does not fit is none of ours.
    items: Sequence[OrNone[_Listed]]
    next_cursor: OrNone[Name] = None


class FalQueue(RemoteDefaults):
    """Models hosted by fal, through its queue."""

    name = "fal_queue"
    provider = "fal"
    key_variable = "FAL_KEY"
    base_url_variable = "FAL_BASE_URL"
    default_base_url = "https://queue.fal.run"
    key_header = ("Authorization", "Key ")
    own_hosts = (".fal.run", "api.fal.ai")
    capabilities = Capabilities(
        input_image="optional",
        lookup="by_list",
        concurrency=10,
        per_minute=120,
        read_timeout=120.0,
    )

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that queues the job."""
        body: dict[str, Any] = {
            "prompt": order.prompt,
            "num_images": 1,
            "seed": order.seed,
            "output_format": "png",
            **_shape(order),
        }
        if order.quality:
            body["quality"] = order.quality
        if order.source is not None:
            photo = replies.data_url(order.source.content, order.source.media_type)
            body["image_urls"] = [photo]
        # fal's own retries could run, and bill, a request whose id nobody was told.
        headers = {"x-fal-no-retry": "1"}
        return HttpRequest("POST", f"{base_url}/{order.model}", headers, json=body)

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the job and its addresses."""
        if reply.status not in (200, 201, 202):
            declined = replies.failure(reply, "fal", replies.read_or_blank(Detail, reply).words)
            # A request found invalid may have run before it was, and is billed then.
            unsettled = reply.status == 422 and isinstance(declined, Failed)
            return replace(declined, charged=None) if unsettled else declined
        job = replies.read(_Queued, reply, "fal")
        if isinstance(job, Failed):
            return job
        urls = {"poll": job.status_url, "status": job.status_url, "response": job.response_url}
        return Pending(Job(job.request_id, urls))

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read the job's status, then its response."""
        if reply.status == 404:
            return Lost("fal does not know the job.")
        if job.urls["poll"] != job.urls["response"]:
            return _read_status(job, reply)
        made = replies.read_or_blank(_Made, reply)
        if reply.status not in (200, 202):
            return _failed(made.kind, made.words)
        if made.url:
            return ReadyAt(made.url, None, job.job_id)
        return Failed("fal answered without a picture.", charged=True)

    def find(self, trace: Trace, base_url: str) -> HttpRequest:
        """Ask for the list of this model's finished requests since the attempt was written down."""
        base = _LIST_BASE_URL if base_url == self.default_base_url else base_url
        since = trace.earliest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {
            "endpoint_id": trace.model,
            "start": since,
            "expand": "payloads",
            "limit": "100",
        }
        return HttpRequest("GET", f"{base}/models/requests/by-endpoint?{urlencode(query)}")

    def read_find(self, trace: Trace, reply: HttpReply) -> Outcome | Elsewhere:
        """Look for the seed of the attempt; requests that still wait or run are not listed yet."""
        page = replies.read(_List, reply, "fal")
        if reply.status != 200 or isinstance(page, Failed):
            return Lost("fal does not show its list of requests.")
        for item in page.items:
            if item is None or item.json_input.seed != trace.seed:
                continue
            if item.sent_at >= trace.earliest:
                return _read_listed(item)
        if page.next_cursor:
            return Elsewhere(HttpRequest("GET", _with_cursor(reply.url, page.next_cursor)))
        return Lost("fal does not list the request, or not yet.")

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _shape(order: PictureOrder) -> dict[str, Any]:
    if order.size and "x" not in order.size.lower():
        ratio = nearest_ratio(order.width, order.height, _RATIOS)
        return {"aspect_ratio": ratio, "resolution": order.size}
    width, height = order.width, order.height
    if order.size:
        width, height = (int(side) for side in order.size.lower().split("x"))
    return {"image_size": {"width": width, "height": height}}


def _read_status(job: Job, reply: HttpReply) -> Outcome:
    content = replies.read_or_blank(_Status, reply)
    if content.status == "COMPLETED" and content.error:
        return _failed(content.error_type, content.error)
    if content.status == "COMPLETED":
        # Done: the next question goes to the response address.
        urls = {**job.urls, "poll": job.urls["response"]}
        return Pending(replace(job, urls=urls), wait=0.0, note=content.status)
    if not content.status and reply.status not in (200, 202):
        return _failed(content.kind, content.words)
    place = content.queue_position
    return Pending(job, note=f"{content.status}, {place} before it" if place else content.status)


def _read_listed(item: _Listed) -> Outcome:
    made = item.json_output or _Made()
    if item.status_code < 400:
        if made.url:
            return ReadyAt(made.url, None, item.request_id)
        return Failed("fal lists the request as done, without a picture.", charged=True)
    if item.status_code >= 500:
        # fal's own words: failures of its servers are not billed.
        return Failed(f"fal lists the request as failed ({item.status_code}).", charged=False)
    return _failed(made.kind, made.words)


def _with_cursor(url: str, cursor: str) -> str:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), "cursor": cursor}
    return urlunsplit((*parts[:3], urlencode(query), ""))


def _failed(kind: str, words: str) -> Outcome:
    if "content_policy" in kind:
        return Refused(replies.short(f"fal refused the picture: {words or kind}"))
    # fal bills some failed requests and not others, and does not say which this was.
    return Failed(replies.short(f"fal could not make the picture: {words or kind}"), charged=None)


def _examples() -> tuple[Exchange, ...]:
    model = "fal-ai/nano-banana-2/edit"
    base = "https://queue.fal.run"
    order = example_order(model, size="2K", source=PHOTO, operation="edit")
    plain = example_order("openai/gpt-image-2", size="1024x1536", height=1536, quality="high")
    status = f"{base}/{model}/requests/r1/status"
    response = f"{base}/{model}/requests/r1"
    urls = {"poll": status, "status": status, "response": response}
    job = Job("r1", urls)
    done = Job("r1", {**urls, "poll": response})
    headers = {"x-fal-no-retry": "1"}
    body = {"prompt": order.prompt, "num_images": 1, "seed": 7, "output_format": "png"}
    photo = replies.data_url(PIXEL, "image/png")
    queued = HttpRequest(
        "POST",
        f"{base}/{model}",
        headers,
        json={**body, "aspect_ratio": "1:1", "resolution": "2K", "image_urls": [photo]},
    )
    sized = HttpRequest(
        "POST",
        f"{base}/openai/gpt-image-2",
        headers,
        json={**body, "image_size": {"width": 1024, "height": 1536}, "quality": "high"},
    )

    def answer(status: int, content: object) -> HttpReply:
        return HttpReply(status, {}, json.dumps(content).encode())

    def polled(
        name: str, at: Job, content: object, outcome: Outcome, status: int = 200
    ) -> Exchange:
        asked = HttpRequest("GET", at.urls["poll"])
        return Exchange(name, order, asked, answer(status, content), outcome, "poll", at)

    accepted = {
        "request_id": "r1",
        "response_url": response,
        "status_url": status,
        "cancel_url": f"{response}/cancel",
    }
    return (
        Exchange("a job and its addresses", order, queued, answer(200, accepted), Pending(job)),
        Exchange(
            "an invalid request may have been billed",
            plain,
            sized,
            answer(422, {"detail": [{"loc": ["body"], "msg": "no such size", "type": "value"}]}),
            Failed("fal: no such size", charged=None),
        ),
        Exchange(
            "no credit",
            plain,
            sized,
            answer(403, {"detail": "Exhausted balance."}),
            Failed(
                "fal says this account may not do this: Exhausted balance.",
                charged=False,
                scope="engine",
            ),
        ),
        polled(
            "in the queue",
            job,
            {"status": "IN_QUEUE", "queue_position": 3},
            Pending(job, note="IN_QUEUE, 3 before it"),
            202,
        ),
        polled("complete", job, {"status": "COMPLETED"}, Pending(done, 0.0, "COMPLETED")),
        polled(
            "complete with an error",
            job,
            {"status": "COMPLETED", "error": "GPU lost", "error_type": "runner_error"},
            Failed("fal could not make the picture: GPU lost", charged=None),
        ),
        polled(
            "complete with a refusal",
            job,
            {"status": "COMPLETED", "error": "Flagged", "error_type": "content_policy_violation"},
            Refused("fal refused the picture: Flagged"),
        ),
        polled(
            "the picture",
            done,
            {"images": [{"url": "https://v3.fal.media/files/a/b.png"}], "seed": 7},
            ReadyAt("https://v3.fal.media/files/a/b.png", None, "r1"),
        ),
        polled("lost", job, {"detail": "Not found"}, Lost("fal does not know the job."), 404),
        *_finds(),
    )


def _finds() -> tuple[Exchange, ...]:
    order = example_order("fal-ai/nano-banana-2")
    trace = Trace(order.request_key, order.model, order.seed, SINCE)
    url = (
        f"{_LIST_BASE_URL}/models/requests/by-endpoint?endpoint_id=fal-ai%2Fnano-banana-2"
        "&start=2026-11-24T11%3A50%3A00Z&expand=payloads&limit=100"
    )
    asked = HttpRequest("GET", url)
    picture = "https://v3.fal.media/files/a/b.png"

    def listed(seed: int, status: int = 200, sent_at: str = "2026-11-24T12:00:01Z") -> object:
        return {
            "request_id": "r7",
            "endpoint_id": order.model,
            "sent_at": sent_at,
            "status_code": status,
            "json_input": {"prompt": order.prompt, "seed": seed},
            "json_output": {"images": [{"url": picture}]} if status == 200 else {"detail": "No."},
        }

    def found(name: str, content: object, outcome: Outcome | Elsewhere) -> Exchange:
        reply = HttpReply(200, {}, json.dumps(content).encode(), url)
        return Exchange(name, order, asked, reply, outcome, "find", trace=trace)

    return (
        found(
            "found in the list",
            {"items": [None, {"request_id": "x"}, listed(1), listed(trace.seed)]},
            ReadyAt(picture, None, "r7"),
        ),
        found(
            "found on no page yet",
            {"items": [listed(1)], "next_cursor": "Mg==", "has_more": True},
            Elsewhere(HttpRequest("GET", f"{url}&cursor=Mg%3D%3D")),
        ),
        found(
            "one sent before the attempt is another's",
            {"items": [listed(trace.seed, sent_at="2026-11-24T11:00:00Z")], "next_cursor": None},
            Lost("fal does not list the request, or not yet."),
        ),
        found(
            "failed on fal's side, which is not billed",
            {"items": [listed(trace.seed, 500)]},
            Failed("fal lists the request as failed (500).", charged=False),
        ),
        found(
            "found invalid, which may be billed",
            {"items": [listed(trace.seed, 422)]},
            Failed("fal could not make the picture: No.", charged=None),
        ),
    )
