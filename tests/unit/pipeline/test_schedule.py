"""Running jobs side by side: how many, in which order, and what happens when one goes wrong."""

from __future__ import annotations

import threading
import time

import pytest

from gatekeeper.pipeline.schedule import Schedule


def never() -> None:
    pytest.fail("nothing interrupted the schedule")


def test_results_arrive_in_the_thread_that_runs_it() -> None:
    schedule = Schedule(3)
    threads: set[int] = set()
    results: list[object] = []

    def take(result: object) -> None:
        threads.add(threading.get_ident())
        results.append(result)

    for number in range(10):
        schedule.add(1.0, lambda number=number: number * number, take)  # type: ignore[misc]  # mypy infers no default of a lambda
    schedule.run(never)

    assert sorted(map(str, results)) == sorted(str(number * number) for number in range(10))
    assert threads == {threading.get_ident()}


def test_work_is_done_elsewhere() -> None:
    schedule = Schedule(1)
    seen: list[object] = []

    schedule.add(1.0, threading.get_ident, seen.append)
    schedule.run(never)

    assert seen != [threading.get_ident()]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_never_more_at_once_than_workers(workers: int) -> None:
    schedule = Schedule(workers)
    lock = threading.Lock()
    now = 0
    most = 0

    def work() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.03)
        with lock:
            now -= 1

    for _ in range(4 * workers):
        schedule.add(1.0, work, lambda result: None)
    schedule.run(never)

    assert most == workers


@pytest.mark.parametrize("workers", [0, -3])
def test_there_is_always_a_worker(workers: int) -> None:
    schedule = Schedule(workers)
    seen: list[object] = []

    schedule.add(1.0, lambda: "done", seen.append)
    schedule.run(never)

    assert seen == ["done"]


def test_the_longest_goes_first_and_equals_in_the_order_they_came() -> None:
    schedule = Schedule(1)
    order: list[str] = []
    for name, expected in (("short", 0.1), ("long", 9.0), ("middle", 2.0), ("middle too", 2.0)):
        schedule.add(expected, lambda name=name: order.append(name), lambda result: None)  # type: ignore[misc]  # mypy infers no default of a lambda

    schedule.run(never)

    assert order == ["long", "middle", "middle too", "short"]


def test_a_finished_job_may_add_more() -> None:
    schedule = Schedule(2)
    order: list[object] = []

    def first_done(result: object) -> None:
        order.append(result)
        schedule.add(1.0, lambda: "second", order.append)

    schedule.add(1.0, lambda: "first", first_done)
    schedule.run(never)

    assert order == ["first", "second"]


def test_nothing_to_do_is_done_at_once() -> None:
    Schedule(2).run(never)


@pytest.mark.parametrize("error", [ValueError("broken"), SystemExit(3), KeyboardInterrupt()])
def test_an_exception_in_a_job_is_handed_over_and_stops_nobody(error: BaseException) -> None:
    schedule = Schedule(2)
    seen: list[object] = []

    def fail() -> None:
        raise error

    schedule.add(1.0, fail, seen.append)
    schedule.add(1.0, lambda: "fine", seen.append)
    schedule.run(never)

    assert sorted(map(repr, seen)) == sorted((repr(error), "'fine'"))


def test_an_exception_outside_of_jobs_stops_everything() -> None:
    """As Ctrl-C does: what runs is told to stop and awaited, what waits never starts."""
    schedule = Schedule(2)
    stop = threading.Event()
    ended: list[str] = []
    started: list[str] = []

    def slow() -> None:
        stop.wait(20)
        ended.append("slow")

    def interrupt(result: object) -> None:
        raise KeyboardInterrupt

    schedule.add(9.0, slow, lambda result: None)
    schedule.add(8.0, lambda: None, interrupt)
    schedule.add(1.0, lambda: started.append("waiting"), lambda result: None)
    began = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        schedule.run(stop.set)

    assert ended == ["slow"]
    assert started == []
    assert time.monotonic() - began < 15


def test_it_can_be_used_again() -> None:
    schedule = Schedule(1)
    seen: list[object] = []
    for word in ("one", "two"):
        schedule.add(1.0, lambda word=word: word, seen.append)  # type: ignore[misc]  # mypy infers no default of a lambda
        schedule.run(never)

    assert seen == ["one", "two"]
