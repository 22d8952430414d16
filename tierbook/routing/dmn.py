"""Write a rubric as DMN 1.3 XML, which other decision tools read.

Texts become quoted FEEL strings, yes and no become true and false, days become date("..."), an
open cell becomes `-`. FEEL compares text with case, so words stand as the seller wrote them.
The reasons travel as the rules' descriptions, and a diagram is included so that modelling tools
can show it.
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from tierbook.contract import TIER, folded
from tierbook.model import HOLD_TIER, CellValue, Rule
from tierbook.routing.hits import HitPolicy
from tierbook.routing.rubric import CompiledRubric
from tierbook.routing.terms import (
    Anything,
    Day,
    Item,
    NoneOf,
    Number,
    Test,
    Within,
    Word,
    YesNo,
    known,
)
from tierbook.routing.unary import spell_ordered

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
_DC = "http://www.omg.org/spec/DMN/20180521/DC/"
_DI = "http://www.omg.org/spec/DMN/20180521/DI/"
_AGGREGATION = {
    HitPolicy.COLLECT_SUM: "SUM",
    HitPolicy.COLLECT_MIN: "MIN",
    HitPolicy.COLLECT_MAX: "MAX",
    HitPolicy.COLLECT_COUNT: "COUNT",
}
_DECISION = "decision_rubric"


def rubric_dmn(compiled: CompiledRubric) -> str:
    """Write the rules that are switched on as a DMN 1.3 document.

    Args:
        compiled: The rubric; rules with unreadable cells are not in it.
    """
    for prefix, uri in (("", MODEL), ("dmndi", _DMNDI), ("dc", _DC), ("di", _DI)):
        ET.register_namespace(prefix, uri)
    root = ET.Element(
        _tag("definitions"),
        {
            "id": "tierbook_rubric",
            "name": "Rubric",
            "namespace": "urn:tierbook:rubric",
            "exporter": "Tierbook",
        },
    )
    types = _input_types(compiled)
    for at, (heading, kind) in enumerate(zip(compiled.inputs, types, strict=True), start=1):
        data = _add(root, "inputData", id=f"input_{at}", name=feel_name(heading))
        _add(data, "variable", id=f"variable_{at}", name=feel_name(heading), typeRef=kind)
    decision = _add(root, "decision", id=_DECISION, name="Tier of a picture")
    _add(decision, "variable", id="variable_decision", name="Tier of a picture")
    for at in range(1, len(compiled.inputs) + 1):
        need = _add(decision, "informationRequirement", id=f"need_{at}")
        _add(need, "requiredInput", href=f"#input_{at}")
    _decision_table(decision, compiled, types)
    _diagram(root, len(compiled.inputs))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _tag(name: str, space: str = MODEL) -> str:
    return f"{{{space}}}{name}"


def _add(parent: ET.Element, element: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, _tag(element), attributes)


def _text(parent: ET.Element, element: str, text: str, **attributes: str) -> None:
    entry = _add(parent, element, **attributes)
    ET.SubElement(entry, _tag("text")).text = _xml_safe(text)


def _xml_safe(text: str) -> str:
    """Drop the control characters that XML cannot hold."""
    return re.sub(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def feel_name(heading: str) -> str:
    """Make a FEEL name of a heading: letters, digits and underscores."""
    name = re.sub(r"\W+", "_", heading).strip("_") or "input"
    return f"_{name}" if name[0].isdigit() else name


def _decision_table(decision: ET.Element, compiled: CompiledRubric, types: Sequence[str]) -> None:
    policy = compiled.policy
    attributes = {"id": "table", "hitPolicy": policy.value.split(" ")[0]}
    if policy in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER):
        attributes["hitPolicy"] = policy.value
    if policy in _AGGREGATION:
        attributes["aggregation"] = _AGGREGATION[policy]
    table = _add(decision, "decisionTable", **attributes)
    for at, (heading, kind) in enumerate(zip(compiled.inputs, types, strict=True), start=1):
        column = _add(table, "input", id=f"column_{at}", label=_xml_safe(heading))
        _text(column, "inputExpression", feel_name(heading), id=f"expression_{at}", typeRef=kind)
    for at, heading in enumerate(compiled.rubric.outputs, start=1):
        _output(table, compiled, at, heading)
    for at, rule in enumerate(compiled.rules, start=1):
        _rule(table, at, rule.rule, [feel(test) for test in rule.tests])


def _output(table: ET.Element, compiled: CompiledRubric, at: int, heading: str) -> None:
    output = _add(
        table,
        "output",
        id=f"output_{at}",
        label=_xml_safe(heading),
        name=feel_name(heading),
        typeRef="string",
    )
    if folded(heading) == folded(TIER):
        tiers = sorted({rule.answer.tier for rule in compiled.rules} - {HOLD_TIER}, reverse=True)
        holds = any(rule.answer.tier == HOLD_TIER for rule in compiled.rules)
        # The most careful first: this is also the order that hit policy Priority needs.
        words = [*(["HOLD"] if holds else []), *map(str, tiers)]
        _text(output, "outputValues", ",".join(map(feel_string, words)), id=f"values_{at}")


def _rule(table: ET.Element, number: int, rule: Rule, entries: Sequence[str]) -> None:
    element = _add(table, "rule", id=f"rule_{number}")
    # More tools read a rule's description than DMN 1.3's annotation columns.
    reason = f"{rule.name}: {rule.why}" if rule.why else rule.name
    ET.SubElement(element, _tag("description")).text = _xml_safe(reason)
    for at, entry in enumerate(entries, start=1):
        _text(element, "inputEntry", entry, id=f"rule_{number}_if_{at}")
    for at, cell in enumerate(rule.then, start=1):
        _text(element, "outputEntry", _feel_value(cell), id=f"rule_{number}_then_{at}")


def _feel_value(cell: CellValue) -> str:
    seen = known(cell)
    if seen is None or seen == "-":
        return "null"
    if isinstance(seen, bool):
        return "true" if seen else "false"
    return feel_string(str(seen).strip())  # a day spells itself year-month-day


# --------------------------------------------------------------------------- FEEL


def feel(test: Test) -> str:
    """Write a test as FEEL unary tests."""
    if isinstance(test, Anything):
        return "-"
    listed = ",".join(map(_feel_item, test.items))
    return f"not({listed})" if isinstance(test, NoneOf) else listed


def feel_string(text: str) -> str:
    """Quote text for FEEL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _feel_item(item: Item) -> str:
    if isinstance(item, Word):
        return feel_string(item.text)
    if isinstance(item, YesNo):
        return "true" if item.value else "false"
    if isinstance(item, Number | Day):
        return _feel_ordered(item)
    if item.low is None or item.high is None:
        return _one_sided(item)
    opening, closing = "[" if item.low_closed else "(", "]" if item.high_closed else ")"
    return f"{opening}{_feel_ordered(item.low)}..{_feel_ordered(item.high)}{closing}"


def _one_sided(item: Within) -> str:
    end = item.low or item.high
    assert end is not None  # noqa: S101  a range has an end
    sign = ">" if item.low else "<"
    closed = item.low_closed if item.low else item.high_closed
    return f"{sign}{'=' if closed else ''} {_feel_ordered(end)}"


def _feel_ordered(item: Number | Day) -> str:
    text = spell_ordered(item)
    return f'date("{text}")' if isinstance(item, Day) else text


def _input_types(compiled: CompiledRubric) -> list[str]:
    return [
        _type_of([rule.tests[at] for rule in compiled.rules]) for at in range(len(compiled.inputs))
    ]


def _type_of(tests: Sequence[Test]) -> str:
    names = {Word: "string", Number: "number", Day: "date", YesNo: "boolean"}
    kinds = {
        names[type((item.low or item.high) if isinstance(item, Within) else item)]  # type: ignore[index]
        for test in tests
        if not isinstance(test, Anything)
        for item in test.items
    }
    return kinds.pop() if len(kinds) == 1 else "Any" if kinds else "string"


# --------------------------------------------------------------------------- diagram

_WIDTH, _HEIGHT, _STEP = 140, 50, 170


def _diagram(root: ET.Element, inputs: int) -> None:
    """Draw the decision above its inputs, with an arrow from each."""
    dmndi = ET.SubElement(root, _tag("DMNDI", _DMNDI))
    diagram = ET.SubElement(dmndi, _tag("DMNDiagram", _DMNDI), {"id": "diagram"})
    middle = max(inputs - 1, 0) * _STEP // 2
    _shape(diagram, _DECISION, middle, 0)
    for at in range(1, inputs + 1):
        _shape(diagram, f"input_{at}", (at - 1) * _STEP, 200)
    for at in range(1, inputs + 1):
        edge = ET.SubElement(
            diagram, _tag("DMNEdge", _DMNDI), {"id": f"edge_{at}", "dmnElementRef": f"need_{at}"}
        )
        start = ((at - 1) * _STEP + _WIDTH // 2, 200)
        for x, y in (start, (middle + _WIDTH // 2, _HEIGHT)):
            ET.SubElement(edge, _tag("waypoint", _DI), {"x": str(x), "y": str(y)})


def _shape(diagram: ET.Element, element: str, x: int, y: int) -> None:
    shape = ET.SubElement(
        diagram, _tag("DMNShape", _DMNDI), {"id": f"shape_{element}", "dmnElementRef": element}
    )
    bounds = {"x": str(x), "y": str(y), "width": str(_WIDTH), "height": str(_HEIGHT)}
    ET.SubElement(shape, _tag("Bounds", _DC), bounds)
