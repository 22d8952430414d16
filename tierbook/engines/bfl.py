"""Black Forest Labs: FLUX models as jobs that are polled.

The answer to a submission names the price in credits and the address to poll, whose host may be
another of theirs; the picture's own address lives ten minutes and never sees the key.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.metering import whole_micro_usd
from tierbook.engines.remote import RemoteDefaults, origin
from tierbook.engines.shapes import in_steps
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
from tierbook.model import MicroUsd

_USD_PER_CREDIT = Decimal("0.01")
_OWN_HOSTS = ".bfl.ai"
_MODERATED = frozenset({"Request Moderated", "Content Moderated"})


class BlackForestLabs(RemoteDefaults):
    """FLUX models of Black Forest Labs."""

    name = "bfl"
    provider = "Black Forest Labs"
    key_variable = "BFL_API_KEY"
    base_url_variable = "BFL_BASE_URL"
    default_base_url = "https://api.bfl.ai/v1"
    capabilities = Capabilities(
        input_image="optional",
        max_input_images=8,
        lookup="by_job_id",
        concurrency=20,
        per_minute=120,
        read_timeout=120.0,
    )

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return the header that carries the key."""
        return {"x-key": key}

    def trusts(self, url: str, base_url: str) -> bool:
        """Trust the base address and, where that is theirs, their other hosts over https."""
        if super().trusts(url, base_url):
            return True
        return _is_theirs(url) and _is_theirs(base_url)

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that starts the job."""
        width, height = in_steps(
            order.width, order.height, step=16, smallest=64, longest=4096, most_pixels=4_000_000
        )
        body: dict[str, Any] = {
            "prompt": order.prompt,
            "width": width,
            "height": height,
            "seed": order.seed,
            "output_format": "png",
        }
        if order.source is not None:
            body["input_image"] = replies.encoded(order.source.content)
        return HttpRequest("POST", f"{base_url}/{order.model}", json=body)

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the job, its price and the address to poll."""
        content = replies.json_object(reply)
        if reply.status not in (200, 201, 202):
            return replies.failure(reply, self.provider, _words(content))
        job_id = replies.text_at(content, "id")
        polling_url = replies.text_at(content, "polling_url")
        if not job_id or not polling_url:
            return Failed("Black Forest Labs answered without a job.", charged=None)
        return Pending(Job(job_id, {"poll": polling_url}, _quoted(content)))

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read how the job is doing."""
        content = replies.json_object(reply)
        status = replies.text_at(content, "status")
        if status == "Ready":
            sample = replies.text_at(content, "result", "sample")
            if sample:
                return ReadyAt(sample, job.quoted_cost, job.job_id)
            return Failed("Black Forest Labs named no picture.", True, actual_cost=job.quoted_cost)
        if status in _MODERATED:
            return Refused(f"Black Forest Labs refused the picture: {status}")
        if status == "Error":
            return Failed("Black Forest Labs could not make the picture.", charged=None)
        if status == "Task not found" or reply.status == 404:
            return Lost("Black Forest Labs does not know the job.")
        return Pending(job, note=status)

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _is_theirs(url: str) -> bool:
    scheme, host, port = origin(url) or ("", "", None)
    return scheme == "https" and port in (None, 443) and host.endswith(_OWN_HOSTS)


def _quoted(content: dict[str, Any]) -> MicroUsd | None:
    credits = replies.at(content, "cost")
    if not isinstance(credits, int | float) or isinstance(credits, bool):
        return None
    return whole_micro_usd(Decimal(str(credits)) * _USD_PER_CREDIT)


def _words(content: dict[str, Any]) -> str:
    detail = replies.at(content, "detail")
    return detail if isinstance(detail, str) else replies.text_at(detail, 0, "msg")


def _examples() -> tuple[Exchange, ...]:
    base = "https://api.bfl.ai/v1"
    order = example_order("flux-2-pro")
    edit = example_order("flux-2-max", width=3000, height=2000, source=PHOTO, operation="edit")
    poll_url = "https://api.us1.bfl.ai/v1/get_result?id=j1"
    job = Job("j1", {"poll": poll_url}, 45_000)
    body = {"prompt": order.prompt, "seed": 7, "output_format": "png"}
    started = HttpRequest(
        "POST", f"{base}/flux-2-pro", json={**body, "width": 1024, "height": 1024}
    )
    asked = HttpRequest("GET", poll_url)

    def answer(status: int, content: object) -> HttpReply:
        return HttpReply(status, {}, json.dumps(content).encode())

    def polled(name: str, content: object, outcome: Outcome) -> Exchange:
        return Exchange(name, order, asked, answer(200, content), outcome, "poll", job)

    accepted = {"id": "j1", "polling_url": poll_url, "cost": 4.5, "input_mp": 0, "output_mp": 1.05}
    sample = "https://delivery.bfl.ai/j1/sample.png"
    return (
        Exchange("a job and its price", order, started, answer(200, accepted), Pending(job)),
        Exchange(
            "an edit above four megapixels is scaled down",
            edit,
            HttpRequest(
                "POST",
                f"{base}/flux-2-max",
                json={
                    **body,
                    "width": 2448,
                    "height": 1632,
                    "input_image": replies.encoded(PIXEL),
                },
            ),
            answer(402, {"detail": "Insufficient credits"}),
            Failed(
                "Black Forest Labs says the account has no credit left: Insufficient credits",
                charged=False,
                scope="engine",
            ),
        ),
        Exchange(
            "a request that is not valid",
            order,
            started,
            answer(422, {"detail": [{"loc": ["body"], "msg": "too wide", "type": "value_error"}]}),
            Failed("Black Forest Labs: too wide", charged=False),
        ),
        polled("not yet", {"id": "j1", "status": "Pending"}, Pending(job, note="Pending")),
        polled(
            "ready",
            {"id": "j1", "status": "Ready", "result": {"sample": sample}},
            ReadyAt(sample, 45_000, "j1"),
        ),
        polled(
            "moderated",
            {"id": "j1", "status": "Content Moderated"},
            Refused("Black Forest Labs refused the picture: Content Moderated"),
        ),
        polled(
            "failed",
            {"id": "j1", "status": "Error"},
            Failed("Black Forest Labs could not make the picture.", charged=None),
        ),
        polled(
            "lost",
            {"id": "j1", "status": "Task not found"},
            Lost("Black Forest Labs does not know the job."),
        ),
    )
