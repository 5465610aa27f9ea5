"""One command line in, one exit code and one message out."""

import pytest

from headstart import __version__
from headstart.cli.main import main
from headstart.cli.verbs import VERBS


def test_no_verb_shows_the_front_page(capsys):
    assert main([]) == 0
    assert "headstart VERB" in capsys.readouterr().out


def test_the_front_page_names_every_verb(capsys):
    main(["--help"])
    page = capsys.readouterr().out
    assert all(f"  {verb} " in page for verb in VERBS)


def test_version_is_one_line(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"headstart {__version__}\n"


def test_a_misspelt_verb_gets_the_nearest_one_and_exit_2(capsys):
    assert main(["fti", "photos"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("headstart: there is no verb 'fti'")
    assert "Did you mean 'headstart fit'?" in captured.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fit"], "Missing argument"),
        (["fit", "photos", "--sede", "3"], "--seed"),
        (["fit", "photos", "--seed", "x"], "--seed"),
        (["fit", "photos", "--preset", "quick"], "fast, balanced or best"),
        (["fit", "photos", "--time-limit", "1"], "at least 10 seconds"),
        (["fit", "photos", "--set", "folds.cuont=3"], "Did you mean 'count'?"),
        (["fit", "photos", "--config", "not-there.yaml"], "not-there.yaml"),
    ],
)
def test_a_wrong_option_is_one_message_and_exit_2(arguments, said, capsys):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("headstart: ")
    assert said in captured.err
    assert "Traceback" not in captured.err
