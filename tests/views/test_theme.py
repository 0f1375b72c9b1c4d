from itertools import chain

import pytest

from nmsdreports.views.theme import contrast, read_theme

THEME = read_theme()


def test_contrast_is_the_formula_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == 1
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_every_fill_can_be_read():
    looks = chain(THEME.status.items(), THEME.severity.items(), THEME.substantiation.items())
    faint = {name: contrast(look.fill, look.text) for name, look in looks}
    colours = THEME.colours
    faint["header"] = contrast(colours["header_fill"], colours["header_text"])
    faint["alert"] = contrast(colours["alert_fill"], colours["alert_text"])
    for ink in ("text", "muted", "accent"):
        faint[f"{ink} on background"] = contrast(colours[ink], colours["background"])
        faint[f"{ink} on band"] = contrast(colours[ink], colours["band"])
    assert {name: ratio for name, ratio in faint.items() if ratio < 4.5} == {}


def test_every_series_stands_out_from_the_background():
    assert [c for c in THEME.series if contrast(c, THEME.colours["background"]) < 3] == []


def test_every_status_has_its_own_mark():
    marks = [look.mark for look in THEME.status.values()]
    assert len(set(marks)) == len(marks) == 7


def test_a_district_changes_only_what_it_names(tmp_path):
    own = tmp_path / "theme.toml"
    own.write_text('[colours]\naccent = "#004400"\n', encoding="utf-8")
    theme = read_theme(own)
    assert theme.colours == {**THEME.colours, "accent": "#004400"}
    assert theme.status == THEME.status
