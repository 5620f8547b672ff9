"""Trains the same-fact model from the embedder's weights; see README.md for the commands.

Stage 1 learns rule-made pairs and graded similarity, stage 2 the human-labelled sets.
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

    def __init__(self, folder: Path) -> None:
        super().__init__()
        # Plain attention trains a third faster on a CPU than the fused one at these lengths.
        self.bert = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager"
        )
        width = self.bert.config.hidden_size
        self.dense = nn.Linear(3 * width, width)
        self.out = nn.Linear(width, len(data.HEADS))
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
        return self.out(self.dropout(torch.nn.functional.gelu(self.dense(self.dropout(features)))))


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
    loss_of = nn.BCEWithLogitsLoss(reduction="none")
    step, running, start = 0, 0.0, time.time()
    for number, (examples, batches) in enumerate(plans):
        model.train()
        for batch in batches:
            chosen = [examples[i] for i in batch]
            flip = [rng.random() < 0.5 for _ in chosen]
            lefts = [e.right if f else e.left for e, f in zip(chosen, flip, strict=True)]
            rights = [e.left if f else e.right for e, f in zip(chosen, flip, strict=True)]
            heads = torch.tensor([data.HEADS.index(e.head) for e in chosen])
            labels = torch.tensor([e.label for e in chosen])
            weights = torch.tensor([e.weight for e in chosen])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(*encode(tokenizer, lefts, rights))
            picked = logits.float().gather(1, heads[:, None])[:, 0]
            loss = (loss_of(picked, labels) * weights).mean()
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


def save_changed(model, file):
    """Everything but the frozen word and position embeddings."""
    state = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in model.state_dict().items()
        if "embeddings" not in name or "token_type" in name
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
    """MRPC train, ECB+ and Multi-News, without the topics and rows of the fold (-1: with all)."""
    facts = shared / "data/facts"
    mrpc = [
        data.Example(a, b, "paraphrase", float(label))
        for row, (a, b, label) in enumerate(data.read_mrpc(facts / data.MRPC_TRAIN))
        if data.fold_of_row(row) != fold
    ]
    positives, hard, easy = {}, {}, {}
    for name in ("ecb", "multinews"):
        events = [
            data.Example(row["left"], row["right"], "event", float(row["label"]))
            for row in data.read_labelled(facts / name)
            if data.fold_of_story(row["story"]) != fold
        ]
        positives[name] = [example for example in events if example.label == 1]
        hard[name], easy[name] = rank_negatives([e for e in events if e.label == 0])
    pairs = data.read_translations(shared / "data/parallel", 60_000, rng)
    made = []
    for _ in range(epochs):
        examples = list(mrpc)
        for name, times in (("ecb", 1), ("multinews", 2)):
            count = len(positives[name])
            examples += times * positives[name]
            examples += rng.sample(hard[name], min(len(hard[name]), int(1.6 * times * count)))
            examples += rng.sample(easy[name], min(len(easy[name]), int(0.4 * times * count)))
        examples += data.make_edit_examples(pairs, 15, rng)
        examples += data.make_format_examples(pairs, 60, rng) + data.make_role_examples(60, rng)
        made.append(examples)
    return made


def rank_negatives(negatives):
    """The third that shares most words with each other, and the rest."""

    def overlap(example):
        a, b = data.split_words(example.left), data.split_words(example.right)
        return len(a & b) / min(len(a), len(b))

    ordered = sorted(negatives, key=lambda e: (-overlap(e), e.left, e.right))
    cut = len(ordered) // 3
    return ordered[:cut], ordered[cut:]


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--stage", type=int, choices=(1, 2), required=True)
    parser.add_argument("--start", type=Path, help="weights to start from (stage 2)")
    parser.add_argument("--fold", type=int, default=-1, help="left out of stage 2; -1: none")
    parser.add_argument("--epochs", type=int, default=3, help="of stage 2")
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
    model = SameFactModel(folder)
    if options.start:
        model.load_state_dict(
            {k: v.float() for k, v in load_file(options.start).items()}, strict=False
        )
    epochs = (
        stage_one(options.shared, rng)
        if options.stage == 1
        else stage_two(options.shared, rng, options.fold, options.epochs)
    )
    print([len(examples) for examples in epochs], flush=True)
    train(
        model,
        tokenizer,
        epochs,
        options.rate,
        options.seed,
        options.out,
    )


if __name__ == "__main__":
    main()
