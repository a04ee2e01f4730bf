"""The sample registry: the same for the same seed, over every list, and never beside anything real."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.calendar import instant
from engine.errors import RefusedInput
from engine.identity import fits
from engine.registry.migrating import upgrade
from engine.registry.overview import lists_at
from engine.registry.persons import PersonKeys
from engine.registry.store import Store
from engine.services.books import Books
from engine.services.rulebooks import rulebook_of
from engine.services.sampling import Sampled, sample
from engine.vocabulary import Vocabulary
from tests.builders import A
from tests.postgres import Cluster
from tests.registry.arriving import bring, broken, newest, row, rows_kept
from tests.registry.test_persons import fixed

Fresh = Callable[[], Books]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The words of the library."""
    return rulebook_of().vocabulary


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """What makes empty books, each time new ones."""
    made: list[Store] = []

    def make() -> Books:
        server: Cluster = request.getfixturevalue("postgres")
        made.append(Store(tmp_path / f"{len(made)}.db" if request.param == "sqlite" else server.database()))
        upgrade(made[-1])
        return Books(made[-1], PersonKeys.open(tmp_path / "keys" / "identity.key", fixed("k")))

    yield make
    for store in made:
        store.close()


def contents(books: Books) -> list[str]:
    """The digests of what each version wrote; when it was written is no part of them."""
    with books.registry.reading() as connection:
        return list(connection.execute(text('SELECT content FROM "change" ORDER BY version')).scalars())


def test_the_same_seed_gives_the_same_registry(fresh: Fresh, vocabulary: Vocabulary) -> None:
    """Byte for byte; another seed another one."""
    books = [fresh() for _ in range(3)]
    said = [sample(one, vocabulary, 40, seed) for one, seed in zip(books, (1, 1, 2), strict=True)]
    first, again, other = map(contents, books)
    assert first == again
    assert said[0] == said[1]
    assert first != other


def test_every_list_and_every_event_is_in_it(fresh: Fresh, vocabulary: Vocabulary) -> None:
    """With names, relations and codes that are right and nobody's; the figures told are those of the rows."""
    books = fresh()
    said = sample(books, vocabulary, 300)
    kept = rows_kept(books.registry)
    assert said == Sampled(300, kept["entry"], kept["event"], kept["relation"], newest(books.registry))
    assert kept["subject_name"] == 300
    with books.registry.reading() as connection:
        lists = connection.execute(text("SELECT DISTINCT list FROM entry")).scalars().all()
        kinds = connection.execute(text("SELECT DISTINCT kind FROM event")).scalars().all()
        subjects = connection.execute(text("SELECT DISTINCT subject FROM entry")).scalars().all()
    assert {*lists} == {*vocabulary.lists}
    assert {*kinds} == {"repaired", "disputed", "suspended", "annulled", "removed"}
    assert all(fits(code) and code.startswith("91990000") for code in subjects)
    assert broken(books.registry) == []


def test_invented_subjects_never_stand_beside_real_ones(fresh: Fresh, vocabulary: Vocabulary) -> None:
    """A registry that holds anything is refused, and left as it is."""
    books = fresh()
    bring(books.registry, [row(A)])
    before = rows_kept(books.registry)
    with pytest.raises(RefusedInput, match="not empty"):
        sample(books, vocabulary, 10)
    assert rows_kept(books.registry) == before


def test_the_sample_is_of_the_day_that_is_wanted(fresh: Fresh, vocabulary: Vocabulary) -> None:
    """Every list has just arrived then and is relied on; nothing lies ahead."""
    books, now = fresh(), datetime(2031, 2, 3, 22, 5, tzinfo=UTC)
    sample(books, vocabulary, 60, now=now)
    with books.registry.reading() as connection:
        lines = lists_at(connection, newest(books.registry), vocabulary)
        assert {line.data_time and line.data_time.first for line in lines} == {int(now.timestamp() * 1_000_000)}
        assert all(line.known(instant(now)) for line in lines)
        assert connection.execute(text("SELECT MAX(at) FROM event")).scalar_one() <= "2031-02-04"


@pytest.mark.parametrize("size", [1, 2])
def test_the_smallest_sample_is_one_too(fresh: Fresh, vocabulary: Vocabulary, size: int) -> None:
    """Of one subject, which is tied to nobody."""
    books = fresh()
    assert sample(books, vocabulary, size).entries == len(vocabulary.lists)
    assert broken(books.registry) == []
