"""The language model as a service: vLLM supervised as a child, an address of your own, or none."""

from pathlib import Path

from assistant.engine.remote import NoEngine, RemoteEngine
from assistant.engine.state import Address, Engine, EngineState, Phase
from assistant.engine.supervisor import Prepare, VllmEngine, Warm
from config.settings import EngineSettings

__all__ = ["Address", "Engine", "EngineState", "Phase", "Prepare", "Warm", "open_engine"]


def open_engine(settings: EngineSettings, home: Path, prepare: Prepare, warm: Warm | None = None) -> Engine:
    """The engine that the settings ask for, not started yet.

    `prepare` gives the model's folder and is called in the engine's own thread, only if vLLM has to be started here;
    it reports its progress through the function it is given. `warm` puts a first question to a vLLM started here, so
    that the learner's does not pay for what is done once; while it fails, the engine is not ready.
    """
    if settings.kind == "none":
        return NoEngine(settings)
    if settings.kind == "address":
        return RemoteEngine(settings)
    return VllmEngine(settings, home, prepare, warm or (lambda address: None))
