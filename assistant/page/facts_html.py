"""The Settings tab as HTML: choices as native radio buttons, facts as tables, and the form that deletes everything."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from assistant.engine.state import EngineState
from assistant.page.facts import Reached, Remark, Root, Sizes
from assistant.page.markdown import one_line
from assistant.page.status import show_engine
from assistant.page.words import Words
from assistant.page.words_ingest import reason
from config.settings import POINTS, AnswerLanguage, Settings

_UNITS = (("gigabytes", 1e9), ("megabytes", 1e6), ("kilobytes", 1e3))


def show_answering(settings: Settings, words: Words) -> str:
    """The operating points, each with what it does and what it did on test questions."""
    said = words.settings_tab
    rows = []
    for name, point in POINTS.items():
        measured = said.measured.format(point.answered, point.answerable, point.let_through, point.others)
        more = f'<span class="does">{getattr(said, f"{name}_does")}</span><span class="aside">{measured}</span>'
        rows.append(_radio("point", name, getattr(said, name), more, chosen=name == settings.retrieve.point))
    body = f'{_group(said.answering, rows)}<p class="aside">{said.measured_hint}</p>'
    return _section(said.answering, said.answering_hint, body)


def show_languages(settings: Settings, page: str, words: Words) -> str:
    """The page's language (`browser`, or the one chosen) and that of answers."""
    said = words.settings_tab
    pages = (("browser", said.by_browser), ("ru", said.russian), ("en", said.english))
    answers: tuple[tuple[AnswerLanguage, str], ...]
    answers = (("question", said.as_asked), ("ru", said.russian), ("en", said.english))
    one = [_radio("page", value, label, chosen=value == page) for value, label in pages]
    other = [_radio("answer", value, label, chosen=value == settings.answer.language) for value, label in answers]
    body = f"{_titled(said.page_language, one)}{_titled(said.answer_language, other)}"
    return _section(said.languages, said.answer_language_hint, body)


def show_indexed(roots: Sequence[Root], remarks: Sequence[Remark], words: Words) -> str:
    """What was taken in, and what was odd about it."""
    said = words.settings_tab
    if not roots:
        return _section(said.indexed, "", f'<p class="aside">{said.indexed_nothing}</p>')
    head = (said.folder, said.files_column, said.notes_column)
    cells = [(_root(root, words), str(root.files), str(root.notes)) for root in roots]
    below = f'<p class="aside">{said.no_warnings}</p>'
    if remarks:
        items = "".join(f"<li>{_remark(remark, words)}</li>" for remark in remarks)
        below = (
            f'<details class="remarks"><summary>{said.warnings}: {said.remarks.of(len(remarks))}</summary>'
            f"<ul>{items}</ul></details>"
        )
    return _section(said.indexed, "", f"{_table(head, cells)}{below}")


def show_models(settings: Settings, state: EngineState, how: Reached, words: Words) -> str:
    """Which models do the work, whether they are ready, and where they run."""
    said = words.settings_tab
    where = {"here": said.runs_here, "near": said.runs_near, "far": said.runs_far, "not": said.runs_not}[how]
    writes = f'<p class="aside">{where}</p>'
    if how != "not":
        writes = f"<p><code>{escape(state.model)}</code></p>{show_engine(state, words)}{writes}"
    searches = f'<p><code>{escape(settings.encoder.model)}</code></p><p class="aside">{said.in_process}</p>'
    return _section(said.models, "", _facts([(said.writes, writes), (said.searches, searches)]))


def show_data(settings: Settings, sizes: Sizes, words: Words) -> str:
    """Where the learner's data and the weights lie, and how large they are."""
    said = words.settings_tab
    named = [(said.index_part, sizes.index), (said.catalog_part, sizes.catalog), (said.chats_part, sizes.chats)]
    named += [(said.uploads_part, sizes.uploads), (said.logs_part, sizes.logs), (said.other_part, sizes.other)]
    parts = ", ".join(f"{name} {human(size, words)}" for name, size in named if size)
    home = f'{_place(settings.home)}<p class="aside">{human(sizes.home, words)}: {parts}</p>'
    free = said.free.format(human(sizes.free, words))
    weights = f'{_place(settings.weights)}<p class="aside">{human(sizes.weights, words)}, {free}</p>'
    return _section(said.data, said.data_hint, _facts([(said.home, home), (said.weights, weights)]))


def show_details(settings: Settings, versions: Sequence[tuple[str, str]], words: Words) -> str:
    """What a report of a fault should name."""
    said = words.settings_tab
    rows = [(said.profile, settings.profile), (said.line, f"P(answerable) ≥ {settings.retrieve.threshold:g}")]
    body = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in (*rows, *versions))
    return one_line(f'<details class="details"><summary>{said.details}</summary><dl>{body}</dl></details>')


def show_erase(words: Words, problem: str = "") -> str:
    """What goes, what stays, and the word to type; `problem` says why nothing, or not everything, went."""
    said = words.settings_tab
    parts = (said.erase_index, said.erase_uploads, said.erase_chats, said.erase_logs)
    goes = "".join(f"<li>{what}</li>" for what in parts)
    trouble = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    body = (
        f"<p>{said.erase_goes}</p><ul>{goes}</ul><p>{said.erase_stays}</p>"
        f'<form class="erase"><label for="erase-word">{said.erase_type.format(said.erase_word)}</label>'
        f'<span class="line"><input id="erase-word" name="word" type="text" autocomplete="off" spellcheck="false" '
        f'data-word="{said.erase_word}"><button type="submit" class="danger" disabled>{said.erase_do}</button></span>'
        f'<p class="aside doing">{said.erase_doing}</p></form>{trouble}'
    )
    return _section(said.erase, "", body)


def show_erased(words: Words) -> str:
    """What is said when everything is gone."""
    said = words.settings_tab
    done = (
        f'<p role="status">{said.erase_done}</p><p><button type="button" class="anew">{said.erase_again}</button></p>'
    )
    return _section(said.erase, "", done)


def human(size: int, words: Words) -> str:
    """Bytes with a unit and at most one decimal: `2,6 ГБ`, `430 KB`."""
    for unit, one in _UNITS:
        if size >= one:
            shown = f"{size / one:.1f}" if size < 10 * one else f"{size / one:.0f}"
            return str(getattr(words.settings_tab, unit)).format(shown.replace(".", words.decimal))
    return words.settings_tab.bytes.format(size)


def _section(title: str, hint: str, body: str) -> str:
    aside = f'<p class="aside">{hint}</p>' if hint else ""
    return one_line(f'<section class="setting"><header><h2>{title}</h2>{aside}</header><div>{body}</div></section>')


def _group(name: str, rows: Sequence[str]) -> str:
    return f'<fieldset class="options"><legend class="unseen">{name}</legend>{"".join(rows)}</fieldset>'


def _titled(name: str, rows: Sequence[str]) -> str:
    return f'<fieldset class="options short"><legend>{name}</legend>{"".join(rows)}</fieldset>'


def _radio(group: str, value: str, label: str, more: str = "", *, chosen: bool) -> str:
    checked = " checked" if chosen else ""
    return (
        f'<label class="option"><input type="radio" name="{group}" value="{value}"{checked}>'
        f'<span><span class="name">{label}</span>{more}</span></label>'
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in rows)}</dl>"


def _place(path: Path) -> str:
    return f'<p><code class="place">{escape(str(path))}</code></p>'


def _root(root: Root, words: Words) -> str:
    if root.folder is None:
        return words.settings_tab.uploads
    return f'<span class="name">{escape(root.name)}</span> <code class="place">{escape(str(root.folder))}</code>'


def _remark(remark: Remark, words: Words) -> str:
    line = f", {words.upload_line.format(remark.warned.line)}" if remark.warned.line else ""
    told = escape(reason(remark.warned.reason, words.language))
    return f'<span class="place">{escape(remark.source)}{line}</span> {told}'
