"""What the test modules share: one real server for each module, and two users who know each other."""

import pytest

from laserchat import Server, User


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def anna(server):
    return User(server, "anna")


@pytest.fixture
def ben(server):
    return User(server, "ben")


@pytest.fixture
def conversation(anna, ben):
    return anna.direct(ben)
