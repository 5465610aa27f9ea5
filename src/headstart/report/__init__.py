"""Records → one self-contained page, JSON, evidence, a model card, words: what a person reads."""

from headstart.report.developed_source_card import developed_source_card
from headstart.report.development import read_development, write_development
from headstart.report.development_words import stopped
from headstart.report.distilled_card import distilled_card
from headstart.report.explanation import explain
from headstart.report.headline import headline
from headstart.report.left_out import left_out, things
from headstart.report.mistakes import Mistakes, mistakes
from headstart.report.model_card import model_card
from headstart.report.names import sentences
from headstart.report.page import html
from headstart.report.pictures import Pictures
from headstart.report.record import read_run
from headstart.report.units import unit_of
from headstart.report.write import write_run

__all__ = [
    "Mistakes",
    "Pictures",
    "developed_source_card",
    "distilled_card",
    "explain",
    "headline",
    "html",
    "left_out",
    "mistakes",
    "model_card",
    "read_development",
    "read_run",
    "sentences",
    "stopped",
    "things",
    "unit_of",
    "write_development",
    "write_run",
]
