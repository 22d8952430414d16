"""ComfyUI on the seller's own machine: free, and every job can be found again.

The client names the job (`prompt_id`), so an attempt that was cut off is looked up in the history
and the queue before it is sent again. With a photo, the photo is uploaded first and the workflow
follows as the second request of the same job.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic import Field, RootModel, ValidationError

from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, SINCE, example_order
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import ErrorMessage, Name, OrNone, Shape, Words
from tierbook.engines.shapes import in_steps
from tierbook.engines.wire import (
    Capabilities,
    Exchange,
    Failed,
    HttpReply,
    HttpRequest,
    Job,
    Outcome,
    Pending,
    PictureOrder,
    ReadyAt,
    Throttled,
    Trace,
)

_DEFAULT_CHECKPOINT = "v1-5-pruned-emaonly-fp16.safetensors"
_LONGEST = 1536
# How far a photo may be redrawn: high enough for a new scene, low enough to keep the product.
_DENOISE_PHOTO = 0.55


class _Image(Shape):
    filename: Name
    subfolder: Words = ""
    type: Words = "output"


class _Output(Shape):
    images: OrNone[list[_Image]] = None


class _Status(Shape):
    status_str: Words = ""


class _Entry(Shape):
    outputs: dict[str, OrNone[_Output]] = Field(default_factory=dict)
    status: OrNone[_Status] = None

    @property
    def image(self) -> _Image | None:
        """The first picture any node saved."""
        saved = (output.images for output in self.outputs.values() if output and output.images)
        return next((images[0] for images in saved), None)


class _History(RootModel[dict[str, OrNone[_Entry]]]):
    root: dict[str, OrNone[_Entry]]


class ComfyUI(RemoteDefaults):
    """A ComfyUI server, by default on this machine."""

    name = "comfyui"
    provider = "this computer"
    key_variable = ""
    base_url_variable = "COMFYUI_BASE_URL"
    default_base_url = "http://127.0.0.1:8188"
    capabilities = Capabilities(
        input_image="optional",
        lookup="by_client_ref",
        charges_on="never",
        concurrency=1,
        per_minute=600,
        read_timeout=60.0,
    )

    def authorize(self, key: str) -> Mapping[str, str]:
        """Return no header: there is no key."""
        return {}

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Queue the workflow, or upload the photo it starts from."""
        if order.source is None:
            return _queue(order, base_url)
        name = _upload_name(order)
        photo = (name, order.source.content, order.source.media_type)
        form = {"overwrite": "true", "type": "input"}
        return HttpRequest("POST", f"{base_url}/upload/image", form=form, files=(("image", photo),))

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read that the workflow is queued, or that the photo arrived."""
        if reply.status != 200:
            declined = replies.failure(reply, "ComfyUI", _words(reply))
            # Nothing here costs money, so even a crash of the server is known to be free.
            if isinstance(declined, Failed):
                return Failed(declined.reason, charged=False)
            return declined
        base = _base_of(reply.url)
        job_id = _prompt_id(order.request_key)
        job = Job(job_id, {"poll": f"{base}/history/{job_id}"})
        if order.source is None:
            return Pending(job)
        queue = json.dumps(_queue(order, base).json)
        urls = {**job.urls, "queue": f"{base}/prompt", "workflow": queue}
        return Pending(Job(job.job_id, urls), wait=0.0, note="photo uploaded")

    def poll(self, job: Job, base_url: str) -> HttpRequest:
        """Queue the workflow after an upload, else look into the history."""
        if "workflow" in job.urls:
            return HttpRequest("POST", job.urls["queue"], json=json.loads(job.urls["workflow"]))
        return HttpRequest("GET", job.urls["poll"])

    def read_poll(self, job: Job, reply: HttpReply) -> Outcome:
        """Read the history of the job."""
        if "workflow" in job.urls:
            if reply.status != 200:
                return Failed(replies.short(f"ComfyUI: {_words(reply)}"), charged=False)
            return Pending(Job(job.job_id, {"poll": job.urls["poll"]}))
        entry = _history(reply).get(job.job_id)
        if entry is None:
            return Pending(job, note="queued")
        if entry.status is not None and entry.status.status_str == "error":
            return Failed("ComfyUI could not run the workflow.", charged=False)
        if entry.image is None:
            return Pending(job, note="working")
        return ReadyAt(_view_url(_base_of(reply.url), entry.image), 0, job.job_id)

    def find(self, trace: Trace, base_url: str) -> HttpRequest:
        """Look the job up in the history by the id it was given before sending."""
        return HttpRequest("GET", f"{base_url}/history/{_prompt_id(trace.request_key)}")

    def read_find(self, trace: Trace, reply: HttpReply) -> Outcome:
        """Read the history; a job that is not in it may be sent again, since it is free."""
        job_id = _prompt_id(trace.request_key)
        if reply.status == 200 and job_id in _history(reply):
            return Pending(Job(job_id, {"poll": f"{_base_of(reply.url)}/history/{job_id}"}))
        return Throttled(0.0, "ComfyUI does not know the job.")

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _prompt_id(request_key: str) -> str:
    return str(uuid.UUID(request_key[:32]))


def _history(reply: HttpReply) -> Mapping[str, _Entry | None]:
    try:
        return _History.model_validate_json(reply.content).root
    except ValidationError:
        return {}


def _words(reply: HttpReply) -> str:
    return replies.read_or_blank(ErrorMessage, reply).said.message


def _base_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _upload_name(order: PictureOrder) -> str:
    extension = "png" if order.source and order.source.media_type == "image/png" else "jpg"
    return f"tierbook-{order.request_key[:16]}.{extension}"


def _queue(order: PictureOrder, base_url: str) -> HttpRequest:
    job_id = _prompt_id(order.request_key)
    body = {"prompt": _workflow(order), "client_id": "tierbook", "prompt_id": job_id}
    return HttpRequest("POST", f"{base_url}/prompt", json=body)


def _workflow(order: PictureOrder) -> dict[str, Any]:
    """Build the plainest workflow: one checkpoint, words, a latent, one sampler."""
    checkpoint = order.model if order.model.endswith(".safetensors") else _DEFAULT_CHECKPOINT

    def node(kind: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": kind, "inputs": inputs}

    width, height = in_steps(
        order.width, order.height, step=8, smallest=64, longest=_LONGEST, most_pixels=_LONGEST**2
    )
    nodes = {
        "1": node("CheckpointLoaderSimple", ckpt_name=checkpoint),
        "2": node("CLIPTextEncode", text=order.prompt, clip=["1", 1]),
        "3": node("CLIPTextEncode", text=order.avoid, clip=["1", 1]),
        "4": node("EmptyLatentImage", width=width, height=height, batch_size=1),
        "5": node(
            "KSampler",
            model=["1", 0],
            positive=["2", 0],
            negative=["3", 0],
            latent_image=["4", 0],
            seed=order.seed,
            steps=25,
            cfg=7.0,
            sampler_name="euler",
            scheduler="normal",
            denoise=1.0 if order.source is None else _DENOISE_PHOTO,
        ),
        "6": node("VAEDecode", samples=["5", 0], vae=["1", 2]),
        "7": node("SaveImage", images=["6", 0], filename_prefix="tierbook"),
    }
    if order.source is not None:
        nodes["8"] = node("LoadImage", image=_upload_name(order))
        nodes["4"] = node("VAEEncode", pixels=["8", 0], vae=["1", 2])
    return nodes


def _view_url(base: str, image: _Image) -> str:
    where = {"filename": image.filename, "subfolder": image.subfolder, "type": image.type}
    return f"{base}/view?{urlencode(where)}"


def _examples() -> tuple[Exchange, ...]:
    base = "http://127.0.0.1:8188"
    order = example_order("comfyui")
    edit = example_order("comfyui", source=PHOTO, operation="edit")
    job_id = "abababab-abab-abab-abab-abababababab"
    history = f"{base}/history/{job_id}"
    job = Job(job_id, {"poll": history})
    queued = _queue(order, base)
    body = _queue(edit, base).json
    uploaded = Job(
        job_id, {"poll": history, "queue": f"{base}/prompt", "workflow": json.dumps(body)}
    )
    upload = HttpRequest(
        "POST",
        f"{base}/upload/image",
        form={"overwrite": "true", "type": "input"},
        files=(("image", ("tierbook-abababababababab.png", PIXEL, "image/png")),),
    )

    def answer(status: int, content: object, url: str) -> HttpReply:
        return HttpReply(status, {}, json.dumps(content).encode(), url)

    def polled(name: str, at: Job, content: object, outcome: Outcome) -> Exchange:
        asked = ComfyUI().poll(at, base)
        reply = answer(200, content, asked.url)
        return Exchange(name, order, asked, reply, outcome, "poll", at)

    def found(name: str, content: object, outcome: Outcome) -> Exchange:
        trace = Trace(order.request_key, order.model, order.seed, SINCE)
        asked = HttpRequest("GET", history)
        reply = answer(200, content, history)
        return Exchange(name, order, asked, reply, outcome, "find", trace=trace)

    saved = {"filename": "tierbook_1.png", "subfolder": "", "type": "output"}
    done = {job_id: {"outputs": {"7": {"images": [saved]}}, "status": {"status_str": "success"}}}
    return (
        Exchange(
            "a workflow is queued",
            order,
            queued,
            answer(200, {"prompt_id": job_id, "number": 1, "node_errors": {}}, queued.url),
            Pending(job),
        ),
        Exchange(
            "a workflow that does not fit the server",
            order,
            queued,
            answer(400, {"error": {"message": "No checkpoint"}, "node_errors": {}}, queued.url),
            Failed("ComfyUI: No checkpoint", charged=False),
        ),
        Exchange(
            "a photo is uploaded first",
            edit,
            upload,
            answer(200, {"name": "tierbook-abababababababab.png"}, upload.url),
            Pending(uploaded, 0.0, "photo uploaded"),
        ),
        polled("then its workflow is queued", uploaded, {"prompt_id": job_id}, Pending(job)),
        polled("waiting", job, {}, Pending(job, note="queued")),
        polled(
            "done",
            job,
            done,
            ReadyAt(f"{base}/view?filename=tierbook_1.png&subfolder=&type=output", 0, job_id),
        ),
        polled(
            "failed",
            job,
            {job_id: {"outputs": {}, "status": {"status_str": "error"}}},
            Failed("ComfyUI could not run the workflow.", charged=False),
        ),
        found("found again", done, Pending(job)),
        found("never arrived", {}, Throttled(0.0, "ComfyUI does not know the job.")),
    )
