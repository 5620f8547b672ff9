"""What a sentence says, made comparable: quantities, dates, names, polarity, modality, roles.

German and English. Every finder is pure, takes a text and its ISO 639-1 language, and returns
frozen values with half-open spans into that text. Word lists lie as data files in `data/`.
"""
