"""A labelled card instead of a picture: free, made here, for dry runs of the whole pipeline."""

import io
import textwrap

from tierbook.engines.wire import Capabilities, Failed, PictureOrder, ReadyBytes, Refused

# Okabe-Ito: told apart without colour vision, and named in words on the card too.
_GROUND = (240, 240, 240)
_INK = (40, 40, 40)
_FRAME = (0, 114, 178)


class Placeholder:
    """Draws a card that says which picture belongs here."""

    name = "placeholder"
    provider = "this computer"
    capabilities = Capabilities(
        input_image="optional",
        redraws_product=False,
        charges_on="never",
        concurrency=8,
        per_minute=60_000,
    )

    def ready(self) -> str:
        """Tell that nothing is missing: Pillow comes with Tierbook."""
        return ""

    def make(self, order: PictureOrder) -> ReadyBytes | Refused | Failed:
        """Draw the card in the exact size asked for, as PNG."""
        from PIL import Image, ImageDraw, ImageFont

        card = Image.new("RGB", (order.width, order.height), _GROUND)
        draw = ImageDraw.Draw(card)
        edge = max(2, min(order.width, order.height) // 60)
        draw.rectangle((0, 0, order.width - 1, order.height - 1), outline=_FRAME, width=edge)
        size = max(10, min(order.width, order.height) // 18)
        font = ImageFont.load_default(size=size)
        columns = max(8, int((order.width - 4 * edge) / (size * 0.6)))
        lines = [line for words in _words(order) for line in textwrap.wrap(words, columns) or [""]]
        fitting = lines[: max(1, int((order.height - 4 * edge) / (size * 1.4)))]
        draw.multiline_text(
            (order.width / 2, order.height / 2),
            "\n".join(fitting),
            fill=_INK,
            font=font,
            anchor="mm",
            align="center",
            spacing=size * 0.4,
        )
        content = io.BytesIO()
        card.save(content, "PNG")
        return ReadyBytes(content.getvalue(), 0, notes={"placeholder": "stands in for a picture"})


def _words(order: PictureOrder) -> list[str]:
    named = [str(order.facts.get(heading) or "") for heading in ("SKU", "Placement")]
    return [
        "PLACEHOLDER",
        *(name for name in named if name),
        f"{order.width} x {order.height} px, picture {order.candidate}",
        textwrap.shorten(order.prompt, 160, placeholder=" ..."),
    ]
