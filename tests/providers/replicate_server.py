"""A local Replicate."""

from datetime import UTC, datetime
from typing import Any

from tests.providers.http_server import Request, Response
from tests.providers.provider import JOB_FAULTS, KEY, RESULT_FAULTS, Provider

_INPUT: dict[str, Any] = {
    "prompt": (str, True),
    "aspect_ratio": (str, False),
    "seed": (int, False),
    "output_format": (str, False),
    "image": (str, False),
}


class ReplicateServer(Provider):
    engine = "replicate"
    job_faults = JOB_FAULTS
    result_faults = RESULT_FAULTS

    def declined(self, fault: str) -> Response:
        if fault == "429_seconds":
            words = "Request was throttled. Your rate limit resets in ~0s."
            return Response.of({"detail": words}, 429)
        return super().declined(fault)

    async def handle(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        if parts[0] == "files":
            job = self.jobs.get(parts[1])
            return self.result(job) if job else Response(404)
        if not self.authorized(request, "authorization", f"Bearer {KEY}"):
            return Response.of({"title": "Unauthenticated"}, 401)
        if request.method == "POST" and parts[1] == "models" and parts[-1] == "predictions":
            return await self._start(request)
        return self._listed(request) if parts[-1] == "predictions" else self._poll(parts[-1])

    async def _start(self, request: Request) -> Response:
        body: Any = request.json()
        wrong = self.check(body, {"input": (dict, True)}) or self.check(body["input"], _INPUT)
        if wrong:
            return Response.of({"title": "Input validation failed", "detail": wrong}, 422)
        what = body["input"]["prompt"]
        self.asked[what] = {"input": body["input"], "created_at": _now()}
        return await self.submit(what, lambda: self._accepted(what))

    def refused(self, what: str) -> Response:
        self.charge(what, 0)
        return self._accepted(what, refused=True)

    def no_picture(self) -> Response:
        return self._accepted("nothing", nothing=True)

    def _listed(self, request: Request) -> Response:
        """List predictions, one a page, the newest first."""
        known = [(name, job) for name, job in self.jobs.items() if not job.get("lost")][::-1]
        page = int(request.query.get("cursor", "0"))
        results = [
            {
                "id": name,
                "created_at": job["created_at"],
                "input": job["input"],
                "status": "processing",
                "urls": {"get": f"{self.base}/v1/predictions/{name}"},
            }
            for name, job in known[page : page + 1]
        ]
        further = f"{self.base}/v1/predictions?cursor={page + 1}"
        return Response.of({"results": results, "next": further if page + 1 < len(known) else None})

    def _accepted(self, what: str, **how: bool) -> Response:
        name = f"p{len(self.jobs) + 1}"
        fault = self.fault(self.job_faults)
        asked = self.asked.get(what, {"input": {}, "created_at": _now()})
        self.jobs[name] = {"what": what, "polls": 0, "fault": fault, **asked, **how}
        get = f"{self.base}/v1/predictions/{name}"
        answer = {"id": name, "status": "starting", "urls": {"get": get, "cancel": f"{get}/cancel"}}
        return Response.of(answer, 201)

    def _poll(self, name: str) -> Response:
        job = self.jobs.get(name)
        if job is None or job.get("lost"):
            return Response.of({"detail": "Not found"}, 404)
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
            return Response.of({"id": name, "status": ["processing", "starting"][polls - 1]})
        if polls <= self.orders.polls_until_done:
            return Response.of({"id": name, "status": "processing", "output": None})
        if job.get("refused"):
            return Response.of({"id": name, "status": "failed", "error": "NSFW content detected"})
        if fault == "job_failed":
            return Response.of({"id": name, "status": "failed", "error": "CUDA out of memory"})
        output = None if job.get("nothing") else [f"{self.base}/files/{name}"]
        return Response.of({"id": name, "status": "succeeded", "output": output})


def _now() -> str:
    return datetime.now(UTC).isoformat()
