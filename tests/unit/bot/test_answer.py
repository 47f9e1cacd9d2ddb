"""An answer is there once, whoever else gives it."""

from __future__ import annotations

import threading

import pytest

from gatekeeper.bot.answer import Answer, answered, reply
from gatekeeper.errors import ForgeError
from tests.fakes.github.hub import Hub

TEXT = Answer("done", "Here you are.")


def test_two_jobs_for_one_comment_leave_one_answer(github: Hub) -> None:
    """GitHub delivers some events twice, and jobs can be started again."""
    number = github.pull({"a.py": "x = 1\n"})
    both = threading.Barrier(2)

    def meet(verb: str, path: str) -> None:
        if verb == "POST" and path.endswith("/comments"):
            both.wait(20)

    github.fake.before.append(meet)
    jobs = [
        threading.Thread(target=reply, args=(github.fake.forge(), number, "7", TEXT, None))
        for _ in range(2)
    ]
    for it in jobs:
        it.start()
    for it in jobs:
        it.join(60)

    (remark,) = github.state.on(number)
    assert remark.body == "<!-- gatekeeper-answer:1 7 -->\nHere you are."


@pytest.mark.parametrize("after", [True, False])
def test_a_lost_answer_is_looked_for(github: Hub, after: bool) -> None:
    number = github.pull({"a.py": "x = 1\n"})
    github.fake.fail("POST", "/comments$", 502, after=after)
    forge = github.fake.forge()

    if after:
        reply(forge, number, "7", TEXT, None)
        assert len(github.state.on(number)) == 1
    else:
        with pytest.raises(ForgeError):
            reply(forge, number, "7", TEXT, None)
        assert github.state.on(number) == []


def test_a_failure_becomes_the_answer_in_its_place(github: Hub) -> None:
    number = github.pull({"a.py": "x = 1\n"})
    forge = github.fake.forge()
    reply(forge, number, "7", Answer("failed", "Not now."), None)
    before, failed = answered(forge.conversation(number), "7")
    assert (before is not None, failed) == (True, True)

    reply(forge, number, "7", TEXT, before)

    after, failed = answered(forge.conversation(number), "7")
    assert after is not None
    assert (after.body.endswith("Here you are."), failed) == (True, False)
    assert answered(forge.conversation(number), "8") == (None, False)


def test_somebody_elses_copy_of_the_mark_is_no_answer(github: Hub) -> None:
    number = github.pull({"a.py": "x = 1\n"})
    github.state.remark(number, "<!-- gatekeeper-answer:1 7 -->\nx", github.state.person("mallory"))

    assert answered(github.fake.forge().conversation(number), "7") == (None, False)
