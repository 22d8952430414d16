"""The engine that needs no key: pictures from the seller's own photo, on their own machine."""

from tierbook import studio
from tierbook.engines.wire import Capabilities, Failed, PictureOrder, ReadyBytes, Refused
from tierbook.errors import TierbookError


class LocalStudio:
    """Cut-outs, mockups, studio scenes and banner drafts; free, offline, the same every time."""

    name = "local_studio"
    provider = "this computer"
    capabilities = Capabilities(
        input_image="required",
        redraws_product=False,
        charges_on="never",
        billed_on_error=False,
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
        from tierbook.studio import model, photo, pictures, steady

        steady.one_thread()
        try:
            network = model.network()
            look = network.look if network else None
            made = pictures.make(order, order.source.content, look, order.source.path)
        except photo.UnusablePhoto as problem:
            return Refused(str(problem), actual_cost=0)
        except TierbookError as error:
            return Failed(f"{error.message} {error.fix}", charged=False, scope="engine")
        return ReadyBytes(made.content, actual_cost=0, notes=made.notes)


ENGINE = LocalStudio()
