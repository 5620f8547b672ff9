"""The recipe of the bundled German-English package, from parallel text to `.argosmodel`.

    select -> pack        on a CPU: parallel text in, filtered text, vocabulary and packed ids out
    train                 on one GPU (or, for a smoke run, on a CPU): packed ids in, weights out
    export -> evaluate    on a CPU: weights in, package and its figures out

`python -m models.training COMMAND --help`; README.md beside this file tells the order.
`train` and what it imports need only numpy, torch, sentencepiece and safetensors.
"""
