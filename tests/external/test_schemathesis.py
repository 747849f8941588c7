"""The served OpenAPI description against the server itself, with `schemathesis`.

Every operation is called with values that fit its description and values that do not. The server may refuse
as it likes, but it never fails, and it answers nothing that its description does not tell of.
"""

import collections

import hypothesis
import pytest
import schemathesis
from schemathesis import checks as check
from schemathesis.specs.openapi import checks as openapi

from laserchat import PATIENCE, User

CHECKS = [
    check.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]

# Keeps the whole run to a minute or two, whatever the description grows to.
MOST_CALLS_PER_OPERATION = 150


@pytest.fixture(scope="module")
def scenes(server):
    """For each operation a scene of its own, since an operation may end the session that calls it."""
    User(server, "owner")
    return collections.defaultdict(lambda: Scene(server))


class Scene:
    """A user with a direct conversation, a channel and a message in each."""

    def __init__(self, server):
        self.user, other = User(server, "caller"), User(server, "other")
        self.direct = self.user.direct(other)
        self.message = self.user.send(self.direct, "first", "first")["id"]
        channel = {"type": "channel", "name": "a channel", "public": True}
        self.channel = self.user.http.post("/conversations", json=channel).json()["id"]
        self.user.send(self.channel, "first", "first")
        self.other = other
        self.calls = 0

    def real_ids(self, path, parameters):
        """The parameters with the ids of things that exist, as far as the path tells what they are."""
        nouns = {
            "conversations": self.channel,
            "messages": self.message,
            "users": self.other.id,
            "members": self.other.id,
            "contacts": self.other.id,
            "blocks": self.other.id,
        }
        parts = path.strip("/").split("/")
        real = dict(parameters)
        for noun, part in zip(parts, parts[1:]):
            name = part.strip("{}")
            if part.startswith("{") and noun in nouns and name in real:
                real[name] = nouns[noun]
        return real


@pytest.fixture(scope="module")
def description(server):
    return schemathesis.openapi.from_url(f"{server.api}/openapi.json")


# The excluded ones answer with a stream that does not end; the other test modules are theirs.
schema = schemathesis.pytest.from_fixture("description").exclude(path_regex=r"/(events|ws)$")

bounded = hypothesis.settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)


def call(case, scene):
    scene.calls += 1
    if scene.calls > MOST_CALLS_PER_OPERATION:
        return
    case.call_and_validate(headers=scene.user.headers, checks=CHECKS, timeout=PATIENCE)


@schema.parametrize()
@bounded
def test_ids_of_nothing(case, scenes):
    call(case, scenes["nothing", case.operation.label])


@schema.parametrize()
@bounded
def test_ids_of_real_things(case, scenes):
    scene = scenes["real", case.operation.label]
    if case.path_parameters:
        case.path_parameters = scene.real_ids(case.operation.path, case.path_parameters)
    call(case, scene)
