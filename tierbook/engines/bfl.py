"""Black Forest Labs: FLUX models as jobs that are polled.

The answer to a submission names the price in credits and the address to poll, whose host may be
another of theirs; the picture's own address lives ten minutes and never sees the key.
"""

import json
from decimal import Decimal
from typing import Any

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.metering import whole_micro_usd
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Amount, Detail, Name, OrNone, Shape, Words
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
_MODERATED = frozenset({"Request Moderated", "Content Moderated"})


class _Accepted(Shape):
    id: Name
    polling_url: Name
    cost: OrNone[Amount] = None

    @property
    def quoted(self) -> MicroUsd | None:
        """The price in credits; None, so that the reservation stands, where it names none."""
        if self.cost is None:
            return None
        return whole_micro_usd(Decimal(str(self.cost)) * _USD_PER_CREDIT)


class _Result(Shape):
    sample: Name


class _Progress(Shape):
    status: Words = ""
    result: OrNone[_Result] = None


class BlackForestLabs(RemoteDefaults):
    """FLUX models of Black Forest Labs."""

    name = "bfl"
    provider = "Black Forest Labs"
    key_variable = "BFL_API_KEY"
    base_url_variable = "BFL_BASE_URL"
    default_base_url = "https://api.bfl.ai/v1"
    key_header = ("x-key", "")
    own_hosts = (".bfl.ai",)
    capabilities = Capabilities(
        input_image="optional",
        lookup="by_job_id",
        concurrency=20,
        per_minute=120,
        read_timeout=120.0,
    )

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
        if reply.status not in (200, 201, 202):
            words = replies.read_or_blank(Detail, reply).words
            return replies.failure(reply, self.provider, words)
        job = replies.read(_Accepted, reply, self.provider)
        if isinstance(job, Failed):
            return job
        return Pending(Job(job.id, {"poll": job.polling_url}, job.quoted))

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read how the job is doing."""
        progress = replies.read_or_blank(_Progress, reply)
        status = progress.status
        if status == "Ready":
            if progress.result is not None:
                return ReadyAt(progress.result.sample, job.quoted_cost, job.job_id)
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
