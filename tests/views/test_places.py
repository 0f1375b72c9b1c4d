"""The names of folders and files are such as Windows, macOS and Linux all take."""

import pytest

from nmsdreports.views.places import file_stem, folder_names

DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


def refused_by_windows(name):
    """Whether Windows takes a name for a device, or cannot keep it as it is."""
    device = name.split(".")[0].rstrip(" ").lower() in DEVICES
    return device or name != name.strip(" ").rstrip(".") or set(name) & set('<>:"/\\|?*')


@pytest.mark.parametrize(
    "school_id", ["CON", "nul", "Com1", "LPT9", "S1.", "...", "*", "aux.", "S 1"]
)
@pytest.mark.parametrize("name", ["学校", "...", "Pine Elementary.", "Aux. Campus", "con", "?", ""])
def test_no_school_has_a_folder_or_file_that_windows_refuses(school_id, name):
    (folder,) = folder_names([(school_id, name)]).values()
    assert folder and not refused_by_windows(folder)
    for ending in (".html", ".xlsx", ".ipynb"):
        assert not refused_by_windows(file_stem(name, "2026-10") + ending)


def test_usual_names_stay_as_they_are():
    assert folder_names([("S1", "Pine Elementary")]) == {"S1": "S1-pine-elementary"}
    assert file_stem("St. Mary: North/South", "2026-10") == "St. Mary North South 2026-10"
    assert file_stem("Conway Elementary", "2026-10") == "Conway Elementary 2026-10"


def test_a_name_that_windows_keeps_for_itself_gets_a_word_before_it():
    assert file_stem("Aux. Campus", "2026-10") == "School Aux. Campus 2026-10"
    assert folder_names([("CON", "学校"), ("con", "学校")]) == {
        "CON": "school-CON",
        "con": "school-con-2",
    }
