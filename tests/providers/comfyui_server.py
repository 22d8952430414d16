"""A local ComfyUI: no key, no charge; its log notes each workflow that ran."""

from typing import Any

from tests.providers.http_server import Request, Response
from tests.providers.provider import RESULT_FAULTS, Provider

_SCHEMA: dict[str, Any] = {
    "prompt": (dict, True),
    "client_id": (str, False),
    "prompt_id": (str, False),
}


class ComfyUIServer(Provider):
    engine = "comfyui"
    result_faults = RESULT_FAULTS

    def __init__(self, log: Any) -> None:
        super().__init__(log)
        self._uploaded: set[str] = set()

    def charge(self, what: str, micro_usd: int | None = None) -> str:
        return super().charge(what, 0)

    def error(self, message: str) -> object:
        return {"error": {"type": "x", "message": message}, "node_errors": {}}

    async def handle(self, request: Request) -> Response:
        parts = request.path.strip("/").split("/")
        match (request.method, parts[0]):
            case ("POST", "upload"):
                _, files = request.form()
                self._uploaded.add(files["image"][0])
                return Response.of({"name": files["image"][0], "subfolder": "", "type": "input"})
            case ("POST", "prompt"):
                return await self._queue(request)
            case ("GET", "history"):
                return self._history(parts[1])
            case ("GET", "view"):
                return self.result(self.jobs[request.query["filename"]])
            case _:
                return Response(404)

    async def _queue(self, request: Request) -> Response:
        body: Any = request.json()
        wrong = self.check(body, _SCHEMA) or self._check_workflow(body["prompt"])
        if wrong:
            return Response.of(self.error(wrong), 400)
        what, name = body["prompt"]["2"]["inputs"]["text"], body["prompt_id"]
        return await self.submit(what, lambda: self._accepted(what, name))

    def _check_workflow(self, nodes: dict[str, Any]) -> str:
        for node in nodes.values():
            if set(node) != {"class_type", "inputs"}:
                return self._wrong("a node is not one")
            for value in node["inputs"].values():
                if isinstance(value, list) and value[0] not in nodes:
                    return self._wrong("a link leads nowhere")
            if node["class_type"] == "LoadImage" and node["inputs"]["image"] not in self._uploaded:
                return self._wrong("the photo was not uploaded")
        return ""

    def no_picture(self) -> Response:
        return Response(500, b"oops")

    def _accepted(self, what: str, name: str) -> Response:
        self.jobs[name] = {"what": what, "polls": 0}
        return Response.of({"prompt_id": name, "number": 1, "node_errors": {}})

    def _history(self, name: str) -> Response:
        job = self.jobs.get(name)
        if job is None:
            return Response.of({})
        job["polls"] += 1
        if job["polls"] <= self.orders.polls_until_done:
            return Response.of({})
        images = [{"filename": name, "subfolder": "", "type": "output"}]
        status = {"status_str": "success", "completed": True}
        return Response.of({name: {"outputs": {"7": {"images": images}}, "status": status}})
