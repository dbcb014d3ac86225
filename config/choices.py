"""What the learner chose on the page: in force at once, and remembered in the home folder as `choices.toml`."""

import os
import threading

from config.settings import CHOICES, AnswerLanguage, ConfigError, OperatingPoint, Settings


class Choices:
    """The settings as they stand now. Threads may share it; one page a home writes the file."""

    def __init__(self, settings: Settings) -> None:
        self._now = settings
        self._lock = threading.Lock()

    @property
    def settings(self) -> Settings:
        """What was loaded, with the choices made since."""
        return self._now

    def choose_point(self, point: OperatingPoint) -> None:
        """Where the line between answering and refusing is.

        Raises:
            ConfigError: the file cannot be written; the choice holds until the page ends.
        """
        with self._lock:
            retrieve = self._now.retrieve.model_copy(update={"point": point})
            self._now = self._now.model_copy(update={"retrieve": retrieve})
            self._remember()

    def choose_language(self, language: AnswerLanguage) -> None:
        """The language of what is written.

        Raises:
            ConfigError: as above.
        """
        with self._lock:
            answer = self._now.answer.model_copy(update={"language": language})
            self._now = self._now.model_copy(update={"answer": answer})
            self._remember()

    def _remember(self) -> None:
        """Whole or not at all: a half-written file would keep the page from starting."""
        file = self._now.home / CHOICES
        draft = file.with_suffix(".new")
        now = self._now
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(
                "# Written by the page, Settings.\n"
                f'[retrieve]\npoint = "{now.retrieve.point}"\n\n[answer]\nlanguage = "{now.answer.language}"\n',
                "utf-8",
            )
            os.replace(draft, file)
        except OSError as error:
            raise ConfigError(
                f"{file} cannot be written: {error.strerror}. The choice holds until the page is stopped."
            ) from error
