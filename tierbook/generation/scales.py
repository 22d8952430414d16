"""One scale for all angles of a SKU in one placement, so that it keeps its size between them."""

import asyncio
from dataclasses import replace
from typing import TypeAlias

from tierbook.engines.wire import PictureOrder, ScalingEngine
from tierbook.generation.local_pool import LocalPool
from tierbook.generation.photos import Photos
from tierbook.generation.sources import PhotoPlace, UnusableSource

_Group: TypeAlias = tuple[str, int, int, tuple[PhotoPlace, ...]]


class Scales:
    """Measures each SKU's angles once a run, whichever of its pictures is made first.

    All angles count, made before or not, so that a later run comes to the same scale.
    """

    def __init__(self, photos: Photos, pool: LocalPool) -> None:
        self._photos = photos
        self._pool = pool
        self._measured: dict[_Group, asyncio.Task[float | None]] = {}

    async def applied(
        self, engine: ScalingEngine, order: PictureOrder, angles: tuple[PhotoPlace, ...]
    ) -> PictureOrder:
        """Return the order with the scale its SKU's angles share, where they share one.

        Args:
            engine: Makes the picture.
            order: The order of one angle.
            angles: The photos of all of them.
        """
        told = order.facts.get(engine.scale_fact)
        if len(angles) < 2 or told or not engine.scales(order):
            return order
        group = (engine.name, order.width, order.height, angles)
        if group not in self._measured:
            work = self._measure(engine, order, angles)
            self._measured[group] = asyncio.create_task(work)
        scale = await asyncio.shield(self._measured[group])
        if scale is None:
            return order
        return replace(order, facts={**order.facts, engine.scale_fact: f"{scale:.6g}"})

    async def _measure(
        self, engine: ScalingEngine, order: PictureOrder, angles: tuple[PhotoPlace, ...]
    ) -> float | None:
        own = await asyncio.gather(*(self._own(engine, order, angle) for angle in angles))
        return engine.common_scale(own)

    async def _own(
        self, engine: ScalingEngine, order: PictureOrder, angle: PhotoPlace
    ) -> float | None:
        try:
            source = await self._photos.load_as_taken(angle)
        except UnusableSource:
            return None  # its own picture says so
        return await self._pool.measure(engine.name, replace(order, source=source))
