"""A small made-up district and its month, whose reports are made without a kernel."""

import json
import shutil
from functools import cache
from pathlib import Path

from nmsdreports import assess, edition, load, write_workbook
from nmsdreports.run import reports
from nmsdreports.run.execute import Executed
from nmsdreports.run.month import make_month
from nmsdreports.run.plan import last_day, plan_month
from tests.run.quick_night import instead_of_workers

MONTH = "2026-10"
SETTINGS = """name = "Made-up District"
email_domains = ["example.org"]
[contact]
name = "Wren Quillby"
email = "w.quillby@example.org"
"""
SCHOOLS = {
    "S1": ("Pine Elementary", "Nell Inkpenny", "n.inkpenny@example.org"),
    "S2": ("École Élan 学校", "Zoë Ünal", "z.unal@example.org"),
    "S3": ("Hawk Hollow", "Greta Rulerton", "g.rulerton@example.org"),
    "S4": ("Lantern Bay", "Milo Globeworth", "m.globeworth@example.org"),
}
PRINCIPALS = [address for _, _, address in SCHOOLS.values()]
EVERYBODY = [*PRINCIPALS, "w.quillby@example.org"]


def write_schools(folder, schools):
    lines = [",".join((key, *rest)) for key, rest in schools.items()]
    text = "\n".join(["School ID,School name,Principal,Principal e-mail", *lines])
    (folder / "schools.csv").write_text(text + "\n", "utf-8")


def write_source(folder, **mail):
    """Write the district; `mail` are lines of [mail]."""
    folder.mkdir(parents=True)
    mail = "".join(f"{key} = {json.dumps(value)}\n" for key, value in mail.items())
    (folder / "district.toml").write_text(SETTINGS + (f"[mail]\n{mail}" if mail else ""), "utf-8")
    write_schools(folder, SCHOOLS)
    rows = [f"A{n},{school},X,@{school}x,2026-10-0{n}" for n, school in enumerate(SCHOOLS, 1)]
    text = "\n".join(["Account ID,School,Platform,Handle,Launched on", *rows])
    (folder / "accounts.csv").write_text(text + "\n", "utf-8")
    (folder / "incidents.csv").write_text("Incident ID,School,Guideline,Occurred on\n", "utf-8")
    return folder


def make(source, output, month=MONTH):
    """Make a month's edition as `report` does; each workbook is the real one."""
    records = load(source, read_on=last_day(month))
    standing = assess(records).at(last_day(month))

    def quick(template, target, parameters):
        school_id = parameters.get("school_id")
        seen = edition(standing, "school" if school_id else "office", school_id)
        write_workbook(seen, Path(parameters["output"]) / f"{seen.stem}.xlsx")
        target.write_text(json.dumps({"cells": []}), "utf-8")
        return Executed(target)

    kept, reports.open_workers = reports.open_workers, instead_of_workers(quick)
    try:
        plan = plan_month(records, month, (), output, last_day("2026-11").date())
        return make_month(plan, lambda *said: None).edition
    finally:
        reports.open_workers = kept


def remember(function):
    """The editions of schools, computed once for each edition's folder as it was copied."""
    known = {}

    def school_editions(folder, then, settings):
        made = json.loads((folder / "manifest.json").read_text("utf-8"))["made_from"]
        if made not in known:
            known[made] = cache(function(folder, then, settings))
        return known[made]

    return school_editions


def copy(made, output):
    """Give a copy of the folder of reports in which `made` lies; returns the edition there."""
    return Path(shutil.copytree(made.parent, output), made.name)
