"""What goes in comes out; names count up; lineage goes both ways; rm and gc take only what nobody needs."""

import os
import shutil
import tempfile
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headstart.core.errors import StoreError
from headstart.store import ObjectKind, Parent, Store, blobs, driver, leases
from headstart.store.holder import FOREIGN_LEASE_S, holder, holds_still
from headstart.store.layout import Layout, Reference, checked_name, checked_path

DATA = Parent("d" * 64, "data train")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
).filter(lambda value: "\\ud" not in ascii(value))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    contents=st.dictionaries(st.sampled_from(["a", "b.bin", "sub/c"]), st.binary(max_size=50), min_size=1),
    card=st.dictionaries(st.text().filter(lambda text: text.isascii()), JSON, max_size=3),
)
def test_what_goes_in_comes_out(contents, card):
    with tempfile.TemporaryDirectory() as place:
        above = Path(place)
        for name, content in contents.items():
            (above / "in" / name).parent.mkdir(parents=True, exist_ok=True)
            (above / "in" / name).write_bytes(content)
        store = Store(above / "store", cache=above / "cache")
        added = store.add(above / "in", name="x", kind="model", card=card, parents=[DATA])
        assert store.get("x") == added
        opened = store.open_files(added)
        found = {path.relative_to(opened).as_posix(): path for path in opened.rglob("*") if path.is_file()}
        assert {name: path.read_bytes() for name, path in found.items()} == contents
        assert store.verify().damaged == ()


def test_versions_count_up_and_a_removed_number_is_not_given_again(store, folder):
    for text in ("1", "2", "3"):
        store.add(folder(a=text), name="cars", kind="model")
    store.rm("cars@3")
    assert store.add(folder(a="4"), name="cars", kind="model").id == "cars@4"
    assert [each.id for each in store.ls()] == ["cars@1", "cars@2", "cars@4"]
    assert store.get("cars").version == 4
    assert store.get("cars", 2).id == "cars@2"


def test_the_same_content_under_the_same_name_is_kept_once(store, folder):
    first = store.add(folder(a="1"), name="cars", kind="model")
    assert store.add(folder(a="1"), name="cars", kind="model") == first
    assert store.add(folder(a="1"), name="vans", kind="model").sha256 == first.sha256
    assert len(store.ls()) == 2


def test_the_hash_covers_kind_files_card_and_parents(store, folder):
    base = {"name": "x", "kind": "model", "card": {"a": 1}, "parents": [DATA]}
    content = folder(a="1")
    others = [
        (folder(b="1"), {}),
        (folder(a="2"), {}),
        (content, {"kind": "run"}),
        (content, {"card": {"a": 2}}),
        (content, {"parents": []}),
    ]
    hashes = {store.add(content, **base).sha256}
    hashes |= {store.add(files, **base | change).sha256 for files, change in others}
    assert len(hashes) == 6


def test_reading_creates_nothing(store):
    assert store.ls() == []
    assert store.verify().objects == 0
    assert store.gc().contents == 0
    assert not store.layout.root.exists()


def test_lineage_goes_both_ways_and_leaves_out_siblings(store, folder):
    source = store.add(folder(a="source"), name="source", kind="source", parents=[DATA])
    store.add(folder(a="1"), name="child", kind="model", parents=["source@1"])
    store.add(folder(a="2"), name="sibling", kind="model", parents=["source"])
    store.add(folder(a="3"), name="grandchild", kind="model", parents=["child@1", DATA])
    found = store.lineage("child@1")
    assert [node.label for node in found.nodes] == ["data train", "source@1", "child@1", "grandchild@1"]
    assert (DATA.sha256, source.sha256) in {(edge.parent, edge.child) for edge in found.edges}
    assert found.nodes[0].names == ()
    assert "sibling@1" in {node.label for node in store.lineage("source").nodes}


def test_what_came_from_this_data_is_told_by_its_hash_or_its_label(store, folder):
    source = store.add(folder(a="source"), name="source", kind="source", parents=[DATA])
    store.add(folder(a="1"), name="child", kind="model", parents=["source@1"])
    below = ["data train", "source@1", "child@1"]
    for what in (DATA.sha256, DATA.sha256[:8], DATA.label, source.sha256[:10]):
        assert [node.label for node in store.lineage(what).nodes] == below


def test_a_hash_that_nothing_or_more_than_one_has_is_refused(store, folder):
    parents = [DATA, Parent("d" * 63 + "e", "data test")]
    store.add(folder(a="1"), name="source", kind="source", parents=parents)
    with pytest.raises(StoreError, match="2 hashes begin with dddddddd"):
        store.lineage("d" * 8)
    with pytest.raises(StoreError, match="nothing in the store has a hash"):
        store.lineage("0" * 12)
    with pytest.raises(StoreError, match="no 'data trian'") as told:
        store.lineage("data trian")
    assert "data train" in told.value.remedy
    store.add(folder(a="2"), name="deadbeef", kind="model")
    assert [node.label for node in store.lineage("deadbeef").nodes] == ["deadbeef@1"]


def test_a_promoted_object_is_the_same_content_under_another_name(store, folder):
    kept = store.add(folder(a="1"), name="trial", kind="model", card={"score": 0.5}, parents=[DATA])
    given = store.promote("trial@1", "product")
    assert (given.id, given.sha256, given.files) == ("product@1", kept.sha256, kept.files)
    assert store.promote("trial", "product") == given
    store.rm("trial@1")
    assert store.gc().contents == 0
    assert store.open_files(given).is_dir()
    with pytest.raises(StoreError, match="is a path"):
        store.promote("product", "../x")


def test_a_cache_that_is_deleted_while_its_files_are_in_use_loses_nothing(store, folder):
    added = store.add(folder(a="1"), name="x", kind="model")
    with (store.open_files(added) / "a").open() as reader:
        shutil.rmtree(store.cache)
        store.rm("x@1")
        assert store.gc().contents == 1
        assert reader.read() == "1"


def test_files_that_were_opened_outlive_the_object_and_gc(store, folder):
    added = store.add(folder(a="1"), name="x", kind="model")
    opened = store.open_files(added)
    store.rm("x@1")
    assert store.gc().contents == 1
    assert (opened / "a").read_text() == "1"


def test_a_parent_that_is_not_there_is_refused_and_nothing_is_added(store, folder):
    with pytest.raises(StoreError, match="no object nobody"):
        store.add(folder(a="1"), name="x", kind="model", parents=["nobody@1"])
    assert store.ls() == []
    assert store.gc().temporary == 0


def test_rm_refuses_what_others_came_from_unless_told(store, folder):
    store.add(folder(a="1"), name="source", kind="source")
    store.add(folder(a="2"), name="child", kind="model", parents=["source@1"])
    with pytest.raises(StoreError, match="child@1"):
        store.rm("source@1")
    store.rm("source@1", force=True)
    assert [node.label for node in store.lineage("child").nodes] == ["source@1", "child@1"]
    assert store.verify().damaged == ()


def test_rm_without_a_version_is_refused_where_there_are_several(store, folder):
    for text in "12":
        store.add(folder(a=text), name="cars", kind="model")
    with pytest.raises(StoreError, match="2 versions"):
        store.rm("cars")


def test_gc_takes_orphans_only(store, folder):
    store.add(folder(a="shared", b="own"), name="x", kind="model")
    store.add(folder(a="shared"), name="y", kind="model")
    store.rm("x@1")
    assert store.gc().contents == 1
    assert store.verify().damaged == ()
    assert store.gc().contents == 0


def test_gc_never_takes_a_leased_content_and_takes_it_once_the_holder_is_gone(store, tmp_path):
    file, me = tmp_path / "a", holder()
    file.write_text("orphan")
    store.database.prepare()
    drafted = blobs.draft(file, tmp_path / "drafted")
    with store.database.writing() as session:
        leases.take(session, me, [drafted.sha256])
    blobs.settle(store.layout, [drafted])
    assert store.gc().contents == 0
    host, _, start, token = me.split("~")
    with store.database.writing() as session:  # as if a process that is gone had taken it
        session.execute("UPDATE leases SET holder = ?", (f"{host}~{2**22 + 1}~{start}~{token}",))
    assert store.gc().contents == 1


def test_gc_in_the_middle_of_an_add_takes_nothing_of_it(store, folder, monkeypatch):
    store.add(folder(a="orphan"), name="x", kind="model")
    store.rm("x@1")
    settle = blobs.settle

    def settle_between_two_collections(layout, drafts):
        store.gc()
        settle(layout, drafts)
        store.gc()

    monkeypatch.setattr(blobs, "settle", settle_between_two_collections)
    added = store.add(folder(a="orphan", b="new"), name="x", kind="model")
    assert store.verify().damaged == ()
    assert store.open_files(added).is_dir()
    monkeypatch.undo()
    store.rm("x@2")
    assert store.gc().contents == 2


def test_a_process_with_a_used_number_is_not_the_holder_and_another_machine_is_believed_for_a_day(store):
    host, pid, start, token = holder().split("~")
    assert holds_still(f"{host}~{pid}~{start}~{token}", 0.0)
    assert not holds_still(f"{host}~{pid}~{float(start) - 100:.3f}~{token}", 0.0)
    assert holds_still(f"elsewhere.1~{pid}~{start}~{token}", time.time())
    assert not holds_still(f"elsewhere.1~{pid}~{start}~{token}", time.time() - FOREIGN_LEASE_S - 1)


def test_opened_files_are_read_only_and_a_changed_copy_is_made_again(store, folder):
    added = store.add(folder(a="1", sub__b="2"), name="x", kind="model")
    opened = store.open_files(added)
    assert not os.stat(opened / "a").st_mode & 0o222
    (opened / "a").unlink()
    (opened / "a").write_text("other")
    (opened / "stray").write_text("stray")
    assert sorted(path.name for path in store.open_files(added).iterdir()) == ["a", "sub"]
    assert (opened / "a").read_text() == "1"


@pytest.mark.parametrize(
    "name", ["../x", "/etc", "a/b", "..", ".x", "A", "", "a b", "x" * 65, "é", "0" * 64, "a\n"]
)
def test_a_name_that_is_no_single_word_is_refused(name):
    with pytest.raises(StoreError, match="a word of"):
        checked_name(name)


@given(st.text(max_size=30))
def test_a_path_that_passes_stays_inside(path):
    try:
        checked_path(path)
    except StoreError:
        return
    assert Path(os.path.normpath(Path("/object") / path)).is_relative_to("/object")
    assert path not in (".", "")


@pytest.mark.parametrize("text", ["cars@", "cars@0", "cars@x", "cars@1@2", "cars@-1", "cars@٣"])
def test_a_version_that_does_not_count_is_refused(text):
    with pytest.raises(StoreError):
        Reference.parse(text)


def test_kinds_are_the_ones_promised():
    assert [kind.value for kind in ObjectKind] == ["source", "model", "task", "run", "policy", "recording"]


def test_ten_thousand_objects_open_and_list_in_under_a_second(store):
    store.database.prepare()
    with store.database.writing() as session:
        session.execute("INSERT INTO names VALUES ('x', 10000)")
        rows = [(i, "x", i, "run", f"{i:064x}", "{}", "2026-01-01T00:00:00+00:00") for i in range(1, 10_001)]
        session.executemany("INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        files = [(i, "run.json", f"{i:064x}", 1) for i in range(1, 10_001)]
        session.executemany("INSERT INTO files VALUES (?, ?, ?, ?)", files)
    begin = time.process_time()  # not what other programs take
    assert len(Store(store.layout.root).ls()) == 10_000
    assert time.process_time() - begin < 1.0


def test_the_layout_is_the_one_that_is_documented(store, folder):
    added = store.add(folder(a="1"), name="x", kind="model")
    sha256 = added.files[0].sha256
    place = store.layout.root / "blobs" / "sha256" / sha256[:2] / sha256[2:]
    assert place.read_text() == "1"
    assert Layout(store.layout.root).blob(sha256) == place
    with closing(driver.sqlite.connect(store.layout.root / "meta.db")) as session:
        assert session.execute("SELECT name, version FROM objects").fetchall() == [("x", 1)]
