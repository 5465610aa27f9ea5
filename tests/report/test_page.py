"""The page: complete in itself, safe, honest about what is missing, readable for everybody."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from headstart.core.estimate import Score
from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.core.run import RankedSource
from headstart.report import Pictures, html
from headstart.report.pictures import rows_to_show
from tests.report import examples, tasks

VOID = {"meta", "br", "img", "link", "hr", "input"}
EVIL = '<script>alert("x")</script>&"\''


class Page(HTMLParser):
    """The elements of a page; fails on tags that do not match."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        assert not self.open, f"left open: {self.open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words).replace("\u202f", " ").replace("\u00a0", " "))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {build.__name__: html(build()) for build in examples.ALL}


@pytest.mark.parametrize("name", [build.__name__ for build in examples.ALL])
def test_every_kind_of_run_gives_a_well_formed_page(pages, name):
    page = Page(pages[name])
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = [link["href"] for link in page.all("a")]
    assert {link.removeprefix("#") for link in links} <= set(ids)


@pytest.mark.parametrize("name", [build.__name__ for build in examples.ALL])
def test_no_number_is_shown_raw(pages, name):
    words = Page(pages[name]).text
    assert not re.search(r"\b(nan|None|inf|True|False)\b", words)
    assert not re.search(r"\d\.\d{5,}", words)


@pytest.mark.parametrize("name", [build.__name__ for build in examples.ALL])
def test_the_page_fetches_nothing(pages, name):
    page = Page(pages[name])
    for tag, attributes in page.elements:
        for attribute in ("src", "href", "srcset", "action", "data", "poster"):
            value = attributes.get(attribute)
            assert value is None or value.startswith(("#", "data:image/jpeg")), (tag, value)
    assert not page.all("link")
    assert not re.search(r"@import|url\(|fetch\(|XMLHttp|https?://", pages[name])


@pytest.mark.parametrize("name", [build.__name__ for build in examples.ALL])
def test_every_chart_says_in_words_what_it_shows(pages, name):
    page = Page(pages[name])
    for tag, attributes in page.elements:
        if attributes.get("role") == "img":
            assert len(attributes.get("aria-label") or "") > 10, (tag, attributes)


def test_the_verdict_comes_first_and_in_plain_words(pages):
    assert "Transfer helps. 87 of 100 right instead of 79." in Page(pages["image_run"]).text
    assert "Not enough evidence yet." in Page(pages["text_run"]).text
    assert "Transfer does not help here." in Page(pages["regression_run"]).text
    assert "Nothing to transfer." in Page(pages["bare_run"]).text


def test_an_error_metric_is_shown_in_its_unit_without_the_minus_sign(pages):
    words = Page(pages["regression_run"]).text
    assert "RMSE 2.43 with it and 2.34 without" in words
    assert "0.090 higher" in words
    assert "−2.3" not in words


def test_what_was_stopped_says_so_and_what_was_not_does_not(pages):
    assert "time limit was reached" in Page(pages["text_run"]).text
    assert "stopped by hand" in Page(pages["regression_run"]).text
    assert "best found until then" not in Page(pages["image_run"]).text


def test_the_test_score_is_there_only_where_a_test_set_was(pages):
    assert "On the test set" in Page(pages["image_run"]).text
    assert "On the test set" not in Page(pages["text_run"]).text


def test_few_classes_give_a_matrix_many_give_the_confused_pairs_a_regression_a_scatter(pages):
    assert 'class="confusion"' in pages["image_run"]
    assert 'class="confusion"' not in pages["many_classes_run"]
    assert "taken for" in Page(pages["many_classes_run"]).text
    assert "Predicted against true" in Page(pages["regression_run"]).text


def test_the_trade_off_names_its_networks_and_marks_the_one_handed_back(pages):
    words = Page(pages["image_run"]).text
    assert "2 networks (this model)" in words
    assert "EfficientNet-Lite0 at 224 px" in words
    assert words.count("(this model)") == 1


def test_a_source_that_was_stopped_early_is_listed_without_a_score():
    run = examples.image_run()
    endless = examples.around(float("-inf"))
    behind = RankedSource(
        source="pypi:slow", rank=5, score=float("-inf"), interval=endless, cost_s=0.0, input_size=0,
        distance=None, reason="clearly behind on 40 % of the examples",
    )  # fmt: skip
    words = Page(html(run.model_copy(update={"ranking": (*run.ranking, behind)}))).text
    assert "slow" in words
    assert "inf" not in re.findall(r"\w+", words)


def test_names_from_the_data_are_inert():
    run = examples.image_run()
    finding = Finding("HS-D99", Severity.ERROR, EVIL, EVIL, (EVIL,), f"Do `{EVIL}`.", applied=EVIL)
    evil = run.model_copy(
        update={
            "task": run.task.model_copy(update={"classes": (EVIL, "sound"), "id": EVIL}),
            "findings": (finding,),
            "next_steps": (EVIL,),
            "doubtful": tuple(
                one.model_copy(update={"truth": EVIL, "prediction": EVIL, "example_id": EVIL})
                for one in run.doubtful
            ),
            "ranking": tuple(
                one.model_copy(update={"name": EVIL, "reason": EVIL, "licence": EVIL}) for one in run.ranking
            ),
            "depth": tuple(one.model_copy(update={"tap": EVIL}) for one in run.depth),
            "lineage": run.lineage.model_copy(
                update={"environment": {EVIL: EVIL}, "options": {"data": EVIL}}
            ),
        }
    )
    text = html(evil, Pictures.of(tasks.task_for(examples.text_run(), [EVIL] * 100), rows_to_show(evil)))
    page = Page(text)
    assert len(page.all("script")) == 1
    assert '<script>alert("x")' not in text
    assert all(not name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert EVIL in page.text


def test_private_leaves_out_every_example_and_its_name():
    run = examples.image_run()
    leak = Finding(
        "HS-D01",
        Severity.INFO,
        "Twins",
        "cells/a.png is cells/b.png",
        ("cells/a.png", "cells/b.png"),
        "x",
        rows=(1,),
    )
    run = run.model_copy(update={"findings": (*run.findings, leak)})
    text = html(run, Pictures.withheld())
    assert "data:image" not in text
    assert not re.search(r"\.png", text)
    assert "--private" in Page(text).text
    assert ".png" in html(run)


def test_examples_are_shown_as_pictures_and_texts_as_texts():
    run = examples.image_run()
    text = html(run, Pictures.of(tasks.task_for(run, tasks.pictures(100)), rows_to_show(run)))
    shown = Page(text).all("img")
    assert len(shown) == len(run.doubtful) + sum(len(finding.rows) for finding in run.findings)
    assert all(int(image["width"] or 0) <= 160 and int(image["height"] or 0) <= 160 for image in shown)
    words = examples.text_run()
    page = Page(
        html(words, Pictures.of(tasks.task_for(words, ["Who was Galileo?"] * 20), rows_to_show(words)))
    )
    assert page.text.count("Who was Galileo?") == len(words.doubtful)


def test_a_page_with_all_its_pictures_stays_below_a_megabyte_and_a_half():
    run = examples.image_run()
    many = tuple(run.doubtful[0].model_copy(update={"row": row}) for row in range(400))
    run = run.model_copy(update={"doubtful": many})
    noisy = tasks.noise(400)
    text = html(run, Pictures.of(tasks.task_for(run, noisy), rows_to_show(run)))
    assert 0.5e6 < len(text.encode()) < 1.5e6


def test_a_file_that_went_away_is_left_out_of_the_pictures():
    class Gone(tasks.Examples):
        def read(self, index: int):
            raise FileNotFoundError(index)

    run = examples.image_run()
    task = tasks.task_for(run, tasks.pictures(5))
    task.inputs.__class__ = Gone
    assert Pictures.of(task, range(5)).shown == {}


def test_a_run_without_an_interval_for_its_score_has_no_empty_brackets(pages):
    assert "(–" not in Page(pages["bare_run"]).text


def test_the_unlikely_still_gives_a_page():
    run = examples.image_run()
    lone = run.model_copy(update={
        "label_curve": run.label_curve[:1], "depth": run.depth[:1], "trade_off": run.trade_off[:1],
        "candidates": run.candidates[:1], "controls": (), "confusion": ((0, 0), (0, 0)),
    })  # fmt: skip
    Page(html(lone))
    long = "A very long name of a task " * 20
    Page(html(run.model_copy(update={"task": run.task.model_copy(update={"id": long})})))
    same = tuple(one.model_copy(update={"score": 0.5}) for one in run.candidates)
    Page(
        html(
            run.model_copy(
                update={"candidates": same, "controls": (same[0].model_copy(update={"source": None}),)}
            )
        )
    )
    flat = run.chosen.score.interval
    lost = run.model_copy(update={"chosen": run.chosen.__class__("x", (), Score(float("nan"), flat))})
    Page(html(lost))


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#rrggbb`` by WCAG 2."""

    def light(colour: str) -> float:
        colour = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_in_light_and_in_dark(pages, scheme):
    schemes = re.findall(r":root \{([^}]*)\}", pages["image_run"])
    colours = dict(re.findall(r"--([\w]+): (#[0-9a-f]{3,6})\b", schemes[["light", "dark"].index(scheme)]))
    for ground in ("paper", "panel"):
        for ink in ("ink", "soft", "transfer", "control", "bad", "open"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (scheme, ink, ground)
