# polars: sentences that several articles state
python -c "import polars as pl; print(pl.read_parquet('outputs/sentences.parquet').filter(pl.col('duplicate_count') > 0).select('target_text', 'outlets'))"
# DuckDB: facts by the number of outlets
python -c "import duckdb; duckdb.sql(\"select outlet_count, target_text from 'outputs/facts.jsonl' where kind = 'repeated' order by outlet_count desc\").show()"
# pandas: how many facts each outlet has
python -c "import pandas as pd; print(pd.read_parquet('outputs/mentions.parquet').groupby('outlet').fact_id.nunique())"
# Hugging Face datasets: the bilingual sentences as a dataset
python -c "from datasets import load_dataset; print(load_dataset('parquet', data_files='outputs/sentences.parquet', split='train'))"
# jq: facts in disagreement, with the values that differ
jq -r 'select(.conflicts != []) | .target_text, (.conflicts[] | "    " + (.values | join(" / ")))' outputs/facts.jsonl
