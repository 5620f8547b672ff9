"""Trains the same-fact model from the embedder's weights; see README.md for the commands.

Stage 0 learns entailment, stage 1 rule-made pairs and graded similarity. From there stage 2 learns
human judgement of two lone sentences, and stage 3 which units of a story state one fact.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import data
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoTokenizer, BertModel

from pipeline.embedding import default_embedder_folder

MAX_TOKENS = 128
BATCH_SIZE = 32


class SameFactModel(nn.Module):
    """The embedder's transformer over both sentences at once, with one output a head."""

    def __init__(self, folder: Path, heads: tuple[str, ...] = data.HEADS) -> None:
        super().__init__()
        # Plain attention trains a third faster on a CPU than the fused one at these lengths.
        self.bert = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager"
        )
        width = self.bert.config.hidden_size
        self.dense = nn.Linear(3 * width, width)
        self.out = nn.Linear(width, len(heads))
        # Of stage 0 only: not saved.
        self.entailment = nn.Linear(width, len(data.ENTAILMENT_LABELS))
        self.dropout = nn.Dropout(0.1)

    def forward(self, ids, mask, types):
        hidden = self.bert(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        right = (mask * types).unsqueeze(-1).to(hidden.dtype)
        left = (mask * (1 - types)).unsqueeze(-1).to(hidden.dtype)
        mean_left = (hidden * left).sum(1) / left.sum(1)
        mean_right = (hidden * right).sum(1) / right.sum(1).clamp(min=1)
        features = torch.cat(
            [hidden[:, 0], (mean_left - mean_right).abs(), mean_left * mean_right], dim=1
        )
        inner = self.dropout(torch.nn.functional.gelu(self.dense(self.dropout(features))))
        return self.out(inner), self.entailment(inner)


def make_batches(examples, lengths, rng):
    """Shuffled batches of examples of about one length."""
    order = sorted(range(len(examples)), key=lambda i: lengths[i] + rng.random() * 8)
    batches = [order[i : i + BATCH_SIZE] for i in range(0, len(order), BATCH_SIZE)]
    rng.shuffle(batches)
    return batches


def encode(tokenizer, lefts, rights):
    """Padded token ids, mask and segment ids of the pairs."""
    made = tokenizer(
        lefts, rights, truncation="longest_first", max_length=MAX_TOKENS, padding=True,
        return_tensors="pt",
    )  # fmt: skip
    return made["input_ids"], made["attention_mask"], made["token_type_ids"]


def parameter_groups(model, rate):
    """Lower layers learn slower (factor 0.9 a layer); the head five times faster."""
    depth = model.bert.config.num_hidden_layers
    groups = []
    for name, parameter in model.named_parameters():
        if "embeddings" in name and "token_type" not in name:
            parameter.requires_grad_(False)
            continue
        if name.startswith("bert.encoder"):
            scale = 0.9 ** (depth - 1 - int(name.split(".")[3]))
        else:
            scale = 0.9**depth if name.startswith("bert") else 5.0
        decay = 0.01 if parameter.ndim > 1 else 0.0
        groups.append({"params": [parameter], "lr": rate * scale, "weight_decay": decay})
    return groups


def train(model, tokenizer, epochs, rate, seed, checkpoint):
    """Runs over the epochs' example lists, saving the changed weights after each."""
    rng = random.Random(seed)
    optimizer = torch.optim.AdamW(parameter_groups(model, rate), betas=(0.9, 0.98))
    plans = []
    for examples in epochs:
        lengths = [len(e.left.split()) + len(e.right.split()) for e in examples]
        plans.append((examples, make_batches(examples, lengths, rng)))
    steps = sum(len(batches) for _, batches in plans)
    warm = max(1, int(0.06 * steps))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min((s + 1) / warm, max(0.02, (steps - s) / (steps - warm)))
    )
    step, running, start = 0, 0.0, time.time()
    for number, (examples, batches) in enumerate(plans):
        model.train()
        for batch in batches:
            chosen = [examples[i] for i in batch]
            flip = [e.head != data.ENTAILMENT and rng.random() < 0.5 for e in chosen]
            lefts = [e.right if f else e.left for e, f in zip(chosen, flip, strict=True)]
            rights = [e.left if f else e.right for e, f in zip(chosen, flip, strict=True)]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                judged, entailed = model(*encode(tokenizer, lefts, rights))
            loss = loss_of(judged.float(), entailed.float(), chosen)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            running += 0.02 * (loss.item() - running) if step > 1 else loss.item()
            if step % 50 == 0:
                speed = step * BATCH_SIZE / (time.time() - start)
                print(f"step {step}/{steps} loss {running:.4f} {speed:.1f} pairs/s", flush=True)
        save_changed(model, checkpoint)
        print(f"epoch {number + 1} saved", flush=True)


def loss_of(judged, entailed, examples):
    """Mean loss of a batch; examples of stage 0 and of the other stages do not share a batch."""
    if examples[0].head == data.ENTAILMENT:
        labels = torch.tensor([int(e.label) for e in examples])
        return nn.functional.cross_entropy(entailed, labels)
    if examples[0].head == data.STORY:
        targets = torch.tensor([[e.label, e.conflict] for e in examples])
        return 2 * nn.functional.binary_cross_entropy_with_logits(judged, targets)
    heads = torch.tensor([data.HEADS.index(e.head) for e in examples])
    labels = torch.tensor([e.label for e in examples])
    picked = judged.gather(1, heads[:, None])[:, 0]
    return nn.functional.binary_cross_entropy_with_logits(picked, labels)


def save_changed(model, file):
    """All but the frozen word and position embeddings and what only stage 0 reads."""
    state = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if ("embeddings" not in name or "token_type" in name) and "entailment" not in name
    }
    save_file(state, file)


def stage_one(shared, rng):
    """Rule-made pairs of all kinds, neighbours in the news and graded similarity."""
    pairs = data.read_translations(shared / "data/parallel", 60_000, rng)
    print(len(pairs), "paraphrase pairs", flush=True)
    examples = data.make_edit_examples(pairs, 700, rng)
    examples += data.make_format_examples(pairs, 2000, rng)
    examples += data.make_role_examples(2000, rng)
    examples += data.make_neighbour_examples(pairs, 6000, rng)
    short = [(a, b) for a, b in pairs if len(a.split()) <= 22]
    examples += [data.Example(a, b, "strict", 1.0, kind="translation") for a, b in short[:2000]]
    lefts = [a for a, _ in short[2000:2700]]
    rights = [b for _, b in short[2700:3400]]
    examples += [
        data.Example(a, b, "strict", 0.0, kind="random") for a, b in zip(lefts, rights, strict=True)
    ]
    examples += data.read_similarity(shared / "data/facts")
    return [examples]


def stage_two(shared, rng, fold, epochs):
    """MRPC train without the rows of the fold (-1: with all), some rule-made pairs beside it."""
    mrpc = [
        data.Example(a, b, "paraphrase", float(label))
        for row, (a, b, label) in enumerate(data.read_mrpc(shared / "data/facts" / data.MRPC_TRAIN))
        if data.fold_of_row(row) != fold
    ]
    pairs = data.read_translations(shared / "data/parallel", 60_000, rng)
    made = []
    for _ in range(epochs):
        examples = mrpc + data.make_edit_examples(pairs, 15, rng)
        examples += data.make_format_examples(pairs, 60, rng) + data.make_role_examples(60, rng)
        made.append(examples)
    return made


def stage_three(stories, rng, fold, epochs):
    """Units of stories, without the fold's: what states one fact, what is alike, what is not.

    A sentence and its clauses repeat each other, so an epoch sees some of the pairs.
    """
    told, rival, alike, unlike = [], [], [], []
    for number, folder in enumerate(sorted(stories, key=lambda folder: folder.name)):
        if fold >= 0 and number % data.STORY_FOLDS == fold:
            continue
        rows = data.read_story(folder)
        told += [story_example(row) for row in rows if row["label"]]
        rival += [story_example(row) for row in rows if row["conflict"]]
        others = [row for row in rows if not row["label"] and not row["conflict"]]
        others.sort(key=lambda row: -row["cosine"])
        cut = min(len(others) // 5, 5 * sum(row["label"] for row in rows))
        alike += [story_example(row) for row in others[:cut]]
        unlike += [story_example(row) for row in others[cut:]]
    print(len(told), "pairs share a fact,", len(rival), "contradict each other", flush=True)
    made = []
    for _ in range(epochs):
        count = int(0.6 * len(told))
        made.append(rng.sample(told, count) + rival + rng.sample(alike, int(1.4 * count)))
        made[-1] += rng.sample(unlike, int(0.4 * count))
    return made


def story_example(row):
    """The pair with both its labels."""
    return data.Example(
        row["left"], row["right"], data.STORY, float(row["label"]), conflict=float(row["conflict"])
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--stage", type=int, choices=(0, 1, 2, 3), required=True)
    parser.add_argument("--snli", type=Path, help="SNLI rows as JSONL (stage 0)")
    parser.add_argument("--start", type=Path, help="weights to start from")
    parser.add_argument("--stories", type=Path, nargs="*", help="folders of stories (stage 3)")
    parser.add_argument("--fold", type=int, default=-1, help="left out of stage 2 or 3; -1: none")
    parser.add_argument("--epochs", type=int, default=5, help="of stage 2 and 3")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    folder = default_embedder_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = SameFactModel(folder, data.STORY_HEADS if options.stage == 3 else data.HEADS)
    if options.start:
        state = {name: t.float() for name, t in load_file(options.start).items()}
        if options.stage == 3:
            state = {name: t for name, t in state.items() if not name.startswith("out.")}
        model.load_state_dict(state, strict=False)
    if options.stage == 0:
        epochs = [data.read_entailment(options.snli)]
    elif options.stage == 1:
        epochs = stage_one(options.shared, rng)
    elif options.stage == 3:
        epochs = stage_three(options.stories, rng, options.fold, options.epochs)
    else:
        epochs = stage_two(options.shared, rng, options.fold, options.epochs)
    print([len(examples) for examples in epochs], flush=True)
    train(model, tokenizer, epochs, options.rate, options.seed, options.out)


if __name__ == "__main__":
    main()
