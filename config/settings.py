"""Typed, frozen settings: one `load()`, the only reader of settings files and environment variables.

Later wins: defaults below, `config/PROFILE.toml`, `settings.toml` in the home folder, `choices.toml` there (written by
the page), environment (`ASSISTANT_ENGINE__URL=…` sets `engine.url`). Secrets come from the environment only.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

PROJECT = Path(__file__).resolve().parent.parent
SECRETS = ("store.api_key", "engine.api_key", "page.password", "eval.judge_api_key")
# What was chosen on the page, in the home folder; same form as settings.toml, and stronger.
CHOICES = "choices.toml"

OperatingPoint = Literal["strict", "balanced", "generous"]
AnswerLanguage = Literal["question", "ru", "en"]
ANSWER_LANGUAGES: tuple[AnswerLanguage, ...] = ("question", "ru", "en")


class ConfigError(Exception):
    """A settings file or variable is wrong; the message names it and what is allowed."""


class Section(BaseModel):
    """Base of every section: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class StoreSettings(Section):
    """Where vectors live: embedded unless a URL is set."""

    url: str | None = None
    api_key: SecretStr | None = None
    collection: str = "notes"
    timeout_s: float = Field(10.0, gt=0)


class EncoderSettings(Section):
    """The embedding model, by its name in `config/models.toml`."""

    model: str = "multilingual-e5-small"
    batch_size: int = Field(16, ge=1)
    threads: int | None = Field(None, ge=1)
    device: Literal["cpu", "cuda"] = "cpu"


class IngestSettings(Section):
    """Limits on what is read, and how long a chunk may get."""

    max_file_mb: float = Field(20.0, gt=0)
    chunk_characters: int = Field(1400, ge=200)
    batch_notes: int = Field(32, ge=1)


class Point(Section):
    """An operating point: the line on P(answerable), and what it did on development questions about the bundled notes.

    `answered` of the `answerable` questions were answered, `let_through` of the `others`, which the notes lack.
    """

    threshold: float = Field(ge=0, le=1)
    answered: int
    answerable: int = 154
    let_through: int
    others: int = 64


POINTS: Mapping[OperatingPoint, Point] = {
    "strict": Point(threshold=0.75, answered=86, let_through=15),
    "balanced": Point(threshold=0.60, answered=131, let_through=34),
    "generous": Point(threshold=0.45, answered=144, let_through=44),
}


class RetrieveSettings(Section):
    """Candidate depth, fusion and the line between answering and refusing.

    `dense_weight`, `sparse_weight` and `rrf_k` are those of textbook weighted RRF (Cormack et al. 2009).
    `point` names the line on P(answerable).
    """

    candidates: int = Field(100, ge=1)
    dense_weight: float = Field(5.0, ge=0)
    sparse_weight: float = Field(1.0, ge=0)
    rrf_k: float = Field(10.0, gt=0)
    rerank: int = Field(200, ge=1)
    point: OperatingPoint = "balanced"

    @property
    def threshold(self) -> float:
        """Below this P(answerable) a question is refused."""
        return POINTS[self.point].threshold


class EngineSettings(Section):
    """The language model: bundled vLLM, any OpenAI-compatible address, or none.

    `url` set means that address is used and nothing is started; `model` is then the name it serves. One that ends is
    started again `restarts` times in a row, after `restart_wait_s`, twice that, and so on; one whose health check is
    silent for `hung_after_s` counts as ended.
    """

    kind: Literal["vllm", "address", "none"] = "vllm"
    model: str = "qwen2.5-coder-1.5b-instruct"
    url: str | None = None
    api_key: SecretStr | None = None
    arguments: tuple[str, ...] = ()
    environment: Mapping[str, str] = {}
    start_timeout_s: float = Field(600.0, gt=0)
    request_timeout_s: float = Field(60.0, gt=0)
    restarts: int = Field(5, ge=0)
    restart_wait_s: float = Field(2.0, ge=0)
    hung_after_s: float = Field(60.0, gt=0)
    poll_s: float = Field(1.0, gt=0)
    stop_grace_s: float = Field(10.0, ge=0)


class AnswerSettings(Section):
    """How an answer is made.

    `quote`: the best note word for word, with a short verified lead above it when an engine is ready.
    `write`: a written answer, sentence by sentence as each is verified. `strict` drops what nothing supports.
    `language` is that of what is written and said; notes are quoted in their own.
    """

    language: AnswerLanguage = "question"
    policy: Literal["quote", "write"] = "quote"
    strict: bool = False
    support_threshold: float = Field(0.7, ge=0, le=1)
    lead_tokens: int = Field(60, ge=8)
    lead_timeout_s: float = Field(20.0, gt=0)
    written_tokens: int = Field(600, ge=32)
    written_passages: int = Field(5, ge=1)

    def spoken(self, asked: Literal["ru", "en"]) -> Literal["ru", "en"]:
        """The language to answer in, to a question in the language `asked`."""
        return asked if self.language == "question" else self.language


class GradeSettings(Section):
    """How answers to a quiz are graded; longer ones than `answer_characters` are not."""

    answer_characters: int = Field(8000, ge=100)


class QuizSettings(Section):
    """How a quiz goes: questions a session unless asked otherwise, and the recall that reviews are timed for."""

    questions: int = Field(5, ge=1, le=50)
    retention: float = Field(0.9, ge=0.7, le=0.98)


class EvalSettings(Section):
    """`python -m eval --suite full`: how many cases at once, and who judges: the engine, unless an address is set.

    A strong model at `judge_url` is the better judge; `judge_model` is the name it serves.
    """

    at_once: int = Field(4, ge=1)
    judge_url: str | None = None
    judge_model: str = ""
    judge_api_key: SecretStr | None = None
    judge_timeout_s: float = Field(600.0, gt=0)


class PageSettings(Section):
    """The page binds to loopback; anything else needs a user and a password."""

    host: str = "127.0.0.1"
    port: int = Field(7860, ge=0, le=65535)
    user: str | None = None
    password: SecretStr | None = None
    upload_mb: float = Field(20.0, gt=0)
    question_characters: int = Field(4000, ge=100)
    answers_at_once: int = Field(8, ge=1)


class Settings(Section):
    """Everything, for one home folder."""

    profile: str
    home: Path
    weights: Path
    notes: Path = PROJECT / "notes"
    store: StoreSettings = StoreSettings()
    encoder: EncoderSettings = EncoderSettings()
    ingest: IngestSettings = IngestSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    engine: EngineSettings = EngineSettings()
    answer: AnswerSettings = AnswerSettings()
    grade: GradeSettings = GradeSettings()
    quiz: QuizSettings = QuizSettings()
    page: PageSettings = PageSettings()
    eval: EvalSettings = EvalSettings()


def load(profile: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings for one run. `environment` defaults to the process's own.

    Raises:
        ConfigError: a file is missing or malformed, a key is unknown, or a value is out of bounds.
    """
    variables = os.environ if environment is None else environment
    profile = profile or variables.get("ASSISTANT_PROFILE") or "cpu"
    home = Path(variables.get("ASSISTANT_HOME") or PROJECT / ".assistant").expanduser().resolve()
    cache = Path(variables.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    weights = Path(variables.get("ASSISTANT_WEIGHTS") or cache / "study-assistant").expanduser().resolve()
    values: dict[str, Any] = {}
    _merge(values, _read(PROJECT / "config" / f"{profile}.toml", needed=True))
    for name in ("settings.toml", CHOICES):
        _merge(values, _read(home / name, needed=False))
    for secret in SECRETS:
        section, key = secret.split(".")
        if key in values.get(section, {}):
            raise ConfigError(f"{secret} stands in a settings file; set {_variable(secret)} in the environment instead")
    _merge(values, _from_environment(variables))
    try:
        settings = Settings(**{"profile": profile, "home": home, "weights": weights, **values})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ConfigError(f"settings are wrong: {problems}") from error
    if settings.engine.url and settings.engine.kind == "vllm":
        settings = settings.model_copy(update={"engine": settings.engine.model_copy(update={"kind": "address"})})
    return settings


def _variable(path: str) -> str:
    return "ASSISTANT_" + path.upper().replace(".", "__")


def _read(file: Path, *, needed: bool) -> dict[str, Any]:
    if not file.exists():
        if needed:
            known = ", ".join(sorted(p.stem for p in file.parent.glob("*.toml") if p.stem != "models"))
            raise ConfigError(f"no profile {file.stem!r}; there are: {known}")
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not valid TOML: {error}") from error


def _merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _from_environment(variables: Mapping[str, str]) -> dict[str, Any]:
    """`ASSISTANT_SECTION__KEY=value`; pydantic turns the text into the field's type."""
    values: dict[str, Any] = {}
    for name, value in variables.items():
        section, separator, key = name.removeprefix("ASSISTANT_").lower().partition("__")
        if name.startswith("ASSISTANT_") and separator:
            values.setdefault(section, {})[key] = value
    return values
