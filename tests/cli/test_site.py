"""The site as a browser without a network meets it: complete, linked, escaped, readable, and never half written."""

import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest

from api.cli.main import app
from api.site import build
from api.site.build import MARK, write_site
from api.site.finder import NAME
from api.site.lines import anchors_of
from api.site.matrix import units, wrapped
from api.site.pages import pages
from api.site.words import LANGS, LETTERS, WORDS
from engine.analysis.atlas import NO_LIST, Atlas, draw, left_open
from engine.errors import Occupied, Unavailable
from engine.explanation.phrases import VERDICTS
from engine.model import Contested, Duty, Effect
from engine.packs.library import read_library, shipped
from engine.vocabulary import NATIONAL, Words
from tests import builders

DAY = date(2026, 11, 22)
ROOT = Path(__file__).resolve().parents[2]
VOID = {"meta", "link", "input", "br"}
EVIL = "</title></script><script>alert(1)</script><img src=x onerror='alert(2)'>\"'&"


@dataclass(slots=True)
class Square:
    """A cell of the picture as a reader meets it."""

    href: str
    told: str
    effect: str
    mark: str = ""


@dataclass
class Page(HTMLParser):
    """A page opened as a browser would: tags close in order; what it names, links, loads and says is noted."""

    stack: list[str] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    squares: list[Square] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        assert len(found) == len(attrs), f"an attribute twice in <{tag}>"
        self.tags.append((tag, found))
        if tag not in VOID:
            self.stack.append(tag)
        if tag == "g" and found.get("class", "").startswith("cell "):
            link = self.tags[-2][1]
            self.squares.append(Square(link["href"], link["aria-label"], found["class"].removeprefix("cell e-")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"rect", "path"}, f"<{tag}/> closes itself"

    def handle_endtag(self, tag: str) -> None:
        assert self.stack, f"</{tag}> closes nothing"
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.stack[-1:] == ["text"] and self.squares:
            self.squares[-1].mark = self.squares[-1].mark or data

    @property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [attrs["id"] for _, attrs in self.tags if "id" in attrs]

    @property
    def links(self) -> list[str]:
        """Every address that the page leads to or loads."""
        return [attrs[key] for _, attrs in self.tags for key in ("href", "src", "action") if key in attrs]

    @property
    def text(self) -> str:
        """All it says."""
        return "".join(self.texts)


def opened(text: str) -> Page:
    """The page, read to its end with nothing left open."""
    page = Page()
    page.feed(text)
    page.close()
    assert page.stack == []
    return page


def small(**changes: object) -> Atlas:
    """An atlas of a few measures, one of them with an unusual clause."""
    measures = (
        builders.measure("一", **changes),
        builders.measure("二 （a）", Effect.GREEN_CHANNEL, lists=("red",), duty=Duty.MAY),
        builders.measure("三", Effect.WEIGH, draft=True),
        builders.measure("四", Effect.BAR, lists=(), on_inquiry=True, window=None),
    )
    return draw(builders.rulebook(*measures), DAY, {})


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    """The shipped library's atlas."""
    library = read_library([shipped()])
    cases = {code: source.cases for code, source in library.packs.items()}
    return draw(library.rulebook(), DAY, cases, library.cases)


@pytest.fixture(scope="module")
def site(atlas: Atlas) -> dict[str, str]:
    """Every file of the shipped library's site."""
    return dict(pages(atlas))


@pytest.fixture(scope="module")
def html(site: dict[str, str]) -> dict[str, Page]:
    """Every page of it, opened."""
    return {path: opened(text) for path, text in site.items() if path.endswith(".html")}


def test_both_languages_have_the_same_pages(html: Mapping[str, Page], atlas: Atlas) -> None:
    """One for each document, list and scenario, and the index; each leads to its counterpart."""
    wanted = {"index.html"} | {
        f"{folder}/{code}.html"
        for folder, codes in (("memoranda", atlas.sheets), ("lists", atlas.lists), ("scenarios", atlas.scenarios))
        for code in codes
    }
    for lang, other, tag in (("zh", "en", "zh-CN"), ("en", "zh", "en")):
        own = {path.removeprefix(f"{lang}/"): page for path, page in html.items() if path.startswith(f"{lang}/")}
        assert set(own) == wanted
        for path, page in own.items():
            assert page.tags[0] == ("html", {"lang": tag})
            assert "../" * (path.count("/") + 1) + f"{other}/{path}" in page.links


def test_every_link_resolves(html: Mapping[str, Page], site: Mapping[str, str]) -> None:
    """Every address is a file of the site, every anchor stands on its page, and nothing leads out of the folder."""
    ids = {path: set(page.ids) for path, page in html.items()}
    broken = []
    for path, page in html.items():
        for link in page.links:
            parts = urlsplit(link)
            assert not parts.scheme, f"{path}: {link}"
            assert not parts.netloc, f"{path}: {link}"
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), parts.path)) if parts.path else path
            if target not in site or (parts.fragment and unquote(parts.fragment) not in ids[target]):
                broken.append(f"{path}: {link}")
    assert broken == []


def test_every_page_is_well_formed(html: Mapping[str, Page]) -> None:
    """Nothing twice by one name, one heading of the first rank, and levels without a gap."""
    for path, page in html.items():
        assert len(page.ids) == len(set(page.ids)), path
        ranks = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
        assert ranks.count(1) == 1, path
        assert max(ranks) <= 3, path
        named = {name for _, attrs in page.tags for name in attrs.get("aria-labelledby", "").split()}
        named |= {attrs["aria-describedby"] for _, attrs in page.tags if "aria-describedby" in attrs}
        assert named <= set(page.ids), path


def test_nothing_runs_or_dresses_but_our_files(html: Mapping[str, Page]) -> None:
    """No inline script, no handler, no inline style; the policy in the page says so to the browser as well."""
    for path, page in html.items():
        for tag, attrs in page.tags:
            assert tag not in {"style", "iframe", "img", "object", "embed"}, path
            assert "style" not in attrs, path
            assert not [key for key in attrs if key.startswith("on")], path
            assert tag != "script" or re.fullmatch(r"(\.\./)+assets/(search|index-(zh|en))\.js", attrs["src"]), path
        policy = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1, path
        assert "unsafe" not in policy[0]


def test_the_assets_reach_no_network(site: Mapping[str, str]) -> None:
    """Neither the styles nor the search name any address, and the search puts text on the page, never markup."""
    for name in ("assets/site.css", "assets/search.js"):
        assert not re.search(r"https?:|//\w|url\(|@import|fetch\(|XMLHttp|innerHTML|insertAdjacent|eval\(", site[name])


def test_every_measure_is_told_wherever_it_stands(html: Mapping[str, Page], atlas: Atlas) -> None:
    """Its reading on its document's page, on each of its lists' and scenarios' pages, in both languages."""
    for lang in LANGS:
        for sheet in atlas.sheets.values():
            for bite in sheet.bites:
                measure = bite.measure
                places = [f"memoranda/{measure.pack}"]
                places += [f"lists/{code}" for code in measure.lists if not measure.on_inquiry]
                places += [f"scenarios/{code}" for code in measure.scenarios]
                for place in places:
                    assert measure.says.say(lang) in html[f"{lang}/{place}.html"].text, (place, measure.id)


def test_a_document_says_when_how_and_by_whom(html: Mapping[str, Page], atlas: Atlas) -> None:
    """Number, day, bodies, note, and of every clause the basis; every case with the verdict it must get."""
    for code, sheet in atlas.sheets.items():
        page = html[f"zh/memoranda/{code}.html"]
        memorandum = sheet.memorandum
        bodies = [atlas.vocabulary.issuers[one].name.zh for one in memorandum.issuers]
        for said in (memorandum.number, memorandum.issued.isoformat(), memorandum.note and memorandum.note.zh, *bodies):
            assert not said or said in page.text, (code, said)
        assert sum("v-" in attrs.get("class", "") for _, attrs in page.tags) == len(sheet.cases) + len(sheet.shared)
        assert all(case.name in page.text for case in (*sheet.cases, *sheet.shared))
        if sheet.cases:
            assert VERDICTS[sheet.cases[0].expect].zh in page.text


def test_a_measure_at_rest_says_why() -> None:
    """A draft is called one on its document's page, and folded away on its list's."""
    site = dict(pages(small()))
    assert "草稿" in opened(site["zh/memoranda/pack.html"]).text
    folded = site["en/lists/black.html"].partition("<details>")[2]
    assert "says 三" in folded
    assert "draft" in folded
    assert "says 一" not in folded


def test_an_open_question_is_asked() -> None:
    """What a lawyer must answer stands beside the measure, and its cell says that a person decides."""
    question = Contested("mof", Words("是否及于分支机构", "does it reach branches"), None)
    site = dict(pages(small(contested=question)))
    for path in ("zh/memoranda/pack.html", "zh/lists/black.html", "zh/scenarios/procurement.html"):
        assert "是否及于分支机构" in opened(site[path]).text
    marks = {square.href: square.mark for square in opened(site["zh/index.html"]).squares}
    assert marks["lists/black.html#in-procurement"] == "禁*"


@pytest.mark.parametrize("lang", LANGS)
def test_the_picture_agrees_with_the_atlas(html: Mapping[str, Page], atlas: Atlas, lang: str) -> None:
    """One square for each meeting: its effect's colour, its letter and its words, leading to the clauses."""
    squares = {square.href: square for square in html[f"{lang}/index.html"].squares}
    assert len(squares) == len(atlas.cells)
    for (code, scenario), cell in atlas.cells.items():
        href = f"lists/{code}.html#in-{scenario}" if code != NO_LIST else f"scenarios/{scenario}.html#no-"
        fits = [link for link in squares if link == href or (code == NO_LIST and link.startswith(href))]
        assert len(fits) == 1
        square = squares[fits[0]]
        if cell.strongest is None:
            assert (square.effect, square.mark) == ("rest", "·")
            continue
        effect, star = cell.strongest.measure.effect, "*" if left_open(cell.strongest) else ""
        assert (square.effect, square.mark) == (str(effect), LETTERS[effect].say(lang) + star)
        local = cell.strongest.measure.jurisdiction != NATIONAL
        assert (WORDS["only_in"].say(lang).format(place="") in square.told) == local
        if code:
            assert atlas.vocabulary.lists[code].name.say(lang) in square.told


@pytest.mark.parametrize("lang", LANGS)
def test_the_table_beside_says_the_same(html: Mapping[str, Page], lang: str) -> None:
    """Each square stands in the table too, with the same mark; the picture has its title and description first."""
    page = html[f"{lang}/index.html"]
    table = {attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("class", "").startswith("mark ")}
    assert table == {square.href for square in page.squares}
    names = [tag for tag, _ in page.tags]
    start = names.index("svg")
    assert names[start + 1 : start + 3] == ["title", "desc"]


def test_letters_tell_effects_apart() -> None:
    """Never by colour alone: every effect has a letter of its own in each language."""
    for lang in LANGS:
        assert len({letters.say(lang) for letters in LETTERS.values()}) == len(Effect)


def evil_atlas() -> Atlas:
    """An atlas in which every text that a policy officer writes tries to be markup."""
    words = Words(EVIL, EVIL)
    one = builders.measure(
        f"一{EVIL[:30]}", says=words, note=words, contested=Contested(EVIL, words, None), then={"": words}
    )
    vocabulary = replace(
        builders.VOCABULARY,
        lists={"black": replace(builders.VOCABULARY.lists["black"], name=words, note=words, untimed=words)},
        scenarios={"procurement": replace(builders.VOCABULARY.scenarios["procurement"], name=words)},
        issuers={"keeper": replace(builders.VOCABULARY.issuers["keeper"], name=words)},
    )
    book = builders.rulebook(one, vocabulary=vocabulary)
    memorandum = replace(book.memoranda["pack"], title=words, number=EVIL, note=words, ending=EVIL)
    return draw(replace(book, memoranda={"pack": memorandum}), DAY, {})


def test_everything_is_escaped() -> None:
    """Texts of a pack stay texts: no tag, no attribute and no script comes of them, on no page and not in the index."""
    site = dict(pages(evil_atlas()))
    for path, text in site.items():
        if path.endswith(".html"):
            page = opened(text)
            assert not [tag for tag, attrs in page.tags if tag == "img" or (tag == "script" and "src" not in attrs)]
            assert not [key for _, attrs in page.tags for key in attrs if key.startswith("on")]
            assert path == "index.html" or EVIL in page.text, path
    index = site["assets/index-zh.js"]
    assert "<" not in index
    rows = json.loads(index.removeprefix(f"window.{NAME}=").rstrip(";\n"))
    assert EVIL in {row[2] for row in rows}


def test_templates_never_switch_escaping_off() -> None:
    """No filter and no block in them takes a text for markup."""
    for path in (ROOT / "api" / "site" / "templates").glob("*"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", text), path


def test_the_index_finds_documents_clauses_lists_and_scenarios(site: Mapping[str, str], atlas: Atlas) -> None:
    """Every page and every clause is in it, under both languages' words, at an address that exists."""
    for lang, other in (("zh", "en"), ("en", "zh")):
        text = site[f"assets/index-{lang}.js"]
        rows = json.loads(text.removeprefix(f"window.{NAME}=").rstrip(";\n"))
        kinds = [row[0] for row in rows]
        measures = sum(len(sheet.bites) for sheet in atlas.sheets.values())
        wanted = {"document": len(atlas.sheets), "list": len(atlas.lists), "scenario": len(atlas.scenarios)}
        assert {kind: kinds.count(kind) for kind in set(kinds)} == {**wanted, "clause": measures}
        assert all(f"{lang}/{row[1].partition('#')[0]}" in site for row in rows)
        for sheet in atlas.sheets.values():
            address = f"memoranda/{sheet.memorandum.code}.html"
            row = next(row for row in rows if row[1] == address)
            assert row[2] == sheet.memorandum.title.say(lang)
            assert sheet.memorandum.title.say(other) in row[4]
            assert sheet.memorandum.number in row[3]


def test_without_scripts_no_dead_form_is_shown(html: Mapping[str, Page]) -> None:
    """The search form is hidden until the script that answers it has come."""
    for path, page in html.items():
        forms = [attrs for tag, attrs in page.tags if tag == "form"]
        assert all("hidden" in attrs for attrs in forms), path
        assert len(forms) == (0 if path == "index.html" else 1)


def test_the_same_library_and_day_give_the_same_bytes() -> None:
    """In another process with another order of chance as well."""
    here = dict(pages(small()))
    program = (
        "import hashlib, json, sys; from api.site.pages import pages; from tests.cli.test_site import small;"
        "print(json.dumps({p: hashlib.sha256(t.encode()).hexdigest() for p, t in pages(small())}))"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PATH": "", "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == {p: hashlib.sha256(t.encode()).hexdigest() for p, t in here.items()}


def test_another_day_is_another_site() -> None:
    """The day stands on every page."""
    for path, text in pages(small()):
        if path.endswith(".html") and path != "index.html":
            assert "2026-11-22" in text, path


def files(folder: Path) -> dict[str, bytes]:
    """What a folder holds, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_site_replaces_an_older_one_whole(tmp_path: Path) -> None:
    """Files of the older site that the new one lacks are gone, and nothing is left beside it."""
    target = tmp_path / "deep" / "site"
    count = write_site(small(), target)
    assert count == 2 * (1 + 1 + len(builders.VOCABULARY.lists) + len(builders.VOCABULARY.scenarios)) + 1
    other = draw(builders.rulebook(builders.measure("一", pack="other")), DAY, {})
    write_site(other, target)
    assert (target / "zh" / "memoranda" / "other.html").is_file()
    assert not (target / "zh" / "memoranda" / "pack.html").exists()
    assert files(target) == {path: text.encode() for path, text in pages(other)} | {MARK: (target / MARK).read_bytes()}
    assert [path.name for path in target.parent.iterdir()] == ["site"]
    assert (target / "index.html").stat().st_mode & 0o044 == 0o044 & ~umask()


def umask() -> int:
    """The rights that this process takes from new files."""
    now = os.umask(0)
    os.umask(now)
    return now


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    """It holds nothing that could be lost."""
    write_site(small(), tmp_path / "site")
    (tmp_path / "empty").mkdir()
    write_site(small(), tmp_path / "empty")
    assert files(tmp_path / "empty") == files(tmp_path / "site")


@pytest.mark.parametrize("stranger", ["notes.txt", "zh/notes.txt", "zh/lists/.git/config"])
def test_a_foreign_file_is_never_touched(tmp_path: Path, stranger: str) -> None:
    """A folder that is not our site is refused, and so is our site with something else in it."""
    for target, ours in ((tmp_path / "theirs", False), (tmp_path / "ours", True)):
        if ours:
            write_site(small(), target)
        (target / stranger).parent.mkdir(parents=True, exist_ok=True)
        (target / stranger).write_text("mine")
        before = files(target)
        with pytest.raises(Occupied, match=re.escape(stranger)):
            write_site(small(), target)
        assert files(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours", "theirs"]


def test_a_mark_that_is_not_ours_opens_nothing(tmp_path: Path) -> None:
    """A file of that name with other words, or no text at all, does not make a folder ours."""
    (tmp_path / "page.html").write_text("mine")
    for mark in (b"another tool\npage.html\n", b"\xff\xfe", b""):
        (tmp_path / MARK).write_bytes(mark)
        with pytest.raises(Occupied):
            write_site(small(), tmp_path)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(Occupied, match="not a folder"):
        write_site(small(), tmp_path / "file")


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    """What it leads to belongs to somebody else."""
    write_site(small(), tmp_path / "site")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "index.html").write_text("mine")
    (tmp_path / "site" / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Occupied, match="linked"):
        write_site(small(), tmp_path / "site")
    assert (tmp_path / "elsewhere" / "index.html").read_text() == "mine"


@pytest.mark.parametrize("moment", ["writing", "swapping"])
def test_a_failure_leaves_the_older_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """A full disk while writing, or a refused move at the end: the older site stands as it was, and nothing else."""
    target = tmp_path / "site"
    write_site(small(), target)
    before = files(target)
    if moment == "writing":

        def full(self: Path, data: bytes) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(build.Path, "write_bytes", full)
    else:
        real = Path.rename

        def refuse(self: Path, other: Path) -> Path:
            if self.name == "new":
                raise OSError(16, "Device or resource busy")
            return real(self, other)

        monkeypatch.setattr(build.Path, "rename", refuse)
    with pytest.raises(Unavailable, match="cannot be written"):
        write_site(small(says=builders.words("changed")), target)
    monkeypatch.undo()
    assert files(target) == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_the_command_writes_and_refuses(tmp_path: Path) -> None:
    """It says how many pages and where to begin; a wrong day is wrong usage, a foreign folder is refused."""

    def run(*words: str, code: int) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "api.cli.main", "site", *words],
            cwd=ROOT,
            env={"PATH": "", "NO_COLOR": "1", "MEMORANDA_LANG": "en", "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
        )
        said = done.stdout + done.stderr
        assert "Traceback" not in said
        assert done.returncode == code, said
        return said

    target = tmp_path / "site"
    said = run("-o", str(target), "--on", "2020-12-17", code=0)
    assert "as on 2020-12-17" in said
    assert str(target / "en" / "index.html") in said
    assert "2020-12-17" in (target / "zh" / "index.html").read_text(encoding="utf-8")
    assert "--on" in run("-o", str(target), "--on", "2020-13-01", code=2)
    assert "site of ours" in run("-o", str(ROOT / "tests"), code=3)
    assert "site" in {command.name for command in app.registered_commands}


def test_anchors_are_apart() -> None:
    """Clauses that differ only in their blanks keep anchors of their own, without blanks."""
    anchors = anchors_of(["二 供应商", "二供应商", "二-供应商", "二\u3000供应商"])
    assert len(set(anchors.values())) == 4
    assert not [anchor for anchor in anchors.values() if re.search(r"\s", anchor)]
    assert quote(anchors["二 供应商"]) == "c-" + quote("二-供应商")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ("short",)),
        ("a longer English name of a list", ("a longer English", "name of a list")),
        ("严重违法失信超限超载运输", ("严重违法失信超限", "超载运输")),
        ("一" * 40, ("一" * 8, "一" * 7 + "…")),
    ],
)
def test_names_fit_their_lines(text: str, lines: tuple[str, ...]) -> None:
    """Two lines at most, none wider than asked, broken at a blank where there is one."""
    assert wrapped(text, 16) == lines
    assert all(units(line) <= 16 for line in wrapped(text, 16))


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb`, as WCAG counts it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_colours_can_be_read(site: Mapping[str, str]) -> None:
    """Every effect, and every ink on every paper of the pages, has a contrast of 4.5 : 1 or more (WCAG AA)."""
    css = site["assets/site.css"]
    effects = dict(
        (name, (back, ink)) for name, back, ink in re.findall(r"\.e-([\w]+) \{ background: (#\w+); color: (#\w+)", css)
    )
    assert set(effects) == {str(effect) for effect in Effect} | {"rest"}
    assert {name: pair for name, pair in effects.items() if contrast(*pair) < 4.5} == {}
    # In the picture the letter's colour is said apart.
    light = set(re.findall(r"\.matrix \.e-(\w+) text(?=[^{}]*\{ fill: #ffffff)", css))
    assert light == {name for name, (_, ink) in effects.items() if ink == "#ffffff"}
    named = dict(re.findall(r"--(\w+): (#\w{6})", css))
    pairs = [(ink, paper) for ink in ("ink", "quiet", "link") for paper in ("paper", "shade")] + [("ink", "focus")]
    assert [pair for pair in pairs if contrast(*(named[name] for name in pair)) < 4.5] == []
    verdicts = re.findall(r"\.v-\w+ \{ color: (#\w+)", css)
    assert len(verdicts) == len(VERDICTS)
    assert min(contrast(colour, named["paper"]) for colour in verdicts) >= 4.5


CHROMIUM = shutil.which("chromium")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_a_browser_finds_from_a_file(tmp_path: Path, atlas: Atlas) -> None:
    """From file:// with no server: brackets and blanks do not matter, pages come before clauses, markup stays text."""
    write_site(atlas, tmp_path / "site")
    write_site(evil_atlas(), tmp_path / "evil")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]

    def found(folder: str, words: str) -> list[str]:
        address = f"file://{tmp_path}/{folder}/zh/index.html?q={quote(words)}"
        done = subprocess.run(
            [str(CHROMIUM), *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", address],
            capture_output=True,
            text=True,
            timeout=120,
        )
        part = done.stdout.partition('id="results-list"')[2].partition("</ol>")[0]
        return re.findall(r"<li><a href=\"([^\"]+)\"", part)

    assert found("site", "财库2016125")[0] == "memoranda/procurement-credit-query.html"
    assert found("site", "失信被执行人名单")[0] == "lists/judgment-defaulters.html"
    assert "memoranda/procurement-law.html" in found("site", "procurement law 政府采购法")
    assert found("site", "没有这样的词") == []
    assert "memoranda/pack.html" in found("evil", "alert")
