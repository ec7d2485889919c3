"""Synthetic control on predictors: terrorism and the Basque economy, and the reunification of Germany."""

import pytest

from lagesbild.analysis import longitudinal
from lagesbild.analysis.catalogue import METHODS
from lagesbild.analysis.synth.answer import read_panel
from lagesbild.analysis.synth.predictors import on_predictors
from lagesbild.analysis.table.tidy import Tidy

# Region; school.illit, prim, med, high, post.high and invest (means 1964-69); agriculture, energy, industry,
# construction, venta and nonventa (1961-69), popdens (1969); gdpcap 1960-69 and 1974.
BASQUE = """\
Andalucia 863.389 3062.42 155.565 57.2665 27.2789 19.32 24.194 2.774 18.276 8.13 38.186 8.444 68.51 2.01014
 2.12918 2.28035 2.43102 2.50885 2.58469 2.69444 2.80234 2.98736 3.17909 4.05184
Aragon 73.1212 728.579 44.2154 16.0917 8.68442 21.5775 21.726 6.278 22.78 7.832 34.29 7.096 24.04 2.88146
 3.09954 3.35918 3.61418 3.68009 3.74529 3.88332 4.01614 4.24364 4.47622 5.44237
Principado-De-Asturias 31.4884 670.909 46.3985 14.7994 6.4245 22.7696 12.362 18.648 24.126 9.006 30.152
 5.708 98.74 2.9673 3.14389 3.37354 3.59726 3.67259 3.74336 3.90938 4.07312 4.30863 4.5497 5.50250
Baleares 47.9039 300.814 20.0452 5.9216 3.68015 24.4417 13.13 2.076 18.258 8.294 51.752 6.494 104.17 4.05884
 4.36025 4.64617 4.91153 5.0507 5.18466 5.4668 5.73765 6.16145 6.58169 7.97272
Canarias 128.308 522.095 45.4475 12.0868 5.84412 25.9542 19.944 7.818 9.816 8.67 45.278 8.482 148.25 2.35768
 2.44573 2.64824 2.84476 2.95116 3.0542 3.23179 3.40338 3.66031 3.91288 4.96779
Cantabria 9.39491 289.572 24.1064 7.30442 2.88521 29.0712 15.922 2.894 36.53 5.976 33.484 5.198 87.39
 3.13703 3.32762 3.55534 3.77142 3.8394 3.9061 4.03213 4.15596 4.37589 4.61083 5.50835
Castilla-Y-Leon 105.508 1766.93 102.3 37.7873 19.1734 19.6525 29.718 7.818 16.474 7.144 30.844 8 28.77
 2.13882 2.2395 2.45423 2.67224 2.77778 2.88218 2.98807 3.09454 3.30227 3.52099 4.46472
Castilla-La-Mancha 254.45 1035.27 33.3695 16.5397 6.30816 17.9707 36.086 5.18 17.178 5.81 29.238 6.506 22.38
 1.66752 1.75243 1.92045 2.0919 2.18259 2.27471 2.37839 2.48236 2.70908 2.94744 4.02813
Cataluna 277.935 2883.36 215.165 63.6083 32.3746 22.5204 6.936 2.88 40.056 6.706 39.068 4.356 153.12 4.24179
 4.57534 4.83805 5.08133 5.1581 5.22365 5.33248 5.42945 5.67438 5.91552 6.98736
Comunidad-Valenciana 266.968 1695.12 103.959 34.2758 16.8221 23.7027 18.582 2.698 28.046 6.17 39.064 5.444
 128.7 3.21929 3.36247 3.56998 3.76521 3.82369 3.87418 3.97815 4.07341 4.27978 4.48629 5.55798
Extremadura 177.728 692.889 24.0484 11.2717 4.57057 20.2395 37.948 2.646 10.886 8.77 31.72 8.038 28.97
 1.53585 1.59626 1.70558 1.81769 1.88282 1.94887 2.03263 2.11761 2.2455 2.38196 3.10304
Galicia 234.752 1666.93 77.4645 29.3419 13.5431 20.6063 28.862 5.328 17.882 7.032 33.714 7.188 91.02 1.98329
 2.00578 2.18566 2.3664 2.4588 2.5497 2.66967 2.78785 2.97836 3.17738 4.13239
Madrid 133.159 1856.07 269.962 62.4587 57.705 16.2345 1.864 2.074 23.834 8.358 52.714 11.162 442.45 5.1611
 5.6326 5.84083 6.02449 6.09933 6.15203 6.11047 6.05734 6.25314 6.43559 7.65567
Murcia 105.877 431.747 27.9074 9.08254 4.42853 20.7063 19.352 10.228 19.644 6.29 36.178 8.312 73.36 2.11861
 2.30548 2.52142 2.73907 2.85126 2.96594 3.09919 3.22729 3.46115 3.70616 4.69780
Navarra 13.438 280.002 20.4509 6.55035 4.19037 19.9552 24.704 2.74 28.398 6.982 30.468 6.71 44.17 3.16352
 3.3359 3.62339 3.89482 3.98515 4.07298 4.21001 4.3524 4.55698 4.76571 5.98479
Basque-Country 39.8885 1031.74 90.3587 25.7275 13.4797 24.6474 6.844 4.106 45.082 6.15 33.754 4.072 246.89
 4.28592 4.57434 4.89896 5.19701 5.3389 5.46515 5.54592 5.6149 5.85218 6.08141 7.10518
Rioja 9.15183 152.269 9.76003 3.37717 1.73276 18.0559 30.322 2.888 26.612 5.238 28.3 6.644 46.58 2.96987
 3.15317 3.40438 3.66924 3.80398 3.92181 4.0327 4.16031 4.37304 4.60354 5.57584
"""
PERIODS = (*range(1960, 1970), 1974)
SECTORS = ("agriculture", "energy", "industry", "construction", "venta", "nonventa")
PREDICTORS = ("illit", "prim", "med", "high", "post", "invest", *SECTORS, "popdens")
SYNTH_V = (
    0.027730937, 1.194e-07, 1.60609e-05, 0.0007163836, 1.486e-07, 0.0024239079, 0.2651997225, 0.028510064,
    0.2912759989, 0.0079943819, 0.0040531877, 0.0093985791, 0.3039750099, 0.0587054985,
)  # fmt: skip


def basque(importance=None):
    """The estimate on the predictors and its donors; the outcome's own mean comes last among them."""
    rows = [row.split() for row in BASQUE.replace("\n ", " ").splitlines()]
    columns = {name: [] for name in ("unit", "period", "outcome", "gdp", *PREDICTORS)}
    for name, *cells in rows:
        values = [float(cell) for cell in cells]
        for period, outcome in zip(PERIODS, values[13:], strict=True):
            known = dict(zip(PREDICTORS, values, strict=False))
            row = known | {"unit": name, "period": period, "outcome": outcome, "gdp": outcome}
            for column, value in row.items():
                columns[column].append(value)
    data = longitudinal.read(Tidy.of(**columns))
    panel, _, _ = read_panel(data, ("Basque-Country",), "1974", (*PREDICTORS, "gdp"), ())
    found = on_predictors(importance)(panel)
    weights = dict(zip(panel.donors, found.weights, strict=True))
    return found, {name: weight for name, weight in weights.items() if weight > 1e-3}


def test_the_importance_that_synth_finds_gives_its_weights():
    """Abadie, Diamond and Hainmueller (2011, J Stat Softw 42(13)), data basque, run in R 4.2.2:
    loss 0.008864606, Cataluna 0.8508, Madrid 0.1492, 1974 at 0.01812 above."""
    found, weights = basque(SYNTH_V)
    assert weights == pytest.approx({"Cataluna": 0.8508, "Madrid": 0.1492}, abs=1e-3)
    assert found.pre_rmspe**2 == pytest.approx(0.008864606, rel=1e-3)
    assert found.att == pytest.approx(0.01812, abs=2e-3)


def test_our_own_search_finds_the_better_fit_of_mscmt():
    """Becker and Klossner's R package MSCMT prints (vignette "Working with MSCMT"): loss
    0.004286071 with Cataluna 63.27857 %, Baleares 21.92728 % and the rest Madrid."""
    found, weights = basque()
    wanted = {"Cataluna": 0.6327857, "Baleares": 0.2192728, "Madrid": 0.1479415}
    assert weights == pytest.approx(wanted, abs=2e-3)
    assert found.pre_rmspe**2 == pytest.approx(0.004286071, rel=1e-4)


# Trade, inflation and industry (means 1981-90), schooling (1980 and 1985), investment (1980), and the gross
# domestic product a head of 1981-1990, 1991, 1995, 2000 and 2003.
REUNIFICATION = """\
USA 19.1998 4.74006 30.5951 60.15 22.376 13533 13940 15008 16549 17600
 18439 19407 20711 22047 23064 23507 27574 34603 37548
UK 52.3739 6.58536 39.0615 34.3 17.588 9161 9917 10669 11336 12068
 12795 13717 14864 15716 16397 16681 19860 25583 29609
Austria 74.6308 3.52956 35.4853 60.9 26.642 11242 12148 13048 13533 14296
 14921 15549 16595 17768 19070 20172 22976 28359 30796
Belgium 133.612 4.5803 33.4812 32.1 21.876 11079 11827 12334 13113 13735
 14292 15013 16209 17345 18526 19453 22248 26631 30082
Denmark 69.5574 5.94566 27.205 42.95 22.218 11106 12115 12822 13777 14698
 15608 16024 16766 17418 18237 19070 22693 28798 30853
France 44.7369 6.36829 32.2105 35.4 27.236 10929 11869 12518 13145 13746
 14308 14940 16040 17193 18244 19021 21545 26690 29210
West-Germany 56.7778 2.5948 34.5385 55.5 27.018 12115 12761 13519 14481 15291
 15998 16679 17786 18994 20465 21602 23035 26943 28855
Italy 42.6831 9.72169 35.9127 29.75 26.728 10593 11275 11812 12543 13285
 13896 14688 15784 16875 17946 18845 21532 25759 27537
Netherlands 106.079 2.54372 32.7677 44.4 21.84 11304 11784 12419 13234 13938
 14613 15197 16082 17387 18665 19626 22585 28467 31792
Norway 74.6356 7.66447 38.7166 40.15 31.594 10548 11205 12022 13220 14354
 15184 15823 16299 17043 18004 19212 23874 36273 37245
Switzerland 71.4585 3.40692 31.871 53.95 30.964 15338 15963 16611 17710 18812
 19458 20120 21334 22965 24518 24840 26485 30461 33516
Japan 23.0428 2.0582 39.5612 40.9 34.986 9986 10813 11346 12064 12978
 13590 14425 15862 17269 18815 20055 22551 26015 28071
Greece 43.0072 19.0408 30.262 21.7 24.002 7870 8204 8388 8834 9297
 9525 9548 10277 11036 11405 11971 12991 16272 20479
Portugal 69.9741 17.3098 32.5295 12.15 26.488 5812 6263 6479 6570 6959
 7414 8126 9057 10042 10894 11783 13413 17353 17603
Spain 39.6569 9.3627 36.4034 15.45 24.568 7447 7957 8378 8812 9259
 9744 10542 11434 12417 13365 14152 16032 21074 24812
Australia 33.7769 8.12768 32.8806 47.95 29.696 11513 11537 12300 13120 14019
 14537 15554 16524 17255 17322 17652 21773 27403 31273
New-Zealand 58.8757 10.8799 31.7678 46.35 25.522 9736 10687 11262 12141 12556
 13085 13402 13569 14124 14420 14252 17402 20789 23728
"""
YEARS = (*range(1981, 1991), 1991, 1995, 2000, 2003)
BESIDE = ("trade", "infrate", "industry", "schooling", "invest80")


def test_west_germany_after_the_reunification():
    """Abadie, Diamond and Hainmueller (2015, Am J Political Science 59:495), table 1: Austria 0.42, the
    United States 0.22, Japan 0.16, Switzerland 0.11, the Netherlands 0.09.

    Importances and gaps as the Python package pysyncon prints them in examples/germany.ipynb.
    """
    columns = {name: [] for name in ("unit", "period", "outcome", *BESIDE)}
    for name, *numbers in (row.split() for row in REUNIFICATION.replace("\n ", " ").splitlines()):
        beside, course = map(float, numbers[:5]), map(float, numbers[5:])
        fixed = dict(zip(BESIDE, beside, strict=True))
        for year, outcome in zip(YEARS, course, strict=True):
            row = {"unit": name, "period": year, "outcome": outcome, **fixed}
            for column, value in row.items():
                columns[column].append(value)
    answer = METHODS["synth"].answer(
        Tidy.of(**columns),
        treated=("West-Germany",),
        at="1991",
        estimators=(),
        predictors=("outcome@1981..1990", "trade", "infrate", "industry", "schooling", "invest80@1981"),
        importance=(0.240, 0.205, 0.188, 0.001, 0.208, 0.158),
    )
    (row,) = answer.rows
    weights = {name: weight for name, weight in row["weights"].items() if weight > 0.001}
    published = {"Austria": 0.415, "USA": 0.216, "Japan": 0.163, "Switzerland": 0.108, "Netherlands": 0.098}
    assert weights == pytest.approx(published, abs=0.002)
    assert row["gap"]["1995"] == pytest.approx(-1205.25, abs=3)
    assert row["gap"]["2000"] == pytest.approx(-2620.73, abs=3)
    assert row["p"] == pytest.approx(1 / 17)
