"""Keeps the house: arrows point down, each outside library has one home, the clock stays above, files stay small."""

import ast
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.house import Module, functions, imports, owner, public_functions, read_file, read_house, uses, within

ROOT = Path(__file__).resolve().parent.parent

# level, folder, files: a file imports from lower levels, and of its own folder and level from files named before it.
HOUSE = (
    (0, "engine", "truth errors canonical calendar identity citation condition reading"),
    (1, "engine", "repair handling vocabulary model inquiry decision gate"),
    (
        2,
        "engine.packs",
        "form tree source pointers words fields "
        "pack_shape vocabulary_shapes handling_shapes asked_shapes decision_shape schema",
    ),
    (2, "engine.packs", "values conditions references records handling lexicon measures build entries questions cases"),
    (2, "engine.packs", "library site limits citations law graph check explain readings"),
    (3, "engine.matching", "answer standing facts alternatives cells keys limits rete naive bucket match miss"),
    (4, "engine.resolution", "order freshness plan legality precedence resolve outlook horizon"),
    (5, "engine.explanation", "phrases documents conditions reason levers remedy speaker rights render ways table"),
    (6, "engine", "decide rehearse"),
    (7, "engine.analysis", "drafts bite provenance atlas"),
    (7, "engine.registry", "faults lines sheets headings cells days codes rows names persons states workdays"),
    (7, "engine.registry", "deadlines tables store chain drafts knowing changes shelf reading"),
    (7, "engine.registry", "unnamed importing events ties sources migrating copies keeping due timeliness overview"),
    (8, "engine.registry.migrations", "env"),
    (8, "engine.registry.migrations.versions", "r0001_first_tables"),
    (8, "engine.ledger", "merkle algorithms signing envelope tables migrating founding proving"),
    (8, "engine.ledger", "recording recorder sequencing sequencer receipt"),
    (8, "engine.ledger", "promising auditing questions replaying erasing counting"),
    (9, "engine.ledger.migrations", "env"),
    (9, "engine.ledger.migrations.versions", "l0001_first_tables l0002_founding l0003_requests l0004_searches"),
    (8, "engine.access", "roles tables migrating keys passwords accounts sessions handles throttle"),
    (8, "engine.access", "reads repeats reloads jobs"),
    (9, "engine.access.migrations", "env"),
    (9, "engine.access.migrations.versions", "a0001_first_tables a0002_repeats a0003_accounts"),
    (9, "engine.services", "rulebooks checking rehearsing legality provenance atlas"),
    (9, "engine.services", "cases moments files books ask looking registering relating sampling admitting"),
    (9, "engine.services", "whois periods deciding keeping replaying again revisiting"),
    (9, "engine.services", "searching counting waiting handled auditing promising determining noticing telling"),
    (9, "engine.services", "tendering"),
    (9, "engine.services", "confirming spooling"),
    (10, "api.cli", "choices voice diagnostics annex check table rehearsal question decide why_not demo"),
    (10, "api.cli", "sheet page legality_words legality_table legality provenance_table provenance"),
    (10, "api.cli", "importing entry known ties database sample ledger log replay"),
    (10, "api.notice", "words speaking seal parties contents page pdf"),
    (11, "api.rest", "problems logs settings telemetry metrics caching worked documented"),
    (11, "api.rest", "shapes shown law fields paging bodies limits"),
    (11, "api.rest", "fetching tokens around desk following auth posed recalling determining"),
    (11, "api.rest", "repeating reaching health handing"),
    (
        11,
        "api.rest",
        "sheaf docket lists memoranda proofs searches subjects decisions rulebooks imports entries records batch app",
    ),
    (11, "api.site", "words lines sheets matrix finder pages build"),
    (12, "api.web", "words assets cookies forms visits menu links render telling asking naming working spreadsheets"),
    (12, "api.web", "answer_words"),
    (13, "api.web.door", "entrance exchange provider passwords"),
    (13, "api.web.ledger", "reading reasoning_words reasoning decisions_words decisions words proofs"),
    (13, "api.web.ledger", "revisits_words revisits pages verifying_words verifying reviews_words reviews"),
    (13, "api.web.subjects", "words answers timeline layout known view pages"),
    (13, "api.web.tenders", "words lines parties asking table exports bundle pages"),
    (13, "api.web.library", "shelf walking words biting lists documents pages"),
    (13, "api.web.overview", "charts words figures pages"),
    (13, "api.web.registrar", "words due lists entry_words fields entries events"),
    (13, "api.web.registrar", "import_words trial upload report importing pages"),
    (14, "api.web", "counter app"),
    (15, "api", "app"),
    (16, "api.cli", "notice site keys users serve schema main"),
)

# library: the only places that may import it. Parts of the standard library that touch the world are here too.
HOMES = {
    "durable_rules_engine": ["engine.matching.rete"],
    "argon2": ["engine.access.passwords"],
    "alembic": ["engine.registry", "engine.ledger", "engine.access"],
    "cryptography": ["engine.ledger.algorithms"],
    "fastapi": ["api"],
    "gmalg": ["engine.ledger.algorithms"],
    "jinja2": ["api"],
    "joserfc": ["api.rest.tokens"],
    "limits": ["api.rest.limits"],
    "prometheus_client": ["api.rest"],
    "pydantic": [
        "engine.packs.fields",
        "engine.packs.pack_shape",
        "engine.packs.vocabulary_shapes",
        "engine.packs.handling_shapes",
        "engine.packs.asked_shapes",
        "engine.packs.decision_shape",
        "engine.packs.schema",
        "api",
    ],
    "pydantic_core": ["engine.packs.schema", "api"],
    "opencc": ["engine.registry.names"],
    "openpyxl": ["engine.registry.sheets", "api.web.spreadsheets"],
    "platformdirs": ["engine.services.books"],
    "rapidfuzz": ["engine.registry.names"],
    "rich": ["api.cli"],
    "segno": ["api.notice.seal"],
    "sqlalchemy": ["engine.registry", "engine.ledger", "engine.access"],
    "sqlmodel": ["engine.registry", "engine.ledger", "engine.access"],
    "starlette": ["api"],
    "stdnum": ["engine.identity"],
    "typer": ["api.cli"],
    "uuid_utils": ["engine.services"],
    "uvicorn": ["api.cli.serve"],
    "weasyprint": ["api.notice.pdf"],
    "yaml": ["engine.packs.source"],
    # chance and the clock
    "random": ["engine.services", "api"],
    "secrets": ["engine.services", "api"],
    "time": ["engine.services", "api"],
    "uuid": ["engine.services", "api"],
    # other programs and other machines
    "http": ["api"],
    "socket": ["api"],
    "subprocess": ["api"],
    "urllib.request": ["api"],
}

# Names that read the clock or the system's chance; the modules above are kept as a whole.
CLOCK = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "os.urandom",
}
CLOCK_HOMES = ["engine.services", "api"]

MODULE_LINES = 300
FUNCTION_LINES = 50
NAMELESS_ROOM = re.compile(r"utils?|helpers?|.*manager.*")

Places = Mapping[str, tuple[int, str, int]]
House = Mapping[str, Module]
Rule = Callable[[House], Iterator[str]]


def places() -> Places:
    """HOUSE as a map: module name to level, folder and position in reading order."""
    rows = [(level, folder, name) for level, folder, names in HOUSE for name in names.split()]
    return {f"{folder}.{name}": (level, folder, position) for position, (level, folder, name) in enumerate(rows)}


def unplaced(house: House) -> Iterator[str]:
    """Modules that no row of HOUSE names."""
    known = places()
    for module in house.values():
        if not module.is_package and module.name not in known:
            yield f"{module.path}: add `{module.name}` to HOUSE in tests/test_architecture.py, after what it imports"


def wrong_arrows(house: House) -> Iterator[str]:
    """Imports that do not point down, or that leave the house for a folder which is not below anything."""
    known = places()
    for module in house.values():
        for mention in imports(module):
            target = owner(mention.name, {*house, *known})
            if target is None and mention.name.split(".")[0] in ("tests", "dev", "benchmarks", "memoranda"):
                yield f"{module.path}:{mention.line}: the product must run without `{mention.name}`"
            elif target and not points_down(module.name, target, known):
                yield f"{module.path}:{mention.line}: `{module.name}` must not import `{mention.name}`: not below it"


def points_down(source: str, target: str, known: Places) -> bool:
    """Whether the target stands on a lower level, or earlier in the same folder; a package itself is below nothing."""
    if source not in known:
        return True  # `unplaced` and `busy_packages` speak of it
    if target not in known:
        return False
    level, folder, position = known[source]
    other_level, other_folder, other_position = known[target]
    return other_level < level or (other_level == level and other_folder == folder and other_position < position)


def strangers(house: House) -> Iterator[str]:
    """Outside libraries away from home, or without one."""
    for module in house.values():
        for mention in imports(module):
            top = mention.name.split(".")[0]
            library = owner(mention.name, HOMES)
            if library is None and top not in sys.stdlib_module_names and top not in ("engine", "api"):
                yield f"{module.path}:{mention.line}: `{top}` has no home; give it one in HOMES"
            elif library and not any(within(module.name, home) for home in HOMES[library]):
                yield f"{module.path}:{mention.line}: `{library}` lives only in {', '.join(HOMES[library])}"


def clock_readers(house: House) -> Iterator[str]:
    """Places below the services that read the clock instead of taking the moment as an argument."""
    for module in house.values():
        if not any(within(module.name, home) for home in CLOCK_HOMES):
            for mention in uses(module):
                if mention.name in CLOCK:
                    yield f"{module.path}:{mention.line}: `{mention.name}` below the services; pass the moment in"


def oversized(house: House) -> Iterator[str]:
    """Modules and functions past their bound."""
    for module in house.values():
        if module.lines > MODULE_LINES:
            yield f"{module.path}: {module.lines} lines, more than {MODULE_LINES}"
        for function in functions(module):
            length = (function.end_lineno or function.lineno) - function.lineno + 1
            # A migration is one list of what is made, and never grows once it is out.
            if length > FUNCTION_LINES and ".migrations.versions." not in module.name:
                yield f"{module.path}:{function.lineno}: `{function.name}` has {length} lines, over {FUNCTION_LINES}"


def undocumented(house: House) -> Iterator[str]:
    """Modules without an opening sentence and public functions without a docstring."""
    for module in house.values():
        if not ast.get_docstring(module.tree):
            yield f"{module.path}: open the module with a sentence that says what it is for"
        for function in public_functions(module.tree):
            if not ast.get_docstring(function):
                yield f"{module.path}:{function.lineno}: `{function.name}` has no docstring"


def busy_packages(house: House) -> Iterator[str]:
    """`__init__.py` files that hold more than their sentence: re-exports would blur every arrow through them."""
    for module in house.values():
        if module.is_package and any(not isinstance(node, ast.Expr) for node in module.tree.body):
            yield f"{module.path}: keep only the docstring; import from the module that defines the name"


@pytest.fixture(scope="module")
def house() -> House:
    """The product's modules as they are."""
    return read_house(ROOT, ["engine", "api"])


@pytest.fixture(scope="module")
def written(house: House) -> House:
    """All that the rules of size and docstrings hold for: the product and its launcher."""
    return {**house, "dev": read_file(ROOT, ROOT / "dev.py")}


def expect_none(faults: Iterator[str]) -> None:
    """Fail with every fault on a line of its own."""
    found = "\n".join(dict.fromkeys(faults))
    assert not found, f"\n{found}"


def test_every_module_has_a_place(house: House) -> None:
    """Each file of engine/ and api/ stands in HOUSE, so that no rule passes it by."""
    assert house
    expect_none(unplaced(house))


def test_arrows_point_down(house: House) -> None:
    """A module imports only from lower levels, and in its own folder from files listed before it."""
    expect_none(wrong_arrows(house))


def test_packages_hold_no_code(house: House) -> None:
    """An `__init__.py` imports nothing, so an arrow always ends at the file that defines the name."""
    expect_none(busy_packages(house))


def test_libraries_stay_home(house: House) -> None:
    """Each outside library, and each door to the world, is imported in its one home only."""
    expect_none(strangers(house))


def test_the_clock_stays_in_the_services(house: House) -> None:
    """Below the services nothing reads the clock: the same inquiry gives the same bytes on any day."""
    expect_none(clock_readers(house))


def test_nothing_is_oversized(written: House) -> None:
    """No module past 300 lines and no function past 50."""
    expect_none(oversized(written))


def test_everything_says_what_it_is_for(written: House) -> None:
    """Every module opens with a sentence and every public function has a docstring."""
    expect_none(undocumented(written))


def test_no_room_without_a_name() -> None:
    """No utils, helpers or manager: a file is named after what it does."""
    paths = [path for folder in ("engine", "api", "tests") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in paths if NAMELESS_ROOM.fullmatch(path.stem)] == []


def test_packs_hold_no_python() -> None:
    """memoranda/ belongs to policy staff: documents and words, no program."""
    assert list((ROOT / "memoranda").rglob("*.py")) == []


PLANTED = [
    pytest.param(wrong_arrows, "from engine import decide", "`engine.decide`", id="upwards"),
    pytest.param(wrong_arrows, "def late():\n    import engine.decide", ":2:", id="inside a function"),
    pytest.param(wrong_arrows, "from ..decide import decide", "`engine.decide.decide`", id="relative"),
    pytest.param(wrong_arrows, "from engine.packs.check import x", "`engine.packs.check.x`", id="later in its folder"),
    pytest.param(wrong_arrows, "import tests.house", "`tests.house`", id="out of the house"),
    pytest.param(strangers, "from yaml.nodes import Node", "only in engine.packs.source", id="yaml away from home"),
    pytest.param(strangers, "import urllib.request as web", "`urllib.request`", id="network"),
    pytest.param(strangers, "import pandas", "has no home", id="unknown library"),
    pytest.param(clock_readers, "from datetime import date as d\nd.today()", ":2:", id="clock by another name"),
    pytest.param(clock_readers, "import datetime as t\nf = t.datetime.now", ":2:", id="clock not even called"),
    pytest.param(oversized, "x = 1\n" * 301, "301 lines", id="long module"),
    pytest.param(oversized, "def f():\n" + "    x = 1\n" * 50, "51 lines", id="long function"),
    pytest.param(undocumented, "x = 1", "open the module", id="no opening"),
    pytest.param(undocumented, "class A:\n    def f(self): ...", "`f` has no docstring", id="no docstring"),
]


@pytest.mark.parametrize(("rule", "source", "said"), PLANTED)
def test_a_planted_fault_is_seen(rule: Rule, source: str, said: str, tmp_path: Path) -> None:
    """Each rule finds the fault planted in engine/packs/words.py, and names it: none of them is blind."""
    planted = plant(tmp_path, {"engine/decide.py": "", "engine/packs/check.py": "", "engine/packs/words.py": source})
    faults = list(rule(planted))
    assert any("words.py" in fault and said in fault for fault in faults)


def test_a_sound_file_passes_every_rule(tmp_path: Path) -> None:
    """Downward imports, the standard library, fixed dates and a library at home are no faults."""
    source = (
        '"""Reads."""\nimport yaml\nfrom datetime import date\nfrom engine import model\nDAY = date(2020, 12, 18)\n'
    )
    planted = plant(tmp_path, {"engine/model.py": '"""Shapes."""', "engine/packs/source.py": source})
    rules = (unplaced, wrong_arrows, strangers, clock_readers, busy_packages, oversized, undocumented)
    assert [fault for rule in rules for fault in rule(planted)] == []


def test_a_new_file_asks_for_its_place(tmp_path: Path) -> None:
    """A module missing from HOUSE fails with the words that mend it; code in an `__init__.py` fails too."""
    planted = plant(tmp_path, {"engine/novelty.py": "", "engine/__init__.py": "from engine.novelty import x"})
    assert "add `engine.novelty` to HOUSE" in next(unplaced(planted))
    assert "keep only the docstring" in next(busy_packages(planted))


def plant(root: Path, files: Mapping[str, str]) -> House:
    """A small engine with these files."""
    for name, source in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return read_house(root, ["engine"])
