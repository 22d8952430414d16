"""A local fal queue."""

import json
from datetime import UTC, datetime
from typing import Any

from tests.providers.http_server import Request, Response
from tests.providers.provider import JOB_FAULTS, KEY, RESULT_FAULTS, Provider

_SCHEMA: dict[str, Any] = {
    "prompt": (str, True),
    "num_images": (int, True),
    "seed": (int, False),
    "output_format": (str, False),
    "image_size": (dict, False),
    "aspect_ratio": (str, False),
    "resolution": (str, False),
    "quality": (str, False),
    "image_urls": (list, False),
}


class FalQueueServer(Provider):
    engine = "fal_queue"
    job_faults = JOB_FAULTS
    result_faults = RESULT_FAULTS

    def spend_limit(self) -> Response:
        return Response.of({"detail": "User is locked. Reason: Exhausted balance."}, 403)

    async def handle(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        if parts[0] == "files":
            job = self.jobs.get(parts[1].removesuffix(".png"))
            return self.result(job) if job else Response(404)
        if not self.authorized(request, "authorization", f"Key {KEY}"):
            return Response.of({"detail": "Cannot access application."}, 401)
        if request.method == "POST":
            return await self._queue(request)
        if request.method == "GET" and parts[-1] == "by-endpoint":
            return self._listed(request)
        if "requests" not in parts:
            return Response.of({"detail": "Not found"}, 404)
        job = self.jobs.get(parts[parts.index("requests") + 1])
        if job is None or job.get("lost"):
            return Response.of({"detail": "Not found"}, 404)
        return self._status(job) if parts[-1] == "status" else self._response(job)

    async def _queue(self, request: Request) -> Response:
        body: Any = request.json()
        wrong = self.check(body, _SCHEMA)
        if not wrong and request.headers.get("x-fal-no-retry") != "1":
            wrong = self._wrong("x-fal-no-retry")
        if wrong:
            detail = [{"loc": ["body"], "msg": wrong, "type": "value_error"}]
            return Response.of({"detail": detail}, 422)
        what, model = body["prompt"], request.path.strip("/")
        self.asked[what] = {"model": model, "input": body, "sent_at": _now()}
        return await self.submit(what, lambda: self._accepted(request.path, what))

    def _listed(self, request: Request) -> Response:
        """List finished requests of one model, one a page, the newest first."""
        for name in ("endpoint_id", "start", "expand"):
            if name not in request.query:
                self.invalid(f"{name} is missing in the list")
        done = [
            job
            for job in reversed(self.jobs.values())
            if job["model"] == request.query["endpoint_id"] and not job.get("lost")
        ]
        page = int(request.query.get("cursor", "0"))
        items = [
            {
                "request_id": job["name"],
                "endpoint_id": job["model"],
                "sent_at": job["sent_at"],
                "status_code": 422 if job.get("refused") else 200,
                "json_input": job["input"],
                "json_output": json.loads(self._response(job).body),
            }
            for job in done[page : page + 1]
        ]
        more = page + 1 < len(done)
        cursor = str(page + 1) if more else None
        return Response.of({"items": items, "next_cursor": cursor, "has_more": more})

    def refused(self, what: str) -> Response:
        return self._accepted("/m", what, refused=True)

    def no_picture(self) -> Response:
        return self._accepted("/m", "nothing", nothing=True)

    def _accepted(self, path: str, what: str, **how: bool) -> Response:
        name = f"r{len(self.jobs) + 1}"
        fault = self.fault(self.job_faults)
        asked = self.asked.get(what, {"model": "", "input": {}, "sent_at": _now()})
        self.jobs[name] = {"name": name, "what": what, "polls": 0, "fault": fault, **asked, **how}
        at = f"{self.base}{path}/requests/{name}"
        return Response.of(
            {
                "request_id": name,
                "response_url": at,
                "status_url": f"{at}/status",
                "cancel_url": f"{at}/cancel",
            }
        )

    def _status(self, job: dict[str, Any]) -> Response:
        job["polls"] += 1
        fault, polls = job["fault"], job["polls"]
        if fault == "job_lost":
            job["lost"] = True
            return Response.of({"detail": "Not found"}, 404)
        if fault == "job_unknown_once" and polls == 1:
            return Response.of({"detail": "Not found"}, 404)
        if fault == "poll_500" and polls <= 2:
            return Response(500, b"oops")
        if fault == "poll_reset" and polls <= 2:
            return Response(manner="reset")
        if fault == "out_of_order" and polls <= 2:
            return Response.of({"status": ["IN_PROGRESS", "IN_QUEUE"][polls - 1]}, 202)
        if polls <= self.orders.polls_until_done:
            return Response.of({"status": "IN_QUEUE", "queue_position": 1}, 202)
        if job.get("refused"):
            error = {"error": "Flagged", "error_type": "content_policy_violation"}
            return Response.of({"status": "COMPLETED", **error})
        if fault == "job_failed":
            return Response.of({"status": "COMPLETED", "error": "GPU", "error_type": "runner"})
        return Response.of({"status": "COMPLETED", "metrics": {}})

    def _response(self, job: dict[str, Any]) -> Response:
        if job.get("nothing"):
            return Response.of({"images": []})
        if job.get("refused"):
            detail = [{"loc": ["body"], "msg": "Flagged", "type": "content_policy_violation"}]
            return Response.of({"detail": detail}, 422)
        return Response.of({"images": [{"url": f"{self.base}/files/{job['name']}.png"}]})


def _now() -> str:
    return datetime.now(UTC).isoformat()
