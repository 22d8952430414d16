"""The rubric as one DuckDB query, for a catalog that lives in DuckDB; pure text.

The query says what the rubric says. What a person says of a row (Action, Tier override) is not
in it, nor are prices. Text is compared without width, case and repeated spaces.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from tierbook import contract
from tierbook.contract import folded
from tierbook.model import HOLD_TIER, NO_TIER, Configuration
from tierbook.routing.deciding import Settled, settle
from tierbook.routing.hits import HitPolicy
from tierbook.routing.inputs import placements_by_name
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.sql_folding import SPACES, folded_in_sql, quoted
from tierbook.routing.terms import (
    GROUPED_NUMBER,
    PLAIN_NUMBER,
    Anything,
    Day,
    Item,
    NoneOf,
    Number,
    Test,
    Within,
    Word,
    YesNo,
    fold,
)

Kind: TypeAlias = Literal["text", "integer", "float", "boolean", "date"]

_DECIMAL: Final = "DECIMAL(38, 12)"
_DECIMAL_DIGITS: Final = (26, 12)
_CAREFUL: Final = (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER, HitPolicy.COLLECT_MAX)
_KINDS: Final[Mapping[str, Kind]] = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "FLOAT": "float",
    "DOUBLE": "float",
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
         "UINTEGER", "UBIGINT", "DECIMAL"), "integer",
    ),
}  # fmt: skip


def kind_of(duckdb_type: str) -> Kind:
    """Name the kind of a column from DuckDB's word for its type, as `DESCRIBE` gives it."""
    name = duckdb_type.upper().partition("(")[0]
    return "date" if name.startswith("TIMESTAMP") else _KINDS.get(name, "text")


def sql(
    compiled: CompiledRubric,
    configuration: Configuration,
    columns: Mapping[str, Kind] | None = None,
    *,
    table: str = "requests",
    fill: bool = True,
) -> str:
    """Write the query that decides every row of a table.

    Args:
        compiled: The rubric.
        configuration: Its tiers and placements.
        columns: The table's columns and their kinds; without it, the contract's headings as text.
        table: The table's name, or any DuckDB expression after FROM, as `'catalog.parquet'`.
        fill: Take what is blank from the placement, as is done where a table is read.

    Returns:
        A SELECT of every column of the table with `Rule`, `Tier`, `Prompt template`, `Lane`,
        `Queue priority` and `Engine` behind it; all NULL where no rule fits.
    """
    known = columns or dict.fromkeys(contract.REQUEST_INPUTS, "text")
    inputs = _inputs(compiled, configuration, known, table, fill=fill)
    tests = [" AND ".join(_conditions(rule.tests, inputs)) or "TRUE" for rule in compiled.rules]
    seen = ",\n    ".join(f"{one.value} AS {one.name}" for one in inputs) or "0 AS _in"
    typed = [f"{text} AS {one.name}{kind}" for one in inputs for kind, text in one.readings()]
    also = "".join(f",\n    {one}" for one in typed)
    settled = [settle(configuration, r.answer, r.answer.tier) for r in compiled.rules]
    outputs = ",\n  ".join(_outputs(compiled, settled))
    own = [one.name + kind for one in inputs for kind in ("", *(k for k, _ in one.readings()))]
    ours = ", ".join([*(own or ["_in"]), "_rule"])
    # A query is what this module is for; names and words from cells are quoted.
    return (
        f"WITH _seen AS (\n  SELECT *,\n    {seen}\n  FROM {table}\n),\n"  # noqa: S608
        f"_typed AS (\n  SELECT *{also}\n  FROM _seen\n),\n"
        f"_fired AS (\n  SELECT *,\n    {_winner(compiled, tests)} AS _rule\n  FROM _typed\n)\n"
        f"SELECT\n  * EXCLUDE ({ours}),\n  {outputs}\n"
        "FROM _fired\n"
    )


# --------------------------------------------------------------------------- inputs


@dataclass(frozen=True, slots=True)
class _Input:
    """An IF column: its name in the query, the expression it stands for, and its kind."""

    name: str
    value: str
    kind: Kind
    numeric: bool
    dated: bool
    words: frozenset[str]

    def readings(self) -> Iterator[tuple[str, str]]:
        """Yield what a text may also be read as, where a rule asks for it."""
        if self.kind != "text":
            return
        yield "t", folded_in_sql(self.name, self.words)
        if self.numeric:
            yield "n", _number_in(f"trim({self.name})")
        if self.dated:
            ymd = quoted(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
            trimmed = f"trim({self.name})"
            yield (
                "d",
                (
                    f"CASE WHEN regexp_full_match({trimmed}, {ymd}) "
                    f"THEN TRY_CAST({trimmed} AS DATE) END"
                ),
            )


def _inputs(
    compiled: CompiledRubric,
    configuration: Configuration,
    columns: Mapping[str, Kind],
    table: str,
    *,
    fill: bool,
) -> list[_Input]:
    by_key = {folded(name): name for name in columns}
    inputs: list[_Input] = []
    for at, heading in enumerate(compiled.inputs):
        name = by_key.get(folded(heading))
        value, kind = _value(heading, name, columns, by_key, configuration, table)
        placement = by_key.get(folded(contract.PLACEMENT))
        if fill and placement is not None:
            value, kind = _filled(heading, value, kind, placement, configuration)
        items = [item for rule in compiled.rules for item in _items(rule.tests[at])]
        inputs.append(
            _Input(
                f"_in{at}",
                value,
                kind,
                any(_compares(item, Number) for item in items),
                any(_compares(item, Day) for item in items),
                frozenset(word for item in items for word in _words(item)),
            )
        )
    return inputs


def _value(
    heading: str,
    name: str | None,
    columns: Mapping[str, Kind],
    by_key: Mapping[str, str],
    configuration: Configuration,
    table: str,
) -> tuple[str, Kind]:
    if name is not None:
        return _not_blank(name, columns[name]), columns[name]
    if folded(heading) == folded(contract.PLACEMENT_GROUP):
        placement = by_key.get(folded(contract.PLACEMENT))
        return _group(placement, configuration) if placement else "NULL::VARCHAR", "text"
    if folded(heading) == folded(contract.HAS_PHOTO):
        source = by_key.get(folded(contract.SOURCE_IMAGE))
        if source is None:
            return "NULL::BOOLEAN", "boolean"
        named = f"{_not_blank(source, columns[source])} IS NOT NULL"
        # Where no row names a photo nobody has said anything of photos: unknown, not missing.
        any_named = f"(SELECT bool_or({named}) FROM {table})"  # noqa: S608 - as above
        return f"CASE WHEN {any_named} THEN {named} END", "boolean"
    return "NULL::VARCHAR", "text"


def _filled(
    heading: str, value: str, kind: Kind, placement: str, configuration: Configuration
) -> tuple[str, Kind]:
    """Put what the placement knows of its pictures where the row says nothing."""
    known = {folded(name): attribute for name, attribute in contract.FROM_PLACEMENT.items()}
    attribute = known.get(folded(heading))
    if attribute is None:
        return value, kind
    facts = {
        name: str(getattr(place, attribute))
        for name, place in placements_by_name(configuration).items()
        if getattr(place, attribute)
    }
    if not facts:
        return value, kind
    cases = " ".join(f"WHEN {quoted(name)} THEN {quoted(fact)}" for name, fact in facts.items())
    fact = f"CASE {folded_in_sql(_not_blank(placement, 'text'), facts)} {cases} END"
    wanted = {"integer": "BIGINT", "float": "DOUBLE"}.get(kind, "VARCHAR")
    return f"coalesce({value}, CAST({fact} AS {wanted}))", kind


def _not_blank(name: str, kind: Kind) -> str:
    column = f'"{name.replace(chr(34), chr(34) * 2)}"'
    if kind == "text":
        text = f"{column}::VARCHAR"
        return f"CASE WHEN regexp_matches({text}, {quoted(_NOT_SPACE)}) THEN {text} END"
    if kind == "float":
        # NaN is a blank; a short float counts as the decimal it prints as.
        return f"CASE WHEN NOT isnan({column}) THEN {column}::VARCHAR::DOUBLE END"
    return f"{column}::DATE" if kind == "date" else column


_NOT_SPACE: Final = SPACES.replace("[", "[^", 1).removesuffix("+")


def _group(placement: str, configuration: Configuration) -> str:
    value, places = _not_blank(placement, "text"), placements_by_name(configuration)
    cases = " ".join(
        f"WHEN {quoted(name)} THEN {quoted(place.group)}" for name, place in places.items()
    )
    return f"CASE {folded_in_sql(value, places)} {cases} ELSE {value} END" if cases else value


def _number_in(text: str) -> str:
    """Read text as a number when it can be nothing else, as `terms.number_in` does."""
    either = quoted(f"(?:{PLAIN_NUMBER.pattern})|(?:{GROUPED_NUMBER.pattern})")
    bare = f"TRY_CAST(regexp_replace({text}, '[$€£,%\\s]', '', 'g') AS {_DECIMAL})"
    percent = f"CASE WHEN ends_with({text}, '%') THEN {bare} * 0.01 ELSE {bare} END"
    return f"CASE WHEN regexp_full_match({text}, {either}) THEN {percent} END"


# --------------------------------------------------------------------------- tests


def _items(test: Test) -> tuple[Item, ...]:
    return () if isinstance(test, Anything) else test.items


def _words(item: Item) -> tuple[str, ...]:
    """List what the item compares a text with, folded."""
    match item:
        case Word(text):
            return (fold(text),)
        case YesNo(value):
            return ("yes", "true") if value else ("no", "false")
        case _:
            return ()


def _compares(item: Item, kind: type[Number] | type[Day]) -> bool:
    if isinstance(item, Within):
        return isinstance(item.low if item.low is not None else item.high, kind)
    return isinstance(item, kind)


def _conditions(tests: Sequence[Test], inputs: Sequence[_Input]) -> Iterator[str]:
    for test, one in zip(tests, inputs, strict=True):
        if isinstance(test, Anything):
            continue
        fitting = " OR ".join(f"coalesce({_fits(item, one)}, FALSE)" for item in test.items)
        if not isinstance(test, NoneOf):
            yield f"({fitting})"
            continue
        # A value without a place on the scale of a range passes no "not" of that range.
        scales = {_scale(item, one) for item in test.items if isinstance(item, Within)}
        there = " AND ".join(f"{scale} IS NOT NULL" for scale in sorted({one.name} | scales))
        yield f"({there} AND NOT ({fitting}))"


def _fits(item: Item, one: _Input) -> str:
    match item:
        case Word(text):
            return f"{one.name}t = {quoted(fold(text))}" if one.kind == "text" else "FALSE"
        case YesNo(value):
            if one.kind == "boolean":
                return one.name if value else f"NOT {one.name}"
            words = ", ".join(map(quoted, _words(item)))
            return f"{one.name}t IN ({words})" if one.kind == "text" else "FALSE"
        case Number(value):
            return f"{_number_column(one)} = {_number(value)}"
        case Day(value):
            return f"{_day_column(one)} = {_day(value)}"
        case Within():
            return _inside(item, one)


def _inside(item: Within, one: _Input) -> str:
    scale, parts = _scale(item, one), list[str]()
    for end, sign in (
        (item.low, ">=" if item.low_closed else ">"),
        (item.high, "<=" if item.high_closed else "<"),
    ):
        if end is not None:
            bound = _number(end.value) if isinstance(end, Number) else _day(end.value)
            parts.append(f"{scale} {sign} {bound}")
    return " AND ".join(parts)


def _scale(item: Within, one: _Input) -> str:
    return _number_column(one) if _compares(item, Number) else _day_column(one)


def _number_column(one: _Input) -> str:
    if one.kind == "text":
        return f"{one.name}n"
    return one.name if one.kind in ("integer", "float") else "NULL::DOUBLE"


def _day_column(one: _Input) -> str:
    if one.kind == "text":
        return f"{one.name}d"
    return one.name if one.kind == "date" else "NULL::DATE"


def _number(value: Decimal) -> str:
    whole, decimals = _DECIMAL_DIGITS
    written = format(value, "f")
    before, _, after = written.lstrip("-").partition(".")
    if len(before) <= whole and len(after.rstrip("0")) <= decimals:
        return written
    return f"CAST('{value}' AS DOUBLE)"


def _day(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


# --------------------------------------------------------------------------- hit policy, outputs


def _winner(compiled: CompiledRubric, tests: Sequence[str]) -> str:
    """Choose the deciding rule, as `firing.winning_rules` does; NULL where none does."""
    rules = [(at, rule.answer) for at, rule in enumerate(compiled.rules)]
    if not rules:
        return "NULL::INTEGER"
    if compiled.policy in _CAREFUL:
        rules.sort(key=lambda one: (one[1].tier != HOLD_TIER, -one[1].tier))
    elif compiled.policy is HitPolicy.COLLECT_MIN:
        rules.sort(key=lambda one: (one[1].tier == HOLD_TIER, one[1].tier))
    cases = "\n      ".join(f"WHEN {tests[at]} THEN {at}" for at, _ in rules)
    several = ""
    if compiled.policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
        alike: dict[object, list[str]] = {}
        for at, answer in rules:
            key = answer if compiled.policy is HitPolicy.ANY else at
            alike.setdefault(key, []).append(tests[at])
        counted = " + ".join(
            f"(CASE WHEN {' OR '.join(f'({one})' for one in group)} THEN 1 ELSE 0 END)"
            for group in alike.values()
        )
        several = f"WHEN {counted} > 1 THEN NULL\n      "
    return f"CASE\n      {several}{cases}\n    END"


def _outputs(compiled: CompiledRubric, settled: Sequence[Settled]) -> Iterator[str]:
    tiers = [rule.answer.tier for rule in compiled.rules]
    held = [tier in (HOLD_TIER, NO_TIER) for tier in tiers]
    spelled = [contract.HOLD if tier == HOLD_TIER else str(tier) for tier in tiers]

    def chosen(heading: str, values: Sequence[str | None]) -> str:
        cases = " ".join(
            f"WHEN {at} THEN {value}" for at, value in enumerate(values) if value is not None
        )
        column = f'"{heading}"'
        return f"CASE _rule {cases} END AS {column}" if cases else f"NULL AS {column}"

    def texts(pick: Sequence[str]) -> list[str | None]:
        return [None if held[at] else quoted(text) for at, text in enumerate(pick)]

    yield chosen(contract.RULE, [quoted(name) for name in compiled.names()])
    yield chosen(contract.TIER, [quoted(tier) for tier in spelled])
    yield chosen(contract.PROMPT_TEMPLATE, texts([one.template for one in settled]))
    yield chosen(contract.LANE, texts([one.lane for one in settled]))
    yield chosen(
        contract.QUEUE_PRIORITY,
        [None if held[at] else str(one.queue) for at, one in enumerate(settled)],
    )
    yield chosen(contract.ENGINE, texts([one.engine for one in settled]))
