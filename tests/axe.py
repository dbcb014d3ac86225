"""axe-core's rules of accessibility on a page as it stands."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")


def issues(page: Page) -> list[str]:
    """What is seriously or critically wrong: the rule, where, and what axe says about it."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']} at {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in found
        if rule["impact"] in _GRAVE
        for node in rule["nodes"]
    ]
