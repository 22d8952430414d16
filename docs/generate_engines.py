"""Write the generated table of `docs/engines.md` from what the engines say of themselves.

Run with `python docs/generate_engines.py` after changing an engine; a test fails while the page is
stale.
"""

from pathlib import Path

from tierbook import engines
from tierbook.engines import Engine, RemoteEngine

PAGE = Path(__file__).parent / "engines.md"
BEGIN, END = "<!-- engines: begin -->", "<!-- engines: end -->"
_CHARGES = {
    "accept": "when it accepts",
    "success": "for a picture",
    "never": "never",
}
_FINDS = {
    "none": "no",
    "by_job_id": "by its job id",
    "by_list": "in its list of requests",
    "by_client_ref": "by our own id",
}


def table() -> str:
    """Return the table of engines, in alphabetical order."""
    lines = [
        "| engine | provider | key | address | photo | charges | a cut-off attempt is "
        "found again | at once | a minute |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_line(engine) for engine in engines.discover().values())])


def _line(engine: Engine) -> str:
    able = engine.capabilities
    key = address = "-"
    if isinstance(engine, RemoteEngine):
        key = f"`{engine.key_variable}`" if engine.key_variable else "none needed"
        address = f"{engine.default_base_url} or `{engine.base_url_variable}`"
    cells = (
        f"`{engine.name}`",
        engine.provider,
        key,
        address,
        able.input_image,
        _CHARGES[able.charges_on],
        "free, so simply made again" if able.charges_on == "never" else _FINDS[able.lookup],
        str(able.concurrency) if isinstance(engine, RemoteEngine) else "one a core",
        str(able.per_minute) if isinstance(engine, RemoteEngine) else "-",
    )
    return f"| {' | '.join(cells)} |"


def page() -> str:
    """Return the page with its table made anew."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
