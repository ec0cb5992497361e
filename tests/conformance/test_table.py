"""The API held to Tencent's typings and to api.tsv on a running kiosk; docs/api.md is what comes of it."""

import copy

import pytest

from host_tools.paths import ROOT
from tests.conformance import table, typings
from tests.conformance.refusals import NO_EFFECT, REFUSED
from tests.conformance.runtime import Runtime, scenarios
from tests.conftest import Kiosk

pytestmark = pytest.mark.timeout(600)  # each scenario runs once for each name that it proves, and once more
DOCUMENT = ROOT / "docs" / "api.md"


@pytest.fixture(scope="module")
def runtime(request, tmp_path_factory, httpbin, ws_echo):
    """The Runtime that every test of this file asks."""
    kiosk = Kiosk(request.config.getoption("--target"), tmp_path_factory.mktemp("conformance"))
    yield Runtime(kiosk, httpbin.url, ws_echo)
    kiosk.close()


def test_the_document_is_what_the_runtime_does(runtime, request):
    """`make api` writes it, but not when something has gone missing that was there."""
    text = table.document(runtime)
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else text
    assert table.grown(before, text) == [], "what was there is missing:\n" + "\n".join(
        f"{name}: {why}" for name, why in runtime.proofs.items() if why
    )
    if request.config.getoption("--write-api"):
        DOCUMENT.write_text(text, encoding="utf-8")
    assert text == DOCUMENT.read_text(encoding="utf-8"), "run `make api`"


def test_every_listed_name_is_in_the_document_once(runtime):
    """All 257 rows of api.tsv, none twice."""
    listed = [name.name for name in table.names(runtime) if name.listed]
    assert listed == [row["api"] for row in typings.rows()] and len(set(listed)) == len(listed) >= 257


def test_missing_may_only_become_less(runtime):
    before = table.document(runtime)
    poorer = copy.copy(runtime)
    poorer.proofs = {**runtime.proofs, "wx.setStorage": "fails"}
    after = table.document(poorer)
    assert table.missing(after)["storage"][0] == table.missing(before)["storage"][0] + 1
    assert table.grown(before, after)[0].startswith("storage: ") and table.grown(after, before) == []


def test_every_scenario_that_runs_proves_what_it_names(runtime):
    assert [why for why in runtime.proofs.values() if why] == []


def test_every_name_that_is_offered_has_a_scenario(runtime):
    assert set(runtime.offered) - set(runtime.proofs) - set(REFUSED) == set()


def test_declarations_are_those_of_the_typings(runtime):
    assert table.differences(runtime) == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_fails_with_its_errno(runtime, name):
    assert runtime.refusal(REFUSED[name].call) == REFUSED[name].errno


def test_what_has_no_effect_is_taken_and_never_looked_at(runtime):
    found = {f"{name.name}.{part.name}": part.state for name in table.names(runtime) for part in name.parts}
    for option in NO_EFFECT:
        if option.rpartition(".")[0] in runtime.offered:
            assert found[option] == table.NO_EFFECT_, option


def test_scenarios_name_what_there_is(runtime):
    """A misspelt name would prove nothing: each is one of api.tsv, of the typings, or of the runtime's own."""
    known = {row["api"] for row in typings.rows()}
    known |= {f"{holder}.{name}" for holder, found in typings.load()["objects"].items() for name in found["methods"]}
    known |= set(runtime.offered)
    assert {name for scenario in scenarios() for name in scenario.names} - known == set()
