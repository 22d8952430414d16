"""A local Black Forest Labs."""

from typing import Any

from tests.providers.http_server import Request, Response
from tests.providers.provider import JOB_FAULTS, KEY, RESULT_FAULTS, Provider

_SCHEMA: dict[str, Any] = {
    "prompt": (str, True),
    "width": (int, False),
    "height": (int, False),
    "seed": (int, False),
    "safety_tolerance": (int, False),
    "output_format": (str, False),
    "input_image": (str, False),
}


class BlackForestLabsServer(Provider):
    engine = "bfl"
    job_faults = JOB_FAULTS
    result_faults = RESULT_FAULTS

    async def handle(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        if parts[0] == "delivery":
            # The picture's address must never see the key.
            if "x-key" in request.headers:
                self.invalid("the key was sent to the picture's address")
            job = self.jobs.get(parts[1])
            return self.result(job) if job else Response(404)
        if not self.authorized(request, "x-key", KEY):
            return Response.of({"detail": "Not authenticated"}, 403)
        if request.method == "POST":
            return await self._start(request)
        return self._poll(request.query.get("id", ""))

    async def _start(self, request: Request) -> Response:
        body: Any = request.json()
        wrong = self.check(body, _SCHEMA) or self._check_size(body)
        if wrong:
            detail = [{"loc": ["body"], "msg": wrong, "type": "value_error"}]
            return Response.of({"detail": detail}, 422)
        what = body["prompt"]
        return await self.submit(what, lambda: self._accepted(what))

    def _check_size(self, body: dict[str, Any]) -> str:
        width, height = body.get("width", 64), body.get("height", 64)
        if width % 16 or height % 16 or min(width, height) < 64 or width * height > 4_000_000:
            return self._wrong("size")
        return ""

    def refused(self, what: str) -> Response:
        self.charge(what, 0)
        return self._accepted(what, refused=True)

    def no_picture(self) -> Response:
        return self._accepted("nothing", nothing=True)

    def _accepted(self, what: str, **how: bool) -> Response:
        name = f"j{len(self.jobs) + 1}"
        fault = self.fault(self.job_faults)
        self.jobs[name] = {"what": what, "polls": 0, "fault": fault, **how}
        cost = self.orders.price / 10_000
        url = f"{self.base}/v1/get_result?id={name}"
        return Response.of({"id": name, "polling_url": url, "cost": cost, "output_mp": 1.0})

    def _poll(self, name: str) -> Response:
        job = self.jobs.get(name)
        if job is None or job.get("lost"):
            return Response.of({"id": name, "status": "Task not found"}, 404)
        job["polls"] += 1
        fault, polls = job["fault"], job["polls"]
        if fault == "job_lost":
            job["lost"] = True
            return Response.of({"id": name, "status": "Task not found"}, 404)
        if fault == "job_unknown_once" and polls == 1:
            return Response.of({"id": name, "status": "Task not found"}, 404)
        if fault == "poll_500" and polls <= 2:
            return Response(500, b"oops")
        if fault == "poll_reset" and polls <= 2:
            return Response(manner="reset")
        if fault == "out_of_order" and polls <= 2:
            return Response.of({"id": name, "status": ["Generating", "Pending"][polls - 1]})
        if polls <= self.orders.polls_until_done:
            return Response.of({"id": name, "status": "Pending", "progress": 0.5})
        if job.get("refused"):
            return Response.of({"id": name, "status": "Content Moderated"})
        if fault == "job_failed":
            return Response.of({"id": name, "status": "Error"})
        if job.get("nothing"):
            return Response.of({"id": name, "status": "Ready", "result": {}})
        sample = f"{self.base}/delivery/{name}/sample.png"
        return Response.of({"id": name, "status": "Ready", "result": {"sample": sample}})
