"""Keep a trained router as JSON of its numbers, sealed with their SHA-256; never as code."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, cast

import numpy as np

from tierbook.model import Problem
from tierbook.routing.learning.boosted import Boosted, Tree
from tierbook.routing.learning.features import Coding, Feature
from tierbook.routing.learning.logistic import Logistic
from tierbook.routing.learning.model import CalibrationBin, Evidence, Gate, TrainedRouter
from tierbook.routing.learning.offpolicy import Estimate

FORMAT = "tierbook-learned-router"
VERSION = 2
SEAL_LINE = "Learned router seal"  # the line of the Settings tab that names the router


def save(router: TrainedRouter) -> bytes:
    """Write the router as UTF-8 JSON; the seal covers everything else in it."""
    content = _router(router)
    return json.dumps({"sha256": _seal(content), **content}, indent=1).encode()


def seal_of(router: TrainedRouter) -> str:
    """Give the SHA-256 the saved router bears."""
    return _seal(_router(router))


def record(router: TrainedRouter) -> dict[str, str]:
    """Give what the Settings tab keeps of a trained router: name of the line, and its text."""
    gates = "; ".join(
        f"{gate.name}: {'passed' if gate.passed else 'FAILED'}, {gate.measured}"
        for gate in router.gates
    )
    return {
        "Learned router": "passed its gates" if router.passed else "did not pass its gates",
        SEAL_LINE: seal_of(router),
        "Learned router period": f"{router.learned[0]} to {router.learned[1]}",
        "Learned router gates": gates,
    }


def load(content: bytes) -> tuple[TrainedRouter | None, list[Problem]]:
    """Read a saved router back; a file that was changed, damaged or of another version is refused.

    The rubric goes on deciding where this gives no router.
    """
    try:
        found: Any = json.loads(content)
        if found.get("format") != FORMAT:
            return None, [_refused("This is not a learned router of Tierbook.")]
        if found.get("version") != VERSION:
            return None, [_refused(f"The learned router is of version {found.get('version')}.")]
        if found.pop("sha256", None) != _seal(found):
            return None, [_refused("The file of the learned router was changed after its test.")]
        return _read(found), []
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None, [_refused("The file of the learned router is damaged.")]


def _seal(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _refused(message: str) -> Problem:
    return Problem(
        "router-refused",
        "warning",
        f"{message} The rubric decided instead.",
        "Train it again with `tierbook train`, or restore the file from a backup.",
    )


def _router(router: TrainedRouter) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "features": [asdict(feature) for feature in router.coding.features],
        "tiers": list(router.tiers),
        "logistic": _logistic(router.logistic),
        "boosted": None if router.boosted is None else _boosted(router.boosted),
        "conversion": None if router.conversion is None else _logistic(router.conversion),
        "untried": [list(moves) for moves in router.untried],
        "picture_value": router.picture_value,
        "learned": [day.isoformat() for day in router.learned],
        "tested": [day.isoformat() for day in router.tested],
        "rows": list(router.rows),
        "gates": [asdict(gate) for gate in router.gates],
        "evidence": _plain(asdict(router.evidence)),
        "notes": list(router.notes),
    }


def _plain(value: Any) -> Any:
    """Bring numbers that JSON cannot hold, such as an open end of an interval, to text."""
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value)
        return {name: _plain(member) for name, member in members.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in cast("list[Any]", value)]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def _logistic(model: Logistic) -> dict[str, Any]:
    return {
        "offsets": model.offsets.tolist(),
        "intercept": model.intercept.tolist(),
        "shared": model.shared.tolist(),
        "in_tier": model.in_tier.tolist(),
    }


def _boosted(model: Boosted) -> dict[str, Any]:
    return {
        "start": model.start,
        "tiers": model.tier_count,
        "trees": [
            {
                "asked": tree.asked.tolist(),
                "left": [np.flatnonzero(codes).tolist() for codes in tree.left],
                "leaf": tree.leaf.tolist(),
            }
            for tree in model.trees
        ],
        "codes": model.trees[0].left.shape[1] if model.trees else 0,
    }


def _read(found: Mapping[str, Any]) -> TrainedRouter:
    boosted, conversion = found["boosted"], found["conversion"]
    learned, tested = (
        (date.fromisoformat(first), date.fromisoformat(last))
        for first, last in (found["learned"], found["tested"])
    )
    learned_rows, tested_rows = found["rows"]
    return TrainedRouter(
        coding=Coding(
            tuple(
                Feature(f["heading"], tuple(f["words"]), tuple(f["edges"]))
                for f in found["features"]
            )
        ),
        tiers=tuple(found["tiers"]),
        logistic=_read_logistic(found["logistic"]),
        boosted=None if boosted is None else _read_boosted(boosted),
        conversion=None if conversion is None else _read_logistic(conversion),
        untried=tuple(tuple(moves) for moves in found["untried"]),
        picture_value=found["picture_value"],
        learned=learned,
        tested=tested,
        rows=(learned_rows, tested_rows),
        gates=tuple(Gate(**gate) for gate in found["gates"]),
        evidence=_read_evidence(found["evidence"]),
        notes=tuple(found["notes"]),
    )


def _read_logistic(found: Mapping[str, Any]) -> Logistic:
    return Logistic(
        np.array(found["offsets"], np.intp),
        np.array(found["intercept"], np.float64),
        np.array(found["shared"], np.float64),
        np.array(found["in_tier"], np.float64),
    )


def _read_boosted(found: Mapping[str, Any]) -> Boosted:
    trees: list[Tree] = []
    for tree in found["trees"]:
        left = np.zeros((len(tree["left"]), found["codes"]), np.bool_)
        for node, codes in enumerate(tree["left"]):
            left[node, codes] = True
        leaf = np.array(tree["leaf"], np.float64)
        trees.append(Tree(np.array(tree["asked"], np.intp), left, leaf))
    return Boosted(found["start"], tuple(trees), found["tiers"])


def _read_evidence(found: Mapping[str, Any]) -> Evidence:
    return Evidence(
        auc=float(found["auc"]),
        log_loss=float(found["log_loss"]),
        calibration_error=float(found["calibration_error"]),
        estimates={
            what: {
                name: Estimate(float(e["mean"]), float(e["low"]), float(e["high"]))
                for name, e in by_name.items()
            }
            for what, by_name in found["estimates"].items()
        },
        compared=found["compared"],
        calibration=tuple(CalibrationBin(**entry) for entry in found["calibration"]),
        moved=found["moved"],
    )
