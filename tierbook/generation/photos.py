"""Load the seller's photos for orders, each once while it is wanted."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeAlias

from tierbook.engines.wire import SourceImage
from tierbook.generation.desk import Desk
from tierbook.generation.http import Courier, NotFetched
from tierbook.generation.images import NotAPicture, as_taken, source_image
from tierbook.generation.pacing import backoff
from tierbook.generation.sources import PhotoPlace, UnusableSource, read_photo
from tierbook.generation.work import Pace

# Candidates and angles of one row follow each other; more would only fill the memory.
_KEPT = 8
_Prepare: TypeAlias = Callable[[bytes, str], SourceImage]


class Photos:
    """Reads files and fetches addresses; decoded photos of the last few rows are kept."""

    def __init__(self, courier: Courier, desk: Desk, studio: Executor, pace: Pace) -> None:
        self._courier = courier
        self._studio = studio
        self._pace = pace
        self._desk = desk
        self._loading: OrderedDict[tuple[PhotoPlace, _Prepare], asyncio.Task[SourceImage]] = (
            OrderedDict()
        )

    async def load(self, place: PhotoPlace) -> SourceImage:
        """Return a photo, checked, upright, in sRGB and ready to be sent.

        Raises:
            UnusableSource: With words for the row.
        """
        return await self._once(place, source_image)

    async def load_as_taken(self, place: PhotoPlace) -> SourceImage:
        """Return a photo's own bytes, for an engine of this machine.

        Raises:
            UnusableSource: With words for the row.
        """
        return await self._once(place, as_taken)

    async def _once(self, place: PhotoPlace, prepare: _Prepare) -> SourceImage:
        wanted = (place, prepare)
        task = self._loading.get(wanted)
        if task is None:
            task = asyncio.create_task(self._load(place, prepare))
            self._loading[wanted] = task
            while len(self._loading) > _KEPT:
                self._loading.popitem(last=False)
        return await asyncio.shield(task)

    async def _load(self, place: PhotoPlace, prepare: _Prepare) -> SourceImage:
        loop = asyncio.get_running_loop()
        if place.path is not None:
            content = await loop.run_in_executor(self._studio, read_photo, place.path, place.cell)
        else:
            content = await self._fetch(place)
        where = str(place.path) if place.path is not None else ""
        try:
            source = await loop.run_in_executor(self._studio, prepare, content, where)
        except NotAPicture as error:
            raise UnusableSource(f'"{place.cell}" cannot be used: {error}') from error
        if place.url:
            await self._desk(lambda: self._desk.ledger.note_source(place.url, source.sha256))
        return source

    async def _fetch(self, place: PhotoPlace) -> bytes:
        for tries in range(self._pace.tries):
            try:
                return await self._courier.fetch(place.url)
            except NotFetched as error:
                if error.final or error.gone or tries + 1 == self._pace.tries:
                    reason = f'"{place.cell}" cannot be fetched: {error}'
                    raise UnusableSource(reason) from error
            await asyncio.sleep(backoff(tries, self._pace))
        raise UnusableSource(f'"{place.cell}" was not fetched')
