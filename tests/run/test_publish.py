import hashlib

import pytest

from nmsdreports.run import publish


def make(output, *, whole=True, month="2026-10", text="report"):
    output.mkdir(exist_ok=True)
    with publish.staging_folder(output, month) as staging:
        (staging / "schools").mkdir()
        (staging / "schools" / "a.html").write_text(text)
        publish.write_manifest(staging, {"month": month, "whole": whole})
        return publish.publish(staging, output, month)


def names(output):
    return sorted(path.name for path in output.iterdir())


def test_an_edition_gets_a_new_name_and_nothing_else_stays(tmp_path):
    output = tmp_path / "reports"

    assert [make(output).name for _ in range(3)] == ["2026-10", "2026-10-2", "2026-10-3"]
    assert names(output) == ["2026-10", "2026-10-2", "2026-10-3"]


def test_the_manifest_lists_every_file_with_its_hash(tmp_path):
    manifest = publish.read_manifest(make(tmp_path / "reports"))

    listed = manifest["outputs"]["schools/a.html"]
    assert listed["bytes"] == 6
    assert listed["sha256"] == hashlib.sha256(b"report").hexdigest()
    assert manifest["state"] == "draft"


def test_a_run_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="disk"), publish.staging_folder(tmp_path, "2026-10") as made:
        (made / "index.html").write_text("half")
        raise OSError("disk full")

    assert names(tmp_path) == []


def test_what_does_not_read_back_from_the_disk_is_not_published(tmp_path):
    with (
        pytest.raises(OSError, match="does not read back"),
        publish.staging_folder(tmp_path, "2026-10") as staging,
    ):
        (staging / "a.html").write_text("report")
        publish.write_manifest(staging, {"month": "2026-10", "whole": True})
        (staging / "a.html").write_text("rep\0\0\0")
        publish.publish(staging, tmp_path, "2026-10")

    assert names(tmp_path) == []


def test_a_newer_draft_takes_the_place_of_an_older_one(tmp_path):
    make(tmp_path)
    newer = make(tmp_path, text="newer")

    assert publish.remove_superseded(tmp_path, newer, "2026-10") == []
    assert names(tmp_path) == ["2026-10-2"]
    assert make(tmp_path).name == "2026-10-3"  # a name is given once


def test_what_is_no_draft_of_ours_stays(tmp_path):
    publish.mark_published(make(tmp_path))
    foreign = tmp_path / "2026-10-5"
    foreign.mkdir()
    damaged = make(tmp_path)
    (damaged / publish.MANIFEST).write_text("{")
    newest = make(tmp_path)

    publish.remove_superseded(tmp_path, newest, "2026-10")

    assert names(tmp_path) == ["2026-10", "2026-10-5", "2026-10-6", "2026-10-7"]


def test_an_edition_of_single_schools_never_replaces_a_whole_one(tmp_path):
    whole = make(tmp_path)
    part = make(tmp_path, whole=False)
    publish.remove_superseded(tmp_path, part, "2026-10")
    assert names(tmp_path) == ["2026-10", "2026-10-2"]
    assert publish.current_edition(publish.editions(tmp_path)["2026-10"]) == whole

    newest = make(tmp_path)
    publish.remove_superseded(tmp_path, newest, "2026-10")
    assert names(tmp_path) == ["2026-10-3"]


def test_a_draft_that_is_open_somewhere_stays_and_is_named(tmp_path, monkeypatch):
    older = make(tmp_path)
    newer = make(tmp_path)

    def refuse(self, target):
        raise PermissionError("open in Excel")

    monkeypatch.setattr(type(older), "rename", refuse)
    assert publish.remove_superseded(tmp_path, newer, "2026-10") == [older]
    assert older.exists()


def test_a_file_is_replaced_in_one_step_or_not_at_all(tmp_path):
    path = tmp_path / "index.html"
    publish.replace_file(path, lambda fresh: fresh.write_text("old"))

    def fail(fresh):
        fresh.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk"):
        publish.replace_file(path, fail)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["index.html"]
