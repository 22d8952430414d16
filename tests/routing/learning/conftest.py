import pytest

from benchmarks.shop_world import World
from tierbook import configuration
from tierbook.routing.learning import train


@pytest.fixture(scope="session")
def settings():
    return configuration.defaults()


@pytest.fixture(scope="session")
def world(settings):
    return World(settings, seed=1)


@pytest.fixture(scope="session")
def log(world):
    return world.log(world.period(20_000, 0, 180), share=0.15, seed=1)


@pytest.fixture(scope="session")
def router(log, settings):
    trained, problems = train(log, settings)
    assert trained is not None, problems
    return trained
