"""Ask a web address how large its picture is, under the same safety as every download."""

import asyncio
import io

from tierbook.generation.http import Courier, MaybeSent, NotFetched, NotSent, ReplyBroken


def size_of_address(url: str) -> tuple[int, int] | None:
    """Return the width and height in pixels, or None where no picture can be had there.

    Only https addresses of the public web are asked; see `http.Courier.fetch`.
    """
    try:
        content = asyncio.run(_fetched(url))
    except (NotFetched, NotSent, MaybeSent, ReplyBroken):
        return None
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            return image.size
    except (OSError, ValueError):
        return None


async def _fetched(url: str) -> bytes:
    async with Courier() as courier:
        return await courier.fetch(url)
