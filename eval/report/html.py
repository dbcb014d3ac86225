"""A run as one HTML page that needs nothing beside it: tables, pictures, the worst cases with their passages."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from eval import probability, summary
from eval.gate import Comparison
from eval.report import judges, pictures, tables
from eval.report.markdown import made_with
from eval.run_file import Run

_STYLE = Path(__file__).with_name("report.css")


def page(run: Run, found: Comparison | None = None) -> str:
    """The page."""
    title = f"{run.suite} on {run.split}, {run.began:%Y-%m-%d %H:%M} UTC"
    body = "\n".join(_sections(run, found))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE.read_text('utf-8')}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape(made_with(run))}</p>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _sections(run: Run, found: Comparison | None) -> Iterator[str]:
    if found is not None:
        yield f'<h2>Verdict: <span class="{found.verdict}">{found.verdict.replace("_", " ")}</span></h2>'
        yield f"<p>{found.paired} cases paired.</p>{_list(found.changes)}"
        yield _table(tables.COMPARED, tables.compared_rows(found))
    yield "<h2>Measures</h2>" + _table(tables.HEAD, tables.metric_rows(run))
    yield from _refusals(run)
    for measure, title in tables.PICTURED:
        if sliced := tables.slice_rows(run, measure):
            yield f"<h2>By slice: {title}</h2>" + _figure(pictures.intervals(sliced, f"{title}, 95 % interval"))
    if run.judge:
        yield "<h2>Judges</h2>" + _table(judges.HEAD, judges.rows(run))
        yield '<div class="pair">' + _table(("judge", "on statements", "pairs", "right"), judges.right(run))
        drawn = pictures.reliability(judges.bins(run), "P(supported)")
        yield (_figure(drawn, "The one-token judge on labelled pairs: does it mean what it says?") + "</div>")
    if taken := tables.timings(run.rows):
        times = [(n, str(t.n), f"{t.p50:.0f}", f"{t.p95:.0f}") for n, t in summary.latencies(run.rows).items()]
        yield "<h2>Times</h2><p>Reported, never gated.</p>"
        yield _figure(pictures.latency(taken)) + _table(("", "cases", "p50 ms", "p95 ms"), times)
    yield from _worst(run)


def _refusals(run: Run) -> Iterator[str]:
    truths, said, _ = summary.chances(run.rows)
    if not truths:
        return
    total = sum(run.ended.values())
    ended = [(name.replace("_", " "), str(n), f"{n / max(1, total):.1%}") for name, n in run.ended.items()]
    yield "<h2>Answering and refusing</h2>" + _table(("", "questions", "share"), ended) + '<div class="pair">'
    bins = probability.bins(truths, said)
    yield _figure(pictures.reliability(bins, "P(answerable)"), "Does P(answerable) mean what it says? Ten equal bins.")
    points = probability.risk_coverage(*tables.answering(run))
    drawn = pictures.risk_coverage(points, run.data.get("threshold"))
    yield _figure(drawn, "Questions whose best note does not answer them, wherever the line stood.") + "</div>"


def _worst(run: Run) -> Iterator[str]:
    found = tables.worst(run)
    if run.split == "test":
        yield "<h2>Worst cases</h2><p>Those of the test half are not shown: who reads them tunes on them.</p>"
    elif found:
        yield "<h2>Worst cases</h2><p>The surest mistakes first: what was wanted beside what came.</p>"
    for bad in found:
        yield (
            f'<article><h3>{escape(bad.question)}</h3><p class="what">{escape(bad.case)}: {escape(bad.what)}</p>'
            f'<div class="pair"><section><h4>wanted</h4><pre>{escape(bad.wanted)}</pre></section>'
            f"<section><h4>got</h4><pre>{escape(bad.got)}</pre></section></div><p>{escape(bad.beside)}</p></article>"
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Sequence[str], kind: str) -> str:
        return "<tr>" + "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells) + "</tr>"

    return (
        f'<div class="wide"><table><thead>{line(head, "th")}</thead><tbody>'
        + "".join(line(row, "td") for row in rows)
        + "</tbody></table></div>"
    )


def _list(items: Iterable[str]) -> str:
    inner = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{inner}</ul>" if inner else ""


def _figure(svg: str, said: str = "") -> str:
    return f"<figure>{svg}<figcaption>{escape(said)}</figcaption></figure>"
