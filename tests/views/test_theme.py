from itertools import chain

import pandas as pd
import pytest

from nmsdreports.settings import InputError
from nmsdreports.views.theme import contrast, date_words, read_theme

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


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ('[colours]\nmuted = "#aaaaaa"\n', "[colours] 'muted' #aaaaaa on 'background' #ffffff has"),
        ('[colours]\nacent = "#000000"\n', "[colours] has no key 'acent' (did you mean 'accent'?)"),
        ("colours = 3\n", "'colours' is a section"),
        ("[colours\n", "cannot be read: line 1"),
        ('[fonts]\nsans = "A;}"\n', "[fonts] 'sans' must be the name of a font"),
        ('[formats]\ndate = "hh"\n', "[formats] 'date' must be a day in d, m and y"),
        ('[series]\ncolours = ["#0072b2"]\n', "[series] 'colours' must be a list of at least"),
        (
            '[status.meets]\ntext = "#eeeeee"\n',
            "'text' #eeeeee on its 'fill' #e2f1e7 has",
        ),
    ],
)
def test_a_theme_that_cannot_be_used_is_refused_with_its_file_and_key(tmp_path, own, told):
    path = tmp_path / "our theme.toml"
    path.write_text(own, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_theme(path)
    assert str(refused.value).startswith("our theme.toml")
    assert told in str(refused.value)


def test_days_are_written_in_the_themes_format():
    day = pd.Timestamp("2026-03-05")
    assert date_words(day, THEME.formats["date"]) == "Mar 5, 2026"
    assert date_words(day, "dd.mm.yyyy") == "05.03.2026"
    assert date_words(day, "d mmmm yy") == "5 March 26"
