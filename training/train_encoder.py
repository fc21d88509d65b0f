"""Train the encoder to find names; what was learnt is kept, so that a training can go on.

`python -m training.train_encoder --weights e5-small-q4.bin --corpus ../shared/data/ner --corpus
corpora/news --names ../shared/data/names --plain ../shared/data --out encoder-work` trains until
it is stopped. Run again, it goes on from the last checkpoint (every ten minutes). With `--finish
0.5` it takes the last checkpoint, lets the rate fall to nothing over half a million units, and
writes `finished.npz` beside it: what `training.export_encoder` makes a model of. With `--begin
FOLDER` a training begins with the weights and the vocabulary of a model that was exported.
"""

import argparse
import json
import lzma
import random
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from tokenizers import Tokenizer
from torch import Tensor

from tasks.mentions.own_model import NETWORK, TOKENIZER
from tasks.mentions.spacy_packages import ENTITY_PIPE
from training.corpus import Example
from training.encoder_graph import read_graph
from training.encoder_network import Tagger
from training.encoder_recipe import EncoderRecipe
from training.encoder_texts import IGNORED, LABELS, Drawer, Learnt
from training.encoder_vocabulary import UNITS, kept_units, known_units, make_tokenizer
from training.encoder_weights import Encoder
from training.selection import Pools, training_texts, weights

CHECKPOINT, FINISHED = "checkpoint.pt", "finished.npz"
#: Seconds between checkpoints, and steps between reports.
_SAVE_SECONDS, _REPORT_STEPS = 600, 50
_TAGS = 1 + 2 * len(LABELS)
_MISC = (1 + 2 * LABELS.index("MISC"), 2 + 2 * LABELS.index("MISC"))
_LATIN = frozenset(
    "en de fr es pt it nl pl tr sv no nn da fi hu ro cs hr sr sk sl id".split()  # noqa: SIM905
)


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, action="append", required=True)
    parser.add_argument("--names", type=Path, required=True)
    parser.add_argument("--plain", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--begin", type=Path, help="an exported model, learnt further")
    parser.add_argument("--finish", type=float, help="million units over which the rate falls")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bfloat16", action="store_true", help="where the processor has it")
    parser.add_argument("--recipe", type=Path, help="JSON; else as training.encoder_recipe says")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    given = arguments.recipe.read_text(encoding="utf-8") if arguments.recipe else "{}"
    recipe = EncoderRecipe.model_validate_json(given)
    arguments.out.mkdir(parents=True, exist_ok=True)
    training = Training(arguments, recipe)
    training.run(None if arguments.finish is None else round(arguments.finish * 1_000_000))


class Training:
    """A training: what is learnt from, the network, and how far it is."""

    def __init__(self, arguments: argparse.Namespace, recipe: EncoderRecipe) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.out, self.is_in_16_bits = recipe, arguments.out, arguments.bfloat16
        encoder, generator = Encoder(arguments.weights), random.Random(recipe.seed)
        texts = training_texts(arguments.corpus, recipe.texts, recipe.corpora, {}, generator)
        examples = [text.example for text in texts]
        by_people = [t.example for t in texts if t.kind in ("news", "human")]
        others = [t.example.text for t in texts if t.kind in ("replaced", "silver")]
        if arguments.begin:
            units = known_units(encoder, arguments.begin / ENTITY_PIPE / TOKENIZER)
            (self.out / UNITS).write_text(json.dumps(units), encoding="utf-8")
        else:
            units = self._units(encoder, by_people, others, arguments.plain)
        self.tokenizer = make_tokenizer(
            [encoder.pieces[unit] for unit in units], units.index(encoder.special.unknown)
        )
        counts = [len(example.text) for example in examples]
        chances = [
            weight * (1 if example.spans else recipe.nameless_weight)
            for weight, example in zip(
                weights(texts, counts, recipe.texts, recipe.corpora), examples, strict=True
            )
        ]
        print(f"{len(texts):,} texts, {len(units):,} units", flush=True)
        self.model = Tagger(encoder, units, recipe.layers, _TAGS, recipe.dropout)
        if arguments.begin:
            self.model.load_state_dict(_known_weights(arguments.begin))
        self.model.freeze(recipe.frozen_layers)
        self.optimizer = _optimizer(self.model, recipe)
        self.step = self.seen = 0
        self._resume()
        listed = listed_names(arguments.names)
        self.drawer = Drawer(
            examples, chances, listed, self.tokenizer, recipe, recipe.seed + self.step
        )

    def _units(
        self, encoder: Encoder, marked: list[Example], others: list[str], plain: Path
    ) -> list[int]:
        file = self.out / UNITS
        if not file.exists():
            texts = [*others, *plain_texts(plain)]
            kept = kept_units(encoder, marked, texts, self.recipe.units)
            file.write_text(json.dumps(kept), encoding="utf-8")
        units: list[int] = json.loads(file.read_text(encoding="utf-8"))
        return units

    def _resume(self) -> None:
        if (self.out / CHECKPOINT).exists():
            state = torch.load(self.out / CHECKPOINT, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.seen = state["step"], state["seen"]
            print(f"goes on after {self.step:,} steps, {self.seen:,} units", flush=True)

    def save(self) -> None:
        """Write a checkpoint whole or not at all."""
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seen": self.seen,
        }
        part = self.out / f"{CHECKPOINT}.part"
        torch.save(state, part)
        part.replace(self.out / CHECKPOINT)

    def save_weights(self) -> None:
        """Write what was learnt, in a form that is read without torch."""
        weights = {name: part.numpy() for name, part in self.model.state_dict().items()}
        np.savez(self.out / FINISHED, recipe=self.recipe.model_dump_json(), **weights)

    def run(self, finish: int | None) -> None:
        """Train for ever, or until the rate has fallen over `finish` units."""
        begun, saved, start, losses = time.time(), time.time(), self.seen, list[float]()
        self.model.train()
        for batch in self.drawer.batches():
            left = 1.0 if finish is None else 1 - (self.seen - start) / finish
            if left <= 0:
                break
            losses.append(self._learn(batch, left))
            if self.step % _REPORT_STEPS == 0:
                speed = (self.seen - start) / (time.time() - begun)
                mean = sum(losses[-_REPORT_STEPS:]) / len(losses[-_REPORT_STEPS:])
                print(
                    f"{time.strftime('%H:%M')} step {self.step:,}, {self.seen:,} units, "
                    f"{speed:.0f}/s, loss {mean:.4f}",
                    flush=True,
                )
            if finish is None and time.time() - saved > _SAVE_SECONDS:
                self.save()
                saved = time.time()
        self.save_weights()

    def _learn(self, batch: Sequence[Learnt], left: float) -> float:
        rate = min(1.0, (self.step + 1) / self.recipe.warm_up_steps) * left
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * rate
        ids, mask, tags, no_misc = _tensors(batch, self.tokenizer)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.is_in_16_bits):
            scores = self.model(ids, mask)
        loss = partial_loss(scores.float(), tags, no_misc)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self.seen += int(mask.sum())
        return float(loss.detach())


def partial_loss(scores: Tensor, tags: Tensor, no_misc: Tensor) -> Tensor:
    """Return the mean cross entropy; where MISC is not marked, O means O or MISC.

    Args:
        scores: Texts × units × tags.
        tags: Texts × units, `IGNORED` at padding.
        no_misc: Of each text, whether its corpus leaves MISC unmarked.
    """
    likely = scores.log_softmax(-1)
    either = torch.logsumexp(likely[..., [0, *_MISC]], -1)
    outside = torch.where(no_misc[:, None], either, likely[..., 0])
    chosen = likely.gather(-1, tags.clamp(min=0)[..., None])[..., 0]
    found = torch.where(tags == 0, outside, chosen)
    return -(found * (tags != IGNORED)).sum() / (tags != IGNORED).sum()


def _tensors(
    batch: Sequence[Learnt], tokenizer: Tokenizer
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    begin, pad, end = (tokenizer.token_to_id(piece) for piece in ("<s>", "<pad>", "</s>"))
    longest = max(len(learnt.ids) for learnt in batch) + 2
    ids = torch.full((len(batch), longest), pad)
    tags = torch.full((len(batch), longest), IGNORED)
    for row, learnt in enumerate(batch):
        count = len(learnt.ids)
        ids[row, : count + 2] = torch.tensor([begin, *learnt.ids, end])
        tags[row, 1 : count + 1] = torch.tensor(learnt.tags)
    no_misc = torch.tensor([not learnt.has_misc for learnt in batch])
    return ids, ids != pad, tags, no_misc


def _known_weights(model: Path) -> dict[str, Tensor]:
    weights = read_graph(onnx.load(model / ENTITY_PIPE / NETWORK))
    return {name: torch.from_numpy(part.copy()) for name, part in weights.items()}


def _optimizer(model: Tagger, recipe: EncoderRecipe) -> torch.optim.Optimizer:
    head = list(model.head.parameters())
    rest = [p for layer in model.layers for p in layer.parameters() if p.requires_grad]
    groups = [
        {"params": rest, "lr": recipe.learn_rate, "base": recipe.learn_rate},
        {"params": head, "lr": recipe.head_learn_rate, "base": recipe.head_learn_rate},
    ]
    return torch.optim.AdamW(groups, weight_decay=recipe.weight_decay, betas=(0.9, 0.98))


def listed_names(folder: Path) -> Pools:
    """Return names of the lists by language and label; Latin ones of all for Latin languages."""
    pools: dict[tuple[str, str], set[str]] = defaultdict(set)
    for file in sorted(folder.glob("*.tsv.xz")):
        if file.name.startswith(("mix_", "territories", "person_parts", "per_parts", "org_types")):
            continue
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            header = next(lines).rstrip("\n").split("\t")
            for line in lines:
                row = dict(zip(header, line.rstrip("\n").split("\t"), strict=False))
                label, name = row.get("label"), row.get("name", "")
                if label not in LABELS or not 1 < len(name) < 40 or "," in name:
                    continue
                tags = {tag for tag in row["lang"].split(",") if tag}
                if row.get("script") == "Latn" and (not tags or tags & _LATIN):
                    tags |= {"en"} if label == "LOC" else set(_LATIN)
                for language in tags:
                    pools[language, str(label)].add(name)
    return {key: sorted(names) for key, names in sorted(pools.items())}


def plain_texts(data: Path) -> Iterator[str]:
    """Yield texts of the development data beside the corpora, so that their units are kept."""
    for file in [*sorted(data.glob("language/*.jsonl.xz")), *sorted(data.glob("text/*.txt.xz"))]:
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            yield from lines


if __name__ == "__main__":
    main()
