"""Did a change make it worse: two runs compared case by case, each gated measure with its own verdict.

    worse         significantly so after correction for how many measures there are, or an exact measure broke
    improved      significantly so after the same correction
    no_worse      neither, and the interval leaves no room for a loss beyond the margin; an exact measure that held
    inconclusive  neither, and there is room: too few cases, or too much noise

Cases about one note are one unit throughout. A margin can only be ruled out with at least 3 / margin notes, since a
loss that touches fewer may simply not have shown (the rule of three; Hanley, Lippman-Hand 1983).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.changes import differences
from eval.measures import MEASURES, Judge, Measure
from eval.rows import Row
from eval.run_file import Run
from eval.stats import Interval, detectable, holm, mcnemar, mean_interval, paired

Verdict = Literal["improved", "no_worse", "worse", "inconclusive"]
Test = Literal["mcnemar", "permutation", "exact"]

LEVEL = 0.05
_UNSEEN = 3.0


@dataclass(frozen=True, slots=True)
class Pairs:
    """A measure's values on the cases that both runs scored, with the clusters of these cases."""

    before: tuple[float, ...]
    after: tuple[float, ...]
    clusters: tuple[str, ...]

    @property
    def units(self) -> int:
        """How many notes there are: what one can be sure of depends on them."""
        return len(set(self.clusters))


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure compared. `difference` is after − before, turned so that more is better; so is the margin's side.

    `p` is corrected for the number of gated measures; `detectable` is the smallest loss or gain that would be found
    four times in five.
    """

    measure: str
    before: Interval
    after: Interval
    difference: Interval
    test: Test
    p: float
    detectable: float
    margin: float
    verdict: Verdict
    gated: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs compared: the verdict, each measure's, how many cases only one of the runs has, what else changed."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    paired: int
    only_before: int
    only_after: int
    changes: tuple[str, ...] = ()


def compare(before: Run, after: Run, margin: float | None = None) -> Comparison:
    """Compare two runs on the cases that are the same in both. `margin` stands in for each measure's own."""
    old, new = _same_cases(before.rows, after.rows)
    found = [(measure, pairs) for measure in MEASURES if (pairs := _pairs(measure.name, old, new)).before]
    gated = [_gates(measure, before, after) for measure, _ in found]
    raw = [_test(pairs) for _, pairs in found]
    wanted = [place for place, (measure, _) in enumerate(found) if gated[place] and not measure.exact]
    corrected = dict(zip(wanted, holm([raw[place][1] for place in wanted]), strict=True))
    findings = tuple(
        _finding(measure, pairs, (raw[place][0], corrected.get(place, raw[place][1])), gated[place], margin)
        for place, (measure, pairs) in enumerate(found)
    )
    return Comparison(
        verdict=overall([finding.verdict for finding in findings if finding.gated]),
        findings=findings,
        paired=len(old),
        only_before=len(before.rows) - len(old),
        only_after=len(after.rows) - len(old),
        changes=differences(before, after),
    )


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on a change: one measure worse is worse, one unsure is unsure."""
    ranks: tuple[Verdict, ...] = ("worse", "inconclusive", "improved")
    for verdict in ranks:
        if verdict in verdicts:
            return verdict
    return "no_worse" if verdicts else "inconclusive"


def _same_cases(before: Sequence[Row], after: Sequence[Row]) -> tuple[dict[str, Row], dict[str, Row]]:
    known = {row.case: row for row in before}
    new = {row.case: row for row in after if row.case in known and known[row.case].digest == row.digest}
    return {case: known[case] for case in new}, new


def _pairs(name: str, old: Mapping[str, Row], new: Mapping[str, Row]) -> Pairs:
    there = []
    for case, row in old.items():
        one, other = row.scores.get(name), new[case].scores.get(name)
        if one and other and one.value is not None and other.value is not None:
            there.append((one.value, other.value, row.cluster))
    return Pairs(tuple(a for a, _, _ in there), tuple(b for _, b, _ in there), tuple(c for _, _, c in there))


def _gates(measure: Measure, before: Run, after: Run) -> bool:
    """Whether it takes part: a judged one only when the same judge, good enough, gave both."""
    return measure.gated and (measure.judge == "none" or same_judge(measure.judge, before, after))


def same_judge(judge: Judge, before: Run, after: Run) -> bool:
    """Whether one judge, measured to be good enough in both runs, gave the scores of both."""
    old, new = ((run.judge or {}).get(judge, {}) for run in (before, after))
    return bool(new.get("calibrated") and old.get("calibrated") and old.get("identity") == new.get("identity"))


def _test(pairs: Pairs) -> tuple[Test, float]:
    """The p-value of "no change": exact McNemar where cases are yes or no and independent, else by permutation."""
    yes_or_no = {*pairs.before, *pairs.after} <= {0.0, 1.0}
    if yes_or_no and pairs.units == len(pairs.clusters):
        return "mcnemar", mcnemar([value == 1 for value in pairs.before], [value == 1 for value in pairs.after])
    return "permutation", paired(pairs.before, pairs.after, pairs.clusters).p


def _finding(measure: Measure, pairs: Pairs, tested: tuple[Test, float], gated: bool, margin: float | None) -> Finding:
    sign = 1.0 if measure.better == "higher" else -1.0
    changes = [sign * (b - a) for a, b in zip(pairs.before, pairs.after, strict=True)]
    difference = mean_interval(changes, pairs.clusters)
    allowed = measure.margin if margin is None else margin
    exact: tuple[Test, float] = ("exact", 1.0)
    test, p = exact if measure.exact else tested
    found = detectable(changes, pairs.clusters)
    return Finding(
        measure=measure.name,
        before=mean_interval(pairs.before, pairs.clusters),
        after=mean_interval(pairs.after, pairs.clusters),
        difference=difference,
        test=test,
        p=p,
        detectable=max(found, _UNSEEN / pairs.units) if found == found else found,
        margin=allowed,
        verdict=_verdict(measure, difference, p, pairs, allowed),
        gated=gated,
    )


def _verdict(measure: Measure, difference: Interval, p: float, pairs: Pairs, margin: float) -> Verdict:
    if measure.exact:
        broke = any(a > b for a, b in zip(pairs.before, pairs.after, strict=True))
        return "worse" if broke else "no_worse"
    within = difference.low > -margin and pairs.units * margin >= _UNSEEN
    if p < LEVEL and difference.mean > 0:
        return "improved"
    if p < LEVEL and difference.mean < 0 and not within:
        return "worse"
    return "no_worse" if within else "inconclusive"
