"""The doctor: each examination with a machine that is well and one that is not."""

import importlib.metadata
from types import SimpleNamespace

import psutil
import pytest

import headstart.sources
from headstart.core.kinds import Severity
from headstart.recipes import doctor
from headstart.recipes.store_health import store_health
from headstart.store import Store, driver, journal


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def shelf(monkeypatch):
    cards = [
        SimpleNamespace(id="pypi:a", download_bytes=10**8),
        SimpleNamespace(id="pypi:b", download_bytes=10**8),
    ]
    monkeypatch.setattr(
        headstart.sources,
        "at_hand",
        lambda modality=None, licence="": [SimpleNamespace(card=c) for c in cards],
    )
    return cards


def test_everything_is_examined_and_the_gravest_comes_first(shelf):
    findings = doctor.doctor()
    assert {finding.code for finding in findings} == {f"HS-M0{i}" for i in range(1, 9)}
    gravities = [doctor._GRAVITY.index(finding.severity) for finding in findings]
    assert gravities == sorted(gravities)
    assert all(finding.remedy for finding in findings if finding.severity is not Severity.INFO)


def test_a_missing_package_is_an_error_with_the_line_that_installs_it(monkeypatch):
    assert doctor.versions().severity is Severity.INFO
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "timm":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor.metadata, "version", version)
    finding = doctor.versions()
    assert (finding.severity, finding.remedy) == (Severity.ERROR, "pip install timm")


@pytest.mark.parametrize(("free", "severity"), [(10**10, Severity.INFO), (10**9, Severity.WARNING)])
def test_memory(free, severity, monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=free, total=16 * 10**9))
    assert doctor.memory().severity is severity


@pytest.mark.parametrize(("free", "severity"), [(10**11, Severity.INFO), (10**9, Severity.WARNING)])
def test_space(free, severity, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))
    assert doctor.space().severity is severity


def test_a_home_that_cannot_be_written_is_an_error(monkeypatch):
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    finding = doctor.space()
    assert finding.severity is Severity.ERROR
    assert "HEADSTART_HOME" in finding.remedy


def test_the_cache_is_measured_and_a_large_one_is_warned_of(home, monkeypatch):
    assert doctor.cache().detail == "0 bytes used"
    (home / "cache").mkdir(parents=True)
    (home / "cache" / "a").write_bytes(b"0" * 1500)
    assert doctor.cache().detail == "1.5 kB used"
    assert doctor.cache().severity is Severity.INFO
    monkeypatch.setattr(doctor, "LARGE_CACHE_BYTES", 1000)
    assert doctor.cache().severity is Severity.WARNING


def test_no_source_at_hand_is_a_warning_one_is_enough(shelf):
    finding = doctor.sources()
    assert (finding.severity, finding.remedy) == (Severity.WARNING, "headstart fetch")
    assert "200 MB" in finding.detail
    shelf[0].download_bytes = 0
    assert doctor.sources().severity is Severity.INFO


def test_a_store_that_is_well_says_how_it_is_written(home):
    Store().add({}, name="cars", kind="task")
    finding = store_health()
    assert (finding.code, finding.severity) == ("HS-M08", Severity.INFO)
    assert "1 objects" in finding.detail
    assert "SQLite" in finding.detail


def test_a_sqlite_that_is_too_old_for_the_log_is_said_with_what_to_install(home, monkeypatch):
    Store().add({}, name="cars", kind="task")
    monkeypatch.setattr(driver, "log_is_safe", lambda version: False)
    finding = store_health()
    assert finding.severity is Severity.INFO
    assert "may lose a transaction" in finding.detail
    assert driver.INSTALL in finding.remedy
    monkeypatch.setattr(driver, "log_is_safe", lambda version: True)
    monkeypatch.setattr(journal, "over_network", lambda folder: False)
    finding = store_health()
    assert finding.remedy == ""
    assert "was left with no write-ahead log, and is converted now" in finding.detail
    monkeypatch.setattr(driver, "log_is_safe", lambda version: False)
    assert "was left with a write-ahead log, and is converted now" in store_health().detail


def test_a_store_that_cannot_be_opened_is_an_error_with_a_remedy(home):
    (home / "store").mkdir(parents=True)
    (home / "store" / "meta.db").write_bytes(b"no database" * 100)
    finding = store_health()
    assert finding.severity is Severity.ERROR
    assert "damaged" in finding.detail
    assert finding.remedy
