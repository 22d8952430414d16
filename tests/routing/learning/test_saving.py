import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tierbook.routing.learning import load, save, seal_of
from tierbook.routing.learning.boosted import fit_boosted
from tierbook.routing.learning.logistic import Design


def test_a_router_comes_back_as_it_was(router, log):
    """Same odds to the last digit, same gates, same seal."""
    again, problems = load(save(router))
    assert problems == []
    codes = router.coding.codes(log, len(log["SKU"]))[:500]
    assert (again.odds(codes) == router.odds(codes)).all()
    assert again.gates == router.gates
    assert again.evidence == router.evidence
    assert seal_of(again) == seal_of(router) == json.loads(save(again))["sha256"]


def test_trees_come_back_as_they_were(router):
    """Gradient boosting is kept as numbers too."""
    draw = np.random.default_rng(0)
    sizes = np.array([feature.size for feature in router.coding.features])
    codes = (draw.random((600, len(sizes))) * sizes).astype(np.int32)
    design = Design(codes, sizes, draw.integers(0, 3, 600), 3)
    boosted = replace(router, boosted=fit_boosted(design, (codes[:, 0] > 3).astype(float)))
    again, _ = load(save(boosted))
    assert "gradient boosting" in again.kind
    assert (again.odds(codes) == boosted.odds(codes)).all()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_file_changed_by_one_byte_is_refused(router, data):
    """Wherever the byte is: either the content is still the same, or there is no router."""
    content = bytearray(save(router))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    again, problems = load(bytes(content))
    if again is not None:
        assert seal_of(again) == seal_of(router)
    else:
        assert problems[0].code == "router-refused"
        assert "rubric" in problems[0].message


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff\xfe", b'{"format": "other"}', b"[" * 100_000, b"null"]
)
def test_what_is_no_router_is_refused(content):
    """Another file, an empty one, a nested one: a warning, never a crash."""
    again, (problem,) = load(content)
    assert again is None
    assert problem.severity == "warning"


def test_a_later_version_is_refused_by_its_number(router):
    """A file of a newer Tierbook says so."""
    content = {**json.loads(save(router)), "version": 99}
    _, (problem,) = load(json.dumps(content).encode())
    assert "99" in problem.message


def test_a_sealed_file_that_misses_a_part_is_refused(router):
    """The seal alone does not make a router."""
    import hashlib

    content = json.loads(save(router))
    del content["logistic"], content["sha256"]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    content["sha256"] = hashlib.sha256(canonical.encode()).hexdigest()
    again, (problem,) = load(json.dumps(content).encode())
    assert again is None
    assert "damaged" in problem.message
