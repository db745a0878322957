import pytest

from mops import bootstrap_places
from mops.bootstrap_places import Stamp, digest, files_below, shown


@pytest.fixture
def clone(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap_places, "ROOT", tmp_path)
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "a.css").write_text("a {}")
    (tmp_path / "lock.json").write_text("{}")
    return tmp_path


def value(*words):
    return digest(files_below("lock.json", "static"), *words)


def test_the_same_sources_have_the_same_digest(clone):
    assert value() == value()


def test_a_changed_a_new_and_a_renamed_source_each_change_the_digest(clone):
    seen = {value()}
    (clone / "static" / "a.css").write_text("a { }")
    seen.add(value())
    (clone / "static" / "b.css").write_text("")
    seen.add(value())
    (clone / "static" / "b.css").rename(clone / "static" / "c.css")
    seen.add(value())
    assert len(seen) == 4


def test_words_count_too_and_do_not_run_into_each_other(clone):
    assert len({value(), value("ab"), value("a", "b"), value("b", "a")}) == 4


def test_what_is_made_from_a_source_does_not_count(clone):
    before = value()
    (clone / "static" / "django.mo").write_bytes(b"compiled")
    assert value() == before


def test_a_stamp_is_fresh_only_for_the_value_it_was_written_for(tmp_path):
    stamp = Stamp(tmp_path / "deep" / "x.stamp", "one")
    assert not stamp.fresh()
    stamp.write()
    assert stamp.fresh()
    assert not Stamp(stamp.path, "two").fresh()


def test_a_step_that_breaks_off_leaves_no_stamp(tmp_path):
    stamp = Stamp(tmp_path / "x.stamp", "one")
    stamp.write()
    stamp.clear()
    stamp.clear()
    assert not stamp.fresh()


def test_the_data_folder_follows_mops_var(tmp_path, monkeypatch):
    monkeypatch.setenv("MOPS_VAR", str(tmp_path))
    assert bootstrap_places.var() == tmp_path
    monkeypatch.delenv("MOPS_VAR")
    assert bootstrap_places.var() == bootstrap_places.ROOT / "var"


def test_paths_are_shown_as_seen_from_the_clone(clone):
    assert shown(clone / "var" / "x.log") == "var/x.log"
    assert shown(clone.parent / "x.log") == str(clone.parent / "x.log")
