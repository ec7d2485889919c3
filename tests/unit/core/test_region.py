"""Places and which lies in which; invented ones only."""

from lagesbild.core.region import NATION, Geography, Level, Region

PLACES = Geography(
    (
        Region("0001", Level.MUNICIPALITY, "Ettby", "Ettby", ("01", "PX", "X1", NATION)),
        Region("0002", Level.MUNICIPALITY, "Tvåby", "Tvåby", ("01", "PX", "X2", NATION)),
        Region("01", Level.COUNTY, "Första län", "First County", ("PX", NATION)),
        Region("PX", Level.POLICE_REGION, "Polisregion X", "Police Region X", (NATION,)),
        Region("X1", Level.SKR_GROUP, "Grupp ett", "Group One", (NATION,)),
        Region("X2", Level.SKR_GROUP, "Grupp två", "Group Two", (NATION,)),
        Region(NATION, Level.NATION, "Riket", "Sweden"),
    ),
    {"0001": ("0002",), "0002": ("0001",)},
)


def test_members_of_a_larger_place() -> None:
    assert [region.code for region in PLACES.members("01")] == ["0001", "0002"]
    assert [region.code for region in PLACES.members("X2")] == ["0002"]
    assert [region.code for region in PLACES.members(NATION, Level.COUNTY)] == ["01"]
    assert PLACES.members("0001") == ()


def test_the_larger_place_of_a_level() -> None:
    county = PLACES.larger("0001", Level.COUNTY)
    assert county is not None
    assert county.name_sv == "Första län"
    assert PLACES.larger(NATION, Level.COUNTY) is None


def test_places_are_found_by_code() -> None:
    assert "0002" in PLACES
    assert "0003" not in PLACES
    assert [region.code for region in PLACES.at(Level.POLICE_REGION)] == ["PX"]
