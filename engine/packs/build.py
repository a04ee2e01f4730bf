"""A pack's tree into a Memorandum: its head, its measures, and every fault with the clause it stands in."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from engine.calendar import FIRST_DAY
from engine.errors import Fault, Place
from engine.model import Form, Measure, Memorandum
from engine.packs.measures import Head, MeasureReader
from engine.packs.schema import faults_of
from engine.packs.tree import Tree
from engine.packs.words import Node, titled
from engine.vocabulary import NATIONAL, Vocabulary, Words


@dataclass(frozen=True, slots=True)
class Built:
    """What a pack file says: the memorandum unless a fault forbids it, the faults, and what is sound in spite of them.

    `sound` has the measures without a fault of their own, so that one fault hides none of another kind elsewhere;
    it is None where the head is at fault.
    """

    memorandum: Memorandum | None
    faults: tuple[Fault, ...]
    sound: Memorandum | None


def build_pack(tree: Tree, code: str, path: str, vocabulary: Vocabulary) -> Built:
    """Read one pack. `code` is its identity (the file's stem), `path` where it stands in its layer."""
    faults = [*tree.faults, *faults_of(tree, "pack")]
    root = Node.root(tree, faults)
    measures = root.at("measures")
    clauses = _clauses(measures)
    memorandum = _memorandum(root, code, path, clauses, vocabulary)
    said = tuple(sorted(_labelled(faults, root), key=lambda fault: (fault.place.line, fault.place.column, fault.code)))
    wrong = {fault.clause for fault in said if fault.severity == "error"}
    measures_left = tuple(measure for measure in memorandum.measures if measure.clause not in wrong)
    sound = None if "" in wrong else replace(memorandum, measures=measures_left)
    return Built(None if wrong else memorandum, said, sound)


def _clauses(measures: Node) -> tuple[str, ...]:
    """The labels of the pack; one that stands twice is a fault."""
    seen: dict[str, Place] = {}
    for measure in measures.kids():
        node = measure.at("clause")
        if node.text in seen:
            line = seen[node.text].line
            zh, en = (
                f"条款 `{node.text}` 重复，第 {line} 行已有",
                f"the clause `{node.text}` stands twice, first on line {line}",
            )
            node.fault("P218", zh, en, ("标签后加字区分", "add a word to tell them apart"))
        elif node.text:
            seen[node.text] = node.tree.place(node.path)
    return tuple(seen)


def _memorandum(root: Node, code: str, path: str, clauses: tuple[str, ...], vocabulary: Vocabulary) -> Memorandum:
    head = _head(root, code, clauses, vocabulary)
    measures: list[Measure] = []
    written = [node for node in root.at("measures").kids() if node.map]
    # A syntax error cut the last measure short: what it lacks may stand in the part not read.
    for node in written if root.tree.whole else written[:-1]:
        measures.append(MeasureReader(node, head, vocabulary).read())
    return Memorandum(
        code=code,
        title=_title(root),
        number=root.at("number").text,
        kind=root.at("kind").text,
        form=head.form,
        jurisdiction=head.jurisdiction,
        issued=root.day("issued") or FIRST_DAY,
        span=head.span,
        issuers=root.words("issuers", "P205", vocabulary.issuers, "单位", "issuer"),
        lists=head.lists,
        measures=tuple(measures),
        path=path,
        ending=root.at("in_force").at("note").text,
        note=root.at("note").remark(),
    )


def _title(root: Node) -> Words:
    return Words(root.at("title").text, root.at("english").text)


def _head(root: Node, code: str, clauses: tuple[str, ...], vocabulary: Vocabulary) -> Head:
    place = root.at("jurisdiction")
    known = place.known("P212", {NATIONAL, *vocabulary.jurisdictions}, "地区", "place")
    form = root.at("form").text
    return Head(
        code=code,
        form=Form(form) if form in {str(one) for one in Form} else Form.NORMATIVE_DOCUMENT,
        jurisdiction=place.text if known else NATIONAL,
        span=root.at("in_force").span(),
        lists=root.words("lists", "P202", vocabulary.lists, "名单", "list"),
        names_lists=root.has("lists"),
        checked=root.at("checked").checked(),
        labels=clauses,
    )


def _labelled(faults: list[Fault], root: Node) -> list[Fault]:
    """Each fault with the clause whose lines it stands on, and the document's title."""
    measures, title = tuple(root.at("measures").kids()), _title(root).zh
    starts = [node.tree.place(node.path).line for node in measures]  # a list's items stand in order
    clauses = ["", *(node.at("clause").text for node in measures)]
    said = []
    for fault in faults:
        said += titled([fault], clauses[bisect_right(starts, fault.place.line)], title)
    return said
