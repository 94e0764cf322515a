"""Public question sets of several formats, read into one: articles, questions about them, and gold paragraphs.

sets.py says what a set is, loading.py finds out the format, and each format has a file of its own.
"""

from eval.sets.loading import FORMATS, load_public_set
from eval.sets.sets import Place, PublicArticle, PublicQuestion, PublicSet

__all__ = ["FORMATS", "Place", "PublicArticle", "PublicQuestion", "PublicSet", "load_public_set"]
