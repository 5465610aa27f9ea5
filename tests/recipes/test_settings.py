"""Options: three layers, one precedence, all mistakes at once."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headstart.core.errors import DataError, OptionError
from headstart.core.kinds import Preset
from headstart.recipes.settings import SHORTEST_S, FitSettings
from headstart.recipes.sizes import parse_bytes


@pytest.fixture
def config(tmp_path):
    def write(text: str) -> str:
        path = tmp_path / "config.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_flags_win_over_set_wins_over_config_wins_over_defaults(config):
    file = config("seed: 1\npreset: fast\nthreads: 1\n")
    settings = FitSettings.read(
        {"data": "photos", "threads": 3, "seed": None}, assignments=("preset=best", "threads=2"), config=file
    )
    assert (settings.seed, settings.preset, settings.threads) == (1, Preset.BEST, 3)
    assert settings.device == "auto"


def test_a_flag_of_zero_is_a_flag(config):
    assert FitSettings.read({"data": "photos", "seed": 0}, config=config("seed: 5")).seed == 0


def test_nested_keys_of_two_layers_are_joined(config):
    settings = FitSettings.read(
        {"data": "photos"}, assignments=("folds.count=3",), config=config("folds: {count: 5, repeats: 2}")
    )
    assert (settings.folds.count, settings.folds.repeats) == (3, 2)


@pytest.mark.parametrize("name", ["time_limit", "time-limit", "time_limit_s"])
def test_the_time_limit_may_be_spelt_as_flag_or_setting(name, config):
    assert FitSettings.read({"data": "photos"}, config=config(f"{name}: 60")).time_limit_s == 60.0


def test_one_source_or_several():
    assert FitSettings.read({"data": "photos", "source": "a"}).source == ("a",)
    assert FitSettings.read({"data": "photos", "source": ["a", "b"]}).source == ("a", "b")


def test_all_mistakes_of_all_layers_are_listed_at_once_with_place_and_near_name(config):
    file = config("sede: 3\npreset: fats\nfolds: {cuont: 3}\n")
    with pytest.raises(OptionError) as caught:
        FitSettings.read(
            {"data": "photos", "time_limit": 3.0},
            assignments=("licence=permisive", "nonsense", "memory=4Q"),
            config=file,
        )
    message = str(caught.value)
    assert message.startswith("7 mistakes")
    for part in (
        f"{file}, sede: there is no such option. Did you mean 'seed'?",
        f"{file}, preset: 'fats' will not do (expected: fast, balanced or best). Did you mean 'fast'?",
        f"{file}, folds.cuont: there is no such option. Did you mean 'count'?",
        "--time-limit: 3.0 will not do (expected: at least 10 seconds",
        "--set licence: 'permisive' will not do (expected: permissive or any). Did you mean 'permissive'?",
        "--set nonsense: expected key=value",
        "--set memory: '4Q' will not do (expected: a size such as",
    ):
        assert part in message


def test_a_single_mistake_is_a_single_sentence():
    with pytest.raises(OptionError) as caught:
        FitSettings.read({"data": "photos", "threads": -1})
    assert str(caught.value) == "--threads: -1 will not do (expected: at least 0)."


@pytest.mark.parametrize(("name", "value"), [("unlabelled", "more"), ("source_data", "other")])
def test_what_is_promised_but_not_built_is_refused_and_not_passed_over(name, value):
    with pytest.raises(OptionError, match="cannot do that yet"):
        FitSettings.read({"data": "photos", name: value})


@pytest.mark.parametrize("limit", [0, -5, SHORTEST_S - 0.1, float("nan"), float("inf")])
def test_a_time_limit_that_gives_no_result_is_refused(limit):
    with pytest.raises(OptionError, match="--time-limit"):
        FitSettings.read({"data": "photos", "time_limit": limit})


def test_an_unknown_metric_is_refused_before_any_work_with_the_nearest_name():
    with pytest.raises(OptionError, match=r"--metric: 'acuracy' will not do .* Did you mean 'accuracy'"):
        FitSettings.read({"data": "photos", "metric": "acuracy"})


def test_the_shortest_time_limit_is_accepted():
    assert FitSettings.read({"data": "photos", "time_limit": SHORTEST_S}).time_limit_s == SHORTEST_S


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed: [1\n", "line 2"),
        ("- seed\n", "option: value"),
        ("just words\n", "option: value"),
        ("\x00", "is not YAML"),
    ],
)
def test_a_file_that_is_no_configuration_is_said_with_its_place(config, text, said):
    file = config(text)
    with pytest.raises(OptionError) as caught:
        FitSettings.read({"data": "photos"}, config=file)
    assert file in str(caught.value)
    assert said in str(caught.value)


def test_an_empty_configuration_says_nothing(config):
    assert FitSettings.read({"data": "photos"}, config=config("")) == FitSettings(data="photos")


def test_a_byte_order_mark_in_the_configuration_is_no_matter(config):
    assert FitSettings.read({"data": "photos"}, config=config("\ufeffseed: 4\n")).seed == 4


def test_data_that_are_not_there_are_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "photos").mkdir()
    with pytest.raises(DataError, match="no such file") as caught:
        FitSettings(data=str(tmp_path / "fotos")).require_data()
    assert "Did you mean 'photos'?" in str(caught.value)
    assert FitSettings(data=str(tmp_path / "photos")).require_data() == tmp_path / "photos"


@given(st.integers(min_value=0, max_value=10**15))
def test_a_plain_number_of_bytes_is_itself(count):
    assert parse_bytes(str(count)) == count == parse_bytes(f"{count}B")


@given(st.dictionaries(st.text(min_size=1), st.none() | st.integers() | st.text(), max_size=5))
def test_whatever_is_given_the_answer_is_settings_or_an_option_error(options):
    with contextlib.suppress(OptionError):
        assert isinstance(FitSettings.read({"data": "photos", **options}), FitSettings)


def test_a_share_to_hold_lies_between_nothing_and_all_and_needs_the_task():
    assert FitSettings.read({"data": "photos", "keep": "old", "keep_at_least": 0.98}).keep_at_least == 0.98
    with pytest.raises(OptionError, match="--keep TASK beside it"):
        FitSettings.read({"data": "photos", "keep_at_least": 0.98})
    with pytest.raises(OptionError, match=r"--keep-at-least: 1[.]5 will not do"):
        FitSettings.read({"data": "photos", "keep": "old", "keep_at_least": 1.5})
