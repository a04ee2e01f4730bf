"""Citations: read and written back alike, and spoken as lawyers speak them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.citation import Citation, chinese_number, parse_citation, spoken_en, spoken_zh

ARTICLES = st.integers(1, 9999)
PARTS = st.integers(1, 999)
NAMES = st.sampled_from(["政府采购法", "财库〔2016〕125号", "法〔2016〕285号", "x"])
LABELS = st.sampled_from(["二（三）1", "八", "附件2", "第3条", "22.1.5.7", "022", "0", "1.", "22.1000", "十 九"])
NUMBERS = st.tuples(ARTICLES) | st.tuples(ARTICLES, PARTS) | st.tuples(ARTICLES, PARTS, PARTS)
CITATIONS = (
    st.builds(Citation, NAMES)
    | st.builds(Citation, NAMES, NUMBERS)
    | st.builds(lambda name, label: Citation(name, label=label), NAMES, LABELS)
)


@given(CITATIONS)
def test_what_is_written_is_read_back(citation):
    """parse(format(citation)) is the citation, whether it has numbers, a label, or neither."""
    assert parse_citation(str(citation)) == citation


@given(st.text(st.sampled_from("政法〔〕号 二.0123456789（）\u3000\t"), max_size=12))
def test_what_is_read_is_written_back(text):
    """format(parse(text)) is the text, or the text is refused: nothing is mended in silence."""
    try:
        citation = parse_citation(text)
    except ValueError:
        return
    assert str(citation) == text


def test_full_width_digits_are_no_numbers():
    """`2２` is not rewritten as 22: it stays the document's own label."""
    assert str(parse_citation("某法 2２")) == "某法 2２"


@pytest.mark.parametrize(
    ("text", "article"), [("某法 22.1.5", 22), ("某法 9999", 9999), ("某法 八", None), ("某法", None), ("某法 0", None)]
)
def test_the_article_is_the_first_number(text, article):
    """Only a numbered citation has an article."""
    assert parse_citation(text).article == article


@pytest.mark.parametrize("text", ["", " ", " 22", "某法 ", "某法  22", "某法 22 "])
def test_bad_spacing_is_refused(text):
    """An instrument, one space, a place."""
    with pytest.raises(ValueError, match="one space"):
        parse_citation(text)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("政府采购法 22.1.5", "《政府采购法》第二十二条第一款第（五）项", "GPL, art. 22(1)(5)"),
        ("政府采购法 77", "《政府采购法》第七十七条", "GPL, art. 77"),
        ("政府采购法", "《政府采购法》", "GPL"),
        ("财库〔2016〕125号 二（三）1", "财库〔2016〕125号二（三）1", "GPL 二（三）1"),
    ],
)
def test_spoken(text, zh, en):
    """A statute in book-title marks with article, paragraph and item; a numbered document by its number and label."""
    citation = parse_citation(text)
    assert spoken_zh(citation) == zh
    assert spoken_en(citation, "GPL") == en


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (22, "二十二"),
        (100, "一百"),
        (101, "一百零一"),
        (103, "一百零三"),
        (110, "一百一十"),
        (111, "一百一十一"),
        (1000, "一千"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (1100, "一千一百"),
        (1260, "一千二百六十"),
        (9999, "九千九百九十九"),
    ],
)
def test_numerals_of_statutes(number, text):
    """As the Civil Code numbers its 1260 articles."""
    assert chinese_number(number) == text


def test_no_two_numbers_share_a_numeral():
    """All 9999 differ, so a spoken citation names one article."""
    assert len({chinese_number(number) for number in range(1, 10_000)}) == 9_999
