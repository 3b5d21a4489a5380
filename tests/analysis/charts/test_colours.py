"""Countries keep their colours while others come and go."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.charts.chart import MAX_CHOSEN
from dashboard.analysis.charts.colours import assign_places

ORDER = tuple(f"C{number:02}" for number in range(40))

chosen = st.lists(st.sampled_from(ORDER), min_size=1, max_size=MAX_CHOSEN, unique=True)


@given(chosen)
def test_who_joins_moves_nobody(countries: list[str]) -> None:
    *before, _ = countries
    after = assign_places(countries, ORDER)
    assert {iso3: after[iso3] for iso3 in before} == assign_places(before, ORDER)


@given(chosen)
def test_six_countries_have_six_colours(countries: list[str]) -> None:
    assert len(set(assign_places(countries, ORDER).values())) == len(countries)


@given(chosen)
def test_a_country_alone_with_its_place_keeps_it(countries: list[str]) -> None:
    given_to = assign_places(countries, ORDER)
    own = {iso3: ORDER.index(iso3) % MAX_CHOSEN for iso3 in countries}
    if len(set(own.values())) == len(own):
        assert given_to == own


def test_one_that_leaves_moves_nobody_it_shares_no_place_with() -> None:
    six = ("C00", "C01", "C02", "C03", "C04", "C11")
    without = assign_places([iso3 for iso3 in six if iso3 != "C01"], ORDER)
    assert without == {iso3: place for iso3, place in assign_places(six, ORDER).items() if iso3 != "C01"}


def test_more_countries_than_colours_take_their_own_again() -> None:
    many = assign_places(ORDER[:12], ORDER)
    assert [many[iso3] for iso3 in ORDER[:12]] == [*range(MAX_CHOSEN), *range(MAX_CHOSEN)]
