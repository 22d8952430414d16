"""Replicate: predictions that are polled; pictures and inputs are gone after an hour."""

import json
import re
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.remote import RemoteDefaults
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
    Throttled,
)

_RATIOS = ("1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21")
_RESETS = re.compile(r"resets in ~?(\d+)\s*s")


class Replicate(RemoteDefaults):
    """Models hosted by Replicate."""

    name = "replicate"
    provider = "Replicate"
    key_variable = "REPLICATE_API_TOKEN"
    base_url_variable = "REPLICATE_BASE_URL"
    default_base_url = "https://api.replicate.com/v1"
    capabilities = Capabilities(
        input_image="optional",
        aspect_ratios=_RATIOS,
        lookup="by_job_id",
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
        content = replies.json_object(reply)
        if reply.status not in (200, 201, 202):
            return _declined(reply, content)
        job_id = replies.text_at(content, "id")
        url = replies.text_at(content, "urls", "get")
        if not job_id or not url:
            return Failed("Replicate answered without a prediction.", charged=None)
        return Pending(Job(job_id, {"poll": url}))

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read how the prediction is doing."""
        content = replies.json_object(reply)
        if reply.status == 404:
            return Lost("Replicate does not know the prediction.")
        status = replies.text_at(content, "status")
        if status == "succeeded":
            url = replies.text_at(content, "output") or replies.text_at(content, "output", 0)
            if url:
                return ReadyAt(url, None, job.job_id)
            return Failed("Replicate answered without a picture.", charged=True)
        if status == "failed":
            words = replies.text_at(content, "error")
            if "nsfw" in words.casefold() or "sensitive" in words.casefold():
                return Refused(replies.short(f"Replicate refused the picture: {words}"))
            return Failed(replies.short(f"Replicate could not make it: {words}"), charged=None)
        if status in ("canceled", "aborted"):
            return Failed(f"The prediction was {status} at Replicate.", charged=None)
        return Pending(job, note=status)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _declined(reply: HttpReply, content: dict[str, Any]) -> Outcome:
    words = replies.text_at(content, "detail") or replies.text_at(content, "title")
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
    )
