"""What the averaged weights score on held-back pairs while training goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from models.training.batches import Ragged
from models.training.feed import send_batch
from models.training.network import Network
from models.training.packing import decode_lines
from models.training.vocabulary import END, PAD

if TYPE_CHECKING:
    from models.training.batches import Rounds
    from models.training.network import Shape, Weights
    from models.training.packing import Corpus

_CHUNK = 50


class Probe:
    """Held-back corpora and how to score weights on them."""

    def __init__(
        self,
        corpora: dict[str, Corpus],
        rounds: Rounds,
        processor: Any,
        shape: Shape,
        device: torch.device,
        *,
        lines: int,
    ) -> None:
        """Keep the held-back corpora (`valid.DOMAIN`); `lines` of news are also translated."""
        # Never compiled: every other dropout, length or gradient mode would be compiled anew.
        self._network = Network(shape)
        self._device = device
        self._processor = processor
        self._lines = lines
        self._corpora = {
            name.removeprefix("valid."): corpus
            for name, corpus in corpora.items()
            if name.startswith("valid.") and corpus.pair_count
        }
        self._batches = {
            name: rounds.cut_batches(
                Ragged(corpus.source.astype(np.int64), corpus.source_lengths),
                Ragged(corpus.target.astype(np.int64), corpus.target_lengths),
            )
            for name, corpus in self._corpora.items()
        }

    def measure(self, weights: Weights) -> dict[str, float]:
        """Negative log-likelihood a piece for every domain, and `bleu` of greedy news."""
        bfloat = torch.autocast(
            self._device.type, dtype=torch.bfloat16, enabled=self._device.type == "cuda"
        )
        with torch.no_grad(), bfloat:
            figures = {name: self._measure_domain(weights, name) for name in self._batches}
            if self._lines and "news" in self._corpora:
                figures["bleu"] = self._translate_news(weights)
        return figures

    def _measure_domain(self, weights: Weights, name: str) -> float:
        total = count = 0.0
        for batch in self._batches[name]:
            sent = send_batch(batch, self._device)
            real = float((batch.wanted != PAD).sum())
            _, plain = self._network.compute_loss(weights, sent.source, sent.target, sent.wanted)
            total, count = total + float(plain) * real, count + real
        return total / count

    def _translate_news(self, weights: Weights) -> float:
        import sacrebleu

        news = self._corpora["news"]
        rows = range(min(self._lines, news.pair_count))
        starts = np.cumsum(news.source_lengths) - news.source_lengths
        lines = [
            [*news.source[starts[row] : starts[row] + news.source_lengths[row]].tolist(), END]
            for row in rows
        ]
        outputs: list[str] = []
        for start in range(0, len(lines), _CHUNK):
            chunk = lines[start : start + _CHUNK]
            longest = max(map(len, chunk))
            padded = [line + [PAD] * (longest - len(line)) for line in chunk]
            source = torch.tensor(padded, device=self._device)
            outputs += map(self._processor.decode, self._network.translate(weights, source))
        references = decode_lines(news, self._processor, "target", rows)
        return float(sacrebleu.corpus_bleu(outputs, [references]).score)
