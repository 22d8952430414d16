"""The engine that needs no key: pictures from the seller's own photo, on their own machine."""

from collections.abc import Sequence

from tierbook import studio
from tierbook.engines.wire import Capabilities, Failed, PictureOrder, ReadyBytes, Refused
from tierbook.errors import TierbookError


class LocalStudio:
    """Cut-outs, mockups, studio scenes and banner drafts; free, offline, the same every time."""

    name = "local_studio"
    provider = "this computer"
    scale_fact = studio.COMMON_SCALE
    capabilities = Capabilities(
        input_image="required",
        redraws_product=False,
        charges_on="never",
        concurrency=8,
        per_minute=60_000,
    )

    def ready(self) -> str:
        """Return "" when it can work, else what is missing and how to add it."""
        return studio.missing()

    def make(self, order: PictureOrder) -> ReadyBytes | Refused | Failed:
        """Make the picture; `notes` carries the checks as JSON under "checks"."""
        absent = studio.missing()
        if absent:
            return Failed(absent, charged=False, scope="engine")
        if order.source is None:
            return Refused(
                "There is no photo to work from. Put its file name in Source image.", actual_cost=0
            )
        from tierbook.studio import mask_cache, model, photo, pictures, steady

        steady.one_thread()
        source, known = order.source, mask_cache.MaskCache(mask_cache.folder())
        try:
            network = model.network()
            look = network.look if network else None
            made = pictures.make(order, source.content, look, source.path, known)
        except photo.UnusablePhoto as problem:
            return Refused(str(problem), actual_cost=0)
        except TierbookError as error:
            return Failed(f"{error.message} {error.fix}", charged=False, scope="engine")
        return ReadyBytes(made.content, actual_cost=0, notes=made.notes)

    def scales(self, order: PictureOrder) -> bool:
        """Tell whether the product is laid on one colour: only there does its size compare."""
        return studio.choose(order) == "cutout"

    def own_scale(self, order: PictureOrder) -> float | None:
        """Measure one angle; its mask is kept, so that its picture costs no second look."""
        from tierbook.studio import mask_cache, model, photo, pictures, steady

        if order.source is None:
            return None
        steady.one_thread()
        source, known = order.source, mask_cache.MaskCache(mask_cache.folder())
        network = model.network()
        look = network.look if network else None
        try:
            return pictures.own_scale(order, source.content, look, source.path, known)
        except photo.UnusablePhoto:
            return None  # its own picture says so

    def common_scale(self, own: Sequence[float | None]) -> float | None:
        """Return the scale at which every angle fits and the largest fills the canvas."""
        return studio.common_scale(own)


ENGINE = LocalStudio()
