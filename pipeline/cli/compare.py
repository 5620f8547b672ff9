"""`faktenblatt dedup` and `faktenblatt explain`: the matching on its own, and its reasons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli import options
from pipeline.cli.console import note, progress_bar, reported_errors
from pipeline.errors import UsageError

# segment ids end in '#' and a position, clause ids in '/' and a second one
UNIT_ID = re.compile(r"#\d{4,}(?:/\d+)?$")


def dedup(
    source: Annotated[
        Path, typer.Argument(metavar="INPUT", help="Sentences: .jsonl, .csv or .parquet.")
    ],
    *,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="OUT", help="Result: .jsonl, .csv or .parquet."),
    ],
    text_column: Annotated[str, typer.Option(help="Column with the sentence.")] = "text",
    id_column: Annotated[str, typer.Option(help="Column with a unique id.")] = "id",
    group_column: Annotated[
        str, typer.Option(help="Column with the article or outlet; need not be there.")
    ] = "group",
    story_column: Annotated[
        str | None,
        typer.Option(help="Column with the story: only pairs inside one are sought."),
    ] = None,
    pairs: Annotated[
        Path | None,
        typer.Option("--pairs", metavar="PAIRS", help="Also write every candidate pair there."),
    ] = None,
    threshold: options.Threshold = None,
    embedder: options.Embedder = None,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Deduplicate sentences that are already in one language.

    OUT has one row a distinct sentence-fact: id, text, group, cluster_id, duplicate_count,
    member_ids. Sentences that differ in a number, a name or a negation stay apart.
    """
    with reported_errors(debug=debug), progress_bar() as progress:
        from pipeline.config import load_config
        from pipeline.dedup import deduplicate_file

        settings = load_config(config, matching={"threshold": threshold, "embedder": embedder})
        result = deduplicate_file(
            source,
            out,
            settings,
            pairs_path=pairs,
            text_column=text_column,
            id_column=id_column,
            group_column=group_column,
            story_column=story_column,
            progress=progress,
        )
    for line in result.notes:
        note(line)
    typer.echo(
        f"{result.sentence_count} sentences, {result.sentences.height} distinct, "
        f"{result.sentence_count - result.sentences.height} repeated: {out}"
    )


def explain(
    subject: Annotated[
        list[str],
        typer.Argument(
            metavar="FACT|SEGMENT SEGMENT|TEXT TEXT",
            help="A fact id; two segment ids; or two sentences in English.",
        ),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder of the run to explain.")
    ] = Path("outputs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    embedder: options.Embedder = None,
    threshold: options.Threshold = None,
    config: options.ConfigFile = None,
    debug: options.Debug = False,
) -> None:
    """Say why sentences were merged into one fact or kept apart, in words and figures."""
    with reported_errors(debug=debug):
        import json

        from pipeline import explain as explaining
        from pipeline.config import load_config
        from pipeline.embedding import load_embedder

        matching = load_config(
            config, matching={"threshold": threshold, "embedder": embedder}
        ).matching
        explanation: explaining.PairExplanation | explaining.FactExplanation
        if len(subject) == 1:
            explanation = explaining.explain_fact(out, subject[0])
        elif len(subject) > 2:
            raise UsageError("explain takes a fact id, two segment ids or two sentences (quoted)")
        elif all(UNIT_ID.search(item) for item in subject):
            explanation = explaining.explain_pair(out, *subject)
        else:
            explanation = explaining.explain_texts(
                *subject, config=matching, embedder=load_embedder(matching.embedder)
            )
        if as_json:
            plain = explaining.to_plain(explanation)
            typer.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        else:
            typer.echo("\n".join(explaining.describe(explanation)))
