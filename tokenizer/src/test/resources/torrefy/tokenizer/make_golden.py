"""Makes the golden files beside it: what other implementations of the same formats say.

pip install regex==2026.9.29 tokenizers==0.23.2; python make_golden.py

split-patterns.json  pieces of awkward texts under the patterns as published with tiktoken
byte-level.json      a tokenizer.json trained and written by Hugging Face's tokenizers
byte-level-ids.json  texts and what that library encodes them to
"""

import json
import random

import regex
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

PATTERNS = {
    "GPT_2": r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
    "GPT_4": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|"
    r"\s*[\r\n]|\s+(?!\S)|\s",
}
PARTS = [
    " ", "  ", "\t", "\n", "\r\n", "\r", "\x0b", "\f", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u202f",
    "\u205f", "\u3000", "\u180e", "\u200b", "\x1c", "\0", "'s", "'S", "'\u017f", "'ll", "'Re", "a", "B", "é", "ß",
    "日本", "한국", "٣", "12", "3456", "Ⅷ", "½", "_", "--", "!", "/**", "😀", "👩‍👧", "e\u0301", "ǅ", "\ufeff", "word",
]

randomness = random.Random(20240520)
texts = ["", "It's   the end.  ", "x = 12345;\n\n\treturn  x;\n  ", "WE'LL see, don't\u00a0you? "]
texts += ["".join(randomness.choices(PARTS, k=randomness.randint(1, 8))) for _ in range(300)]


def write(name, value):
    with open(name, "w", encoding="utf-8", newline="\n") as file:
        json.dump(value, file, ensure_ascii=True, indent=0)
        file.write("\n")


# \Z is the end of the text, which `$` means to tiktoken; Python's `$` would also stop before a last line end.
compiled = {name: regex.compile(pattern.replace("$", r"\Z")) for name, pattern in PATTERNS.items()}
write(
    "split-patterns.json",
    [{"text": text, **{name: pattern.findall(text) for name, pattern in compiled.items()}} for text in texts],
)

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
trainer = trainers.BpeTrainer(
    vocab_size=400,
    special_tokens=["<|endoftext|>", "<|end|>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator([__doc__] * 3 + texts, trainer)
tokenizer.save("byte-level.json")
tokenizer.encode_special_tokens = True
samples = texts[:60] + [__doc__, "plain <|endoftext|> and <|end|>"]
write("byte-level-ids.json", [{"text": text, "ids": tokenizer.encode(text).ids} for text in samples])
