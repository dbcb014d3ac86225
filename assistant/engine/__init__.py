"""The language model as a service: vLLM supervised as a child, an address of your own, or none."""

from pathlib import Path

from assistant.engine.remote import NoEngine, RemoteEngine
from assistant.engine.state import Address, Engine, EngineState, Phase
from assistant.engine.supervisor import Prepare, VllmEngine
from config.settings import EngineSettings

__all__ = ["Address", "Engine", "EngineState", "Phase", "Prepare", "open_engine"]


def open_engine(settings: EngineSettings, home: Path, prepare: Prepare) -> Engine:
    """The engine that the settings ask for, not started yet.

    `prepare` gives the model's folder and is called in the engine's own thread, only if vLLM has to be started here;
    it reports its progress through the function it is given.
    """
    if settings.kind == "none":
        return NoEngine(settings)
    if settings.kind == "address":
        return RemoteEngine(settings)
    return VllmEngine(settings, home, prepare)
