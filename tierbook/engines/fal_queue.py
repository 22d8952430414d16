"""fal's queue: many models behind one way of submitting, polling and fetching.

The addresses to poll come with the submission and are kept, never built. A job that is complete
may still carry an error. The model's own fields follow the price rule: a size in pixels is sent
as `image_size`, a step such as 2K as `resolution` with an aspect ratio.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.remote import RemoteDefaults, origin
from tierbook.engines.shapes import nearest_ratio
from tierbook.engines.wire import (
    Capabilities,
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
)

_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_OWN_HOSTS = ".fal.run"


class FalQueue(RemoteDefaults):
    """Models hosted by fal, through its queue."""

    name = "fal_queue"
    provider = "fal"
    key_variable = "FAL_KEY"
    base_url_variable = "FAL_BASE_URL"
    default_base_url = "https://queue.fal.run"
    capabilities = Capabilities(
        input_image="optional",
        lookup="by_job_id",
        concurrency=10,
        per_minute=120,
        read_timeout=120.0,
    )

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return the header that carries the key."""
        return {"Authorization": f"Key {key}"}

    def trusts(self, url: str, base_url: str) -> bool:
        """Trust the base address and, where that is fal's, its other queue hosts over https."""
        if super().trusts(url, base_url):
            return True
        return _is_theirs(url) and _is_theirs(base_url)

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
        content = replies.json_object(reply)
        if reply.status not in (200, 201, 202):
            declined = replies.failure(reply, "fal", _words(content))
            # A request found invalid may have run before it was, and is billed then.
            unsettled = reply.status == 422 and isinstance(declined, Failed)
            return replace(declined, charged=None) if unsettled else declined
        job_id = replies.text_at(content, "request_id")
        status_url = replies.text_at(content, "status_url")
        response_url = replies.text_at(content, "response_url")
        if not (job_id and status_url and response_url):
            return Failed("fal answered without a job.", charged=None)
        urls = {"poll": status_url, "status": status_url, "response": response_url}
        return Pending(Job(job_id, urls))

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read the job's status, then its response."""
        content = replies.json_object(reply)
        if reply.status == 404:
            return Lost("fal does not know the job.")
        if "status" in content:
            return _read_status(job, content)
        if reply.status not in (200, 202):
            return _failed(replies.text_at(content, "detail", 0, "type"), _words(content))
        url = replies.text_at(content, "images", 0, "url") or replies.text_at(
            content, "image", "url"
        )
        if url:
            return ReadyAt(url, None, job.job_id)
        return Failed("fal answered without a picture.", charged=True)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _is_theirs(url: str) -> bool:
    scheme, host, port = origin(url) or ("", "", None)
    return scheme == "https" and port in (None, 443) and host.endswith(_OWN_HOSTS)


def _shape(order: PictureOrder) -> dict[str, Any]:
    if order.size and "x" not in order.size.lower():
        ratio = nearest_ratio(order.width, order.height, _RATIOS)
        return {"aspect_ratio": ratio, "resolution": order.size}
    width, height = order.width, order.height
    if order.size:
        width, height = (int(side) for side in order.size.lower().split("x"))
    return {"image_size": {"width": width, "height": height}}


def _read_status(job: Job, content: dict[str, Any]) -> Outcome:
    status = replies.text_at(content, "status")
    if status != "COMPLETED":
        place = replies.at(content, "queue_position")
        return Pending(job, note=f"{status}, {place} before it" if place else status)
    if content.get("error"):
        return _failed(replies.text_at(content, "error_type"), replies.text_at(content, "error"))
    # Done: the next question goes to the response address.
    urls = {**job.urls, "poll": job.urls["response"]}
    return Pending(replace(job, urls=urls), wait=0.0, note=status)


def _failed(kind: str, words: str) -> Outcome:
    if "content_policy" in kind:
        return Refused(replies.short(f"fal refused the picture: {words or kind}"))
    # fal bills some failed requests and not others, and does not say which this was.
    return Failed(replies.short(f"fal could not make the picture: {words or kind}"), charged=None)


def _words(content: dict[str, Any]) -> str:
    detail = replies.at(content, "detail")
    return detail if isinstance(detail, str) else replies.text_at(detail, 0, "msg")


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
    )
