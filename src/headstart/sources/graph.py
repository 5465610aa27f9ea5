"""A frozen image network, run as the ONNX graph that it came as. It is read, never tuned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from headstart.core.errors import SourceError
from headstart.core.source import Block, SourceCard, Tap
from headstart.sources import graph_spine, pixels
from headstart.sources.onnx_weights import read
from headstart.sources.taps import choose
from headstart.sources.threads import physical_cores


class GraphNetwork:
    """Means over space of the graph's bottlenecks, computed by onnxruntime inside the graph.

    Only what its convolutions see is read, so that it takes any input size; it can be cut only at 0.
    """

    def __init__(self, card: SourceCard, path: Path, preprocessing: Mapping[str, Any]) -> None:
        self.card, self.preprocessing = card, preprocessing
        self.module = torch.nn.Module()
        try:
            model = read(path)
            self._channels_last = graph_spine.free_sides(model.graph)
            shapes = self._shapes(path, graph_spine.bottlenecks(model.graph))
            maps = [name for name, shape in shapes.items() if is_map(shape)]
            starts = graph_spine.feeding_layers(model.graph)
            names = [name for name in maps if name in starts or name == maps[-1]]
        except (ValueError, StopIteration) as damage:
            raise SourceError(
                f"cannot be read as a graph ({damage})",
                where=card.id,
                remedy="Download or copy the file again.",
            ) from damage
        if not names:
            raise SourceError(
                "no place to read maps from was found in this graph",
                where=card.id,
                remedy="Use another source.",
            )
        self.blocks: Sequence[Block] = tuple(Block(name, number, 0) for number, name in enumerate(names))
        self.taps: Sequence[Tap] = choose(self.blocks, [shapes[name][1] for name in names])
        means = graph_spine.read_at(model, [names[tap.block] for tap in self.taps])
        self._outputs = dict(zip((tap.name for tap in self.taps), means, strict=True))
        self._session = session(model)

    def _shapes(self, path: Path, names: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """The shapes of tensors of the graph as it came, for one picture of the largest known size."""
        from onnx import helper

        model = read(path)
        present = {item.name for item in model.graph.output}
        model.graph.output.extend(
            helper.make_empty_tensor_value_info(name) for name in names if name not in present
        )
        run, side = session(model), max(self.card.input_sizes)
        values = run.run(list(names), {run.get_inputs()[0].name: self._array(torch.zeros(1, 3, side, side))})
        return {name: value.shape for name, value in zip(names, values, strict=True)}

    def _array(self, pictures: torch.Tensor) -> NDArray[np.float32]:
        return (pictures.permute(0, 2, 3, 1) if self._channels_last else pictures).contiguous().cpu().numpy()

    def prepare(self, example: Image.Image, size: int) -> NDArray[np.uint8]:
        """[size, size, 3] bytes: the whole picture, resized to the square."""
        return pixels.resized(example, size, self.preprocessing["interpolation"])

    def preparation(self, size: int) -> tuple[Any, ...]:
        """Networks that give the same answer here can share what `prepare` gives."""
        return ("image", size, self.preprocessing["interpolation"])

    def padded(self, prepared: NDArray[np.uint8], size: int) -> int:
        """All pictures of a size go together."""
        return size

    def samples(self, n: int, size: int) -> list[NDArray[np.uint8]]:
        """Made-up prepared pictures, for timing."""
        return pixels.samples(n, size)

    def assemble(self, prepared: Sequence[NDArray[np.uint8]], *, flip: bool = False) -> tuple[torch.Tensor]:
        """A batch of prepared pictures: ([b, 3, side, side] float32,)."""
        return (pixels.normalised(np.stack(prepared), self.preprocessing, flip=flip),)

    def batch(self, examples: Sequence[Image.Image], size: int, *, flip: bool = False) -> tuple[torch.Tensor]:
        """Preprocess pictures at input `size`; a state for cut 0."""
        return self.assemble([self.prepare(example, size) for example in examples], flip=flip)

    def to(self, device: str) -> GraphNetwork:
        """It stays where onnxruntime runs it: on the CPU."""
        return self

    def read(self, batch: Sequence[torch.Tensor]) -> Mapping[str, torch.Tensor]:
        """Pooled float32 features [b, width] for every tap, keyed by tap name."""
        feed = {self._session.get_inputs()[0].name: self._array(batch[0])}
        values = self._session.run(list(self._outputs.values()), feed)
        return {name: torch.from_numpy(value) for name, value in zip(self._outputs, values, strict=True)}

    def prefix(self, batch: Sequence[torch.Tensor], cut: int) -> tuple[torch.Tensor, ...]:
        """Only cut 0 exists."""
        if cut:
            raise SourceError("a frozen graph cannot be cut", where=self.card.id, expected="a cut of 0")
        return tuple(batch)

    def suffix(self, state: Sequence[torch.Tensor], cut: int) -> torch.Tensor:
        """The last tap's features; no gradient flows."""
        return self.read(self.prefix(state, cut))[self.taps[-1].name]

    def parameters_of(self, block: int) -> Mapping[str, torch.nn.Parameter]:
        """Nothing can be tuned."""
        return {}


def is_map(shape: tuple[int, ...]) -> bool:
    """Whether a tensor of this shape is [b, c, h, w] with something to average."""
    return len(shape) == 4 and shape[2] == shape[3] > 1


def session(model: Any) -> Any:
    """The model in onnxruntime, threads asleep while they wait: torch needs the cores then."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = physical_cores()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
