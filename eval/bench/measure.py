"""Timed calls and what they come to. The clocks are arguments."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]
# Does the work on the question of that number.
Call = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of wall clock of equal calls; `cpu_ms` is processor time a call, of all threads of this process."""

    count: int
    p50: float
    p95: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How often to call: `warm` calls that do not count, then `rounds` of `calls`.

    A contender that has used up `seconds` stops, once it has been through the warm-up and one round.
    """

    warm: int = 3
    rounds: int = 10
    calls: int = 10
    seconds: float = 20.0

    @property
    def questions(self) -> int:
        """Different ones that are needed, so that nothing is asked twice."""
        return self.warm + self.rounds * self.calls


def percentile(values: Sequence[float], share: float) -> float:
    """Between the two values nearest to that share of the sorted values, as numpy has it."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def times(seconds: Sequence[float], cpu: float = 0.0) -> Times:
    """What measured calls come to; `cpu` is the processor time of all of them together."""
    in_ms = [1000 * value for value in seconds]
    return Times(len(in_ms), percentile(in_ms, 0.5), percentile(in_ms, 0.95), 1000 * cpu / len(in_ms))


def race(
    contenders: Mapping[str, Call],
    plan: Plan,
    clock: Clock = time.perf_counter,
    processor: Clock = time.process_time,
) -> dict[str, Times]:
    """Time the contenders in turns, so that a machine that slows down in between slows them all."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    used = dict.fromkeys(contenders, 0.0)
    for call in contenders.values():
        for number in range(plan.warm):
            call(plan.questions - 1 - number)
    for turn in range(plan.rounds):
        for name, call in contenders.items():
            if turn and sum(taken[name]) > plan.seconds:
                continue
            before = processor()
            for number in range(turn * plan.calls, (turn + 1) * plan.calls):
                began = clock()
                call(number)
                taken[name].append(clock() - began)
            used[name] += processor() - before
    return {name: times(values, used[name]) for name, values in taken.items()}
