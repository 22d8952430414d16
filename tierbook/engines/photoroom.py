"""Photoroom: cut-outs (segment) and edits, answered with the picture's own bytes.

The two operations live on two hosts; a base address set by the seller serves both. The header
`x-uncertainty-score` says how sure the cut-out is, for the row's quality check.
"""

import json

from tierbook.contract import BACKGROUND
from tierbook.engines import replies
from tierbook.engines.examples import PHOTO, PIXEL, example_order
from tierbook.engines.remote import RemoteDefaults
from tierbook.engines.replies import Detail, ErrorMessage
from tierbook.engines.wire import (
    Capabilities,
    Exchange,
    Failed,
    HttpReply,
    HttpRequest,
    Outcome,
    PictureOrder,
    ReadyBytes,
    Throttled,
)

_SEGMENT_BASE_URL = "https://sdk.photoroom.com"
_UNSURE = 0.5
_WHITE = "FFFFFF"


class _Declined(Detail, ErrorMessage):
    pass


class Photoroom(RemoteDefaults):
    """Photoroom's segment and edit operations."""

    name = "photoroom"
    provider = "Photoroom"
    key_variable = "PHOTOROOM_API_KEY"
    base_url_variable = "PHOTOROOM_BASE_URL"
    default_base_url = "https://image-api.photoroom.com"
    key_header = ("x-api-key", "")
    own_hosts = (".photoroom.com",)
    capabilities = Capabilities(
        input_image="required",
        redraws_product=False,
        charges_on="success",
        concurrency=4,
        per_minute=60,
        read_timeout=120.0,
    )

    def submit(self, order: PictureOrder, base_url: str) -> HttpRequest:
        """Build the request that makes the picture."""
        if order.source is None:
            raise ValueError("Photoroom works on a photo")
        file = "source.png" if order.source.media_type == "image/png" else "source.jpg"
        photo = (file, order.source.content, order.source.media_type)
        if order.model == "segment":
            host = _SEGMENT_BASE_URL if base_url == self.default_base_url else base_url
            form = {"format": "png", "size": "full", "crop": "false"}
            if _plain(order):
                form["bg_color"] = f"#{_plain(order)}"
            return HttpRequest(
                "POST", f"{host}/v1/segment", form=form, files=(("image_file", photo),)
            )
        plain = _plain(order)
        ground = {"background.color": plain} if plain else {"background.prompt": order.prompt}
        form = {
            **ground,
            "background.seed": str(order.seed),
            "outputSize": f"{order.width}x{order.height}",
            "padding": "0.1",
            "export.format": "png",
        }
        if plain:
            del form["background.seed"]
        return HttpRequest("POST", f"{base_url}/v2/edit", form=form, files=(("imageFile", photo),))

    def read_submit(self, order: PictureOrder, reply: HttpReply) -> Outcome:
        """Read the picture's bytes, or why there are none."""
        if reply.status != 200:
            declined = replies.read_or_blank(_Declined, reply)
            return replies.failure(reply, "Photoroom", declined.said.message or declined.words)
        if not reply.content:
            return Failed("Photoroom answered without a picture.", charged=True)
        return ReadyBytes(reply.content, notes=_sureness(reply))

    def examples(self) -> tuple[Exchange, ...]:
        """Return example exchanges."""
        return _examples()


def _plain(order: PictureOrder) -> str:
    """Give the one colour behind the product, without `#`; "" where a scene is wanted."""
    ground = str(order.facts.get(BACKGROUND) or "")
    if ground in ("solid", "brand") and order.brand_colours:
        return order.brand_colours[0].lstrip("#").upper()
    return _WHITE if ground in ("", "white", "solid", "brand") else ""


def _sureness(reply: HttpReply) -> dict[str, str]:
    stated = reply.headers.get("x-uncertainty-score", "")
    try:
        unsure = float(stated)
    except ValueError:
        return {}
    if unsure <= _UNSURE:
        return {}
    return {"cut-out": f"The edge of the cut-out is unsure ({unsure:.2f}); look at it."}


def _examples() -> tuple[Exchange, ...]:
    facts = {"SKU": "MUG-BLU-11", BACKGROUND: "white"}
    cut = example_order("segment", source=PHOTO, operation="cutout", facts=facts)
    scene = example_order(
        "edit", source=PHOTO, operation="replace_bg", facts={**facts, BACKGROUND: "scene"}
    )
    brand = example_order(
        "edit",
        source=PHOTO,
        operation="replace_bg",
        facts={**facts, BACKGROUND: "brand"},
        brand_colours=("#0072b2",),
    )
    photo = ("source.png", PIXEL, "image/png")
    segment = HttpRequest(
        "POST",
        f"{_SEGMENT_BASE_URL}/v1/segment",
        form={"format": "png", "size": "full", "crop": "false", "bg_color": "#FFFFFF"},
        files=(("image_file", photo),),
    )

    def edit(**ground: str) -> HttpRequest:
        return HttpRequest(
            "POST",
            "https://image-api.photoroom.com/v2/edit",
            form={
                **{name.replace("_", "."): value for name, value in ground.items()},
                "outputSize": "1024x1024",
                "padding": "0.1",
                "export.format": "png",
            },
            files=(("imageFile", photo),),
        )

    def error(status: int, words: str) -> HttpReply:
        return HttpReply(status, {}, json.dumps({"error": {"message": words}}).encode())

    return (
        Exchange(
            "a cut-out",
            cut,
            segment,
            HttpReply(200, {"x-uncertainty-score": "0.1"}, PIXEL),
            ReadyBytes(PIXEL),
        ),
        Exchange(
            "a cut-out with an unsure edge",
            cut,
            segment,
            HttpReply(200, {"x-uncertainty-score": "0.62"}, PIXEL),
            ReadyBytes(
                PIXEL, notes={"cut-out": "The edge of the cut-out is unsure (0.62); look at it."}
            ),
        ),
        Exchange(
            "a scene from words",
            scene,
            edit(background_prompt=scene.prompt, background_seed="7"),
            HttpReply(200, {}, PIXEL),
            ReadyBytes(PIXEL),
        ),
        Exchange(
            "a brand colour",
            brand,
            edit(background_color="0072B2"),
            HttpReply(429, {}, b""),
            Throttled(reason="Photoroom: answered with status 429"),
        ),
        Exchange(
            "no credit",
            cut,
            segment,
            error(402, "No images left"),
            Failed(
                "Photoroom says the account has no credit left: No images left",
                charged=False,
                scope="engine",
            ),
        ),
    )
