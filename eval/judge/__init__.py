"""The judge: a language model's one-token verdict on a statement and its source, and what that verdict is worth."""
