import hashlib
import os
import time
import zipfile

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import LineChart, Reference

from nmsdreports.views.finish import describe_workbook, save_workbook

DAY = pd.Timestamp("2026-10-31")


def charted() -> Workbook:
    workbook = Workbook()
    sheet = workbook.active
    for row in [("Month", "Open"), ("Sep", 3), ("Oct", 5)]:
        sheet.append(row)
    chart = LineChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    sheet.add_chart(chart, "D2")
    describe_workbook(workbook, "Pine, October 2026", "North Mason School District", DAY, "report")
    return workbook


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zones of a process on Windows")
def test_same_workbook_has_the_same_bytes_in_another_second_and_time_zone(tmp_path, monkeypatch):
    one = digest(save_workbook(charted(), tmp_path / "one.xlsx", [[("Trend", "3, then 5")]]))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        time.sleep(1.1)
        path = tmp_path / "two.xlsx"
        os.utime(tmp_path)
        two = digest(save_workbook(charted(), path, [[("Trend", "3, then 5")]]))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert one == two


def test_properties_name_the_district_and_the_day_and_mark_the_file(tmp_path):
    path = save_workbook(charted(), tmp_path / "a.xlsx", [[("Trend", "3, then 5")]])
    read = load_workbook(path)
    assert read.properties.title == "Pine, October 2026"
    assert read.properties.creator == "North Mason School District"
    assert read.properties.created == read.properties.modified == DAY.to_pydatetime()
    assert read.properties.lastModifiedBy is None
    assert {prop.name: prop.value for prop in read.custom_doc_props} == {"nmsdreports": "report"}
    with zipfile.ZipFile(path) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist()).decode()
    assert "openpyxl" not in everything
    assert str(tmp_path) not in everything


def test_alt_text_reaches_the_chart_with_quotes_and_ampersands_intact(tmp_path):
    alt = 'Open findings at "Arts & Sciences": 3 < 5'
    path = save_workbook(charted(), tmp_path / "a.xlsx", [[("Trend", alt)]])
    with zipfile.ZipFile(path) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    from xml.etree import ElementTree

    frames = [e for e in ElementTree.fromstring(drawing).iter() if e.tag.endswith("}cNvPr")]
    assert [(e.get("name"), e.get("descr")) for e in frames] == [("Trend", alt)]


def test_an_alt_text_without_its_chart_is_an_error_not_a_silence(tmp_path):
    with pytest.raises(ValueError, match="no chart 2"):
        save_workbook(charted(), tmp_path / "a.xlsx", [[("A", "3, then 5"), ("B", "none")]])
    assert not (tmp_path / "a.xlsx").exists()
