"""Get an engine ready for a run: its address, its key, or the reason why it cannot work."""

import asyncio

from tierbook.engines.wire import Engine, RemoteEngine
from tierbook.errors import EngineTrouble
from tierbook.generation.keys import base_url, find_key, missing_key
from tierbook.generation.lines import Line
from tierbook.generation.local_pool import LocalPool
from tierbook.generation.making import Reach, RemoteMaker
from tierbook.generation.making_locally import LocalMaker
from tierbook.generation.session import Session


async def open_engine(
    session: Session, line: Line, engine: Engine, pool: LocalPool
) -> RemoteMaker | LocalMaker:
    """Return what makes pictures with an engine; its line is closed where it cannot work."""
    if not isinstance(engine, RemoteEngine):
        line.breaker.close(await asyncio.to_thread(engine.ready))
        return LocalMaker(session, line, engine, pool)
    return RemoteMaker(session, line, await _reach(session, line, engine))


async def _reach(session: Session, line: Line, engine: RemoteEngine) -> Reach:
    environ = session.options.environ
    try:
        address = base_url(engine, environ)
    except EngineTrouble as trouble:
        line.breaker.close(f"{trouble.message} {trouble.fix}")
        return Reach(engine, engine.default_base_url, None)
    if not engine.key_variable:
        return Reach(engine, address, None)
    key = await asyncio.to_thread(find_key, engine.key_variable, environ)
    if key is None:
        line.breaker.close(missing_key(engine))
    else:
        session.redactor.learn(key)
    return Reach(engine, address, key)
