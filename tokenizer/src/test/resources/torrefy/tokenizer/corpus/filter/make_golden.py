"""Makes judgements.jsonl beside it: awkward texts, and what rules written anew from the papers say of them.

python make_golden.py (Python 3.11, no packages)

Each entry: the text, and for gopher-quality, gopher-repetition (Rae et al., arXiv 2112.11446, A.1.1 and table A1) and
fineweb (Penedo et al., arXiv 2406.17557, 3.4) the rule that rejects it with its figure; empty if none does.
"""

import json
import random
import re
import unicodedata
from collections import defaultdict

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}


def category(character):
    return unicodedata.category(character)[0]


def gopher_quality(text):
    words = text.split()
    if not 50 <= len(words) <= 100_000:
        return "words", len(words)
    mean = sum(map(len, words)) / len(words)
    if not 3 <= mean <= 10:
        return "mean word length", mean
    symbols = max(text.count("#"), len(re.findall(r"\.\.\.|…", text))) / len(words)
    if symbols > 0.1:
        return "symbols per word", symbols
    letters = sum(any(category(c) == "L" for c in word) for word in words) / len(words)
    if letters < 0.8:
        return "share of words with a letter", letters
    if len(STOP_WORDS & set(words)) < 2:
        return "different stop words", len(STOP_WORDS & set(words))
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    bullets = sum(line[0] in "•‣▶◀◦■□▪▫–-*●" for line in lines) / len(lines)
    if bullets > 0.9:
        return "share of bulleted lines", bullets
    ellipses = sum(line.endswith(("…", "...")) for line in lines) / len(lines)
    return ("share of lines ending in an ellipsis", ellipses) if ellipses > 0.3 else None


def repeats(units):
    """The share of units that have stood there before, and that of the characters in them."""
    seen, repeated = set(), []
    for unit in units:
        repeated += [unit] if unit in seen else []
        seen.add(unit)
    characters = sum(map(len, units))
    return len(repeated) / max(1, len(units)), sum(map(len, repeated)) / max(1, characters)


def normal(word):
    """Without punctuation at the ends, in small letters."""
    kept = [i for i, c in enumerate(word) if category(c) in "LNM"]
    return word[kept[0] : kept[-1] + 1].lower() if kept else ""


def places(words, n):
    """Where each n-gram begins."""
    found = defaultdict(list)
    for i in range(len(words) - n + 1):
        found[tuple(map(normal, words[i : i + n]))].append(i)
    return found.values()


def covered(words, starts, n):
    return sum(len(words[i]) for i in {start + j for start in starts for j in range(n)}) / sum(map(len, words))


def top(words, n):
    most = max(map(len, places(words, n)), default=0)
    return max((covered(words, p, n) for p in places(words, n) if len(p) == most > 1), default=0)


def repeated(words, n):
    return covered(words, [i for p in places(words, n) for i in p[1:]], n)


def gopher_repetition(text):
    lines = repeats([line.strip() for line in text.split("\n") if line.strip()])
    paragraphs = repeats([part.strip() for part in text.split("\n\n") if part.strip()])
    figures = [
        ("share of repeated lines", lines[0], 0.3),
        ("share of characters in repeated lines", lines[1], 0.2),
        ("share of repeated paragraphs", paragraphs[0], 0.3),
        ("share of characters in repeated paragraphs", paragraphs[1], 0.2),
    ]
    words = text.split()
    if words:
        for n, most in zip(range(2, 5), (0.20, 0.18, 0.16)):
            figures.append((f"share of characters in the top {n}-gram", top(words, n), most))
        for n, most in zip(range(5, 11), (0.15, 0.14, 0.13, 0.12, 0.11, 0.10)):
            figures.append((f"share of characters in repeated {n}-grams", repeated(words, n), most))
    return next(((what, share) for what, share, most in figures if share > most), None)


def fineweb(text):
    lines = [line for line in text.split("\n") if line]
    punctuated = sum(line[-1] in ".!?:;,\"')]}”’»…。！？" for line in lines) / max(1, len(lines))
    if punctuated <= 0.12:
        return "share of lines ending in punctuation", punctuated
    share = repeats([line.strip() for line in lines if line.strip()])[1]
    if share >= 0.1:
        return "share of characters in repeated lines", share
    short = sum(len(line) < 30 for line in lines) / max(1, len(lines))
    return ("share of short lines", short) if short >= 0.67 else None


WORDS = """the of and to in a is that was he for it with as his on be at by I this had not are but from or have an they
which one you were her all she there would their we him been has when who will more no if out so said what up its about
into than them can only other new some could time these two may then do first any my now such like our over man me even
most made after also did many before must through back years where much your way well down should because each just
those people""".split()
randomness = random.Random(20211208)


def some(least, most):
    return randomness.randint(least, most)


def sentence(words):
    return " ".join(randomness.choices(WORDS, k=words)).capitalize() + "."


def letters(first, last, least, most):
    return "".join(chr(some(first, last)) for _ in range(some(least, most)))


texts = ["", "word", "word\n", "\n\n \n\t\n", "a\tb\tc\n" * 30]
texts.append(" ".join(sentence(9) for _ in range(60)))
texts += ["\n".join(bullet + sentence(9) for _ in range(12)) for bullet in ("- ", "• ", "\t* ")]
texts.append("\n".join(["* " + sentence(12) for _ in range(9)] + [sentence(12)]))
texts.append("\n".join(sentence(15)[:-1] + randomness.choice(["...", "…", "....", "."]) for _ in range(12)))
for hashes, dots in ((0.12, 0), (0, 0.12), (0.07, 0.07)):
    words = [randomness.choice(WORDS) for _ in range(400)]
    texts.append(" ".join("#" * (randomness.random() < hashes) + w + "..." * (randomness.random() < dots) for w in words))
# Spaces that are not ASCII's; letters beyond the first plane; vowels that are marks; signs that are no words.
texts += [space.join(sentence(9) for _ in range(8)).replace(" ", space) for space in "\u00a0\u3000\u202f\u2028"]
texts.append(" ".join(letters(0x1E900, 0x1E943, 2, 8) for _ in range(100)) + " the of and to")
texts.append(" ".join(letters(0x20000, 0x2A000, 2, 8) for _ in range(100)) + " the of and to")
texts.append(" ".join(randomness.choice("कगतनसदपबमयरलव") + randomness.choice("ािीुूेैोौ") for _ in range(200)))
texts.append(" ".join(letters(0x1F600, 0x1F64F, 1, 3) for _ in range(60)))
texts.append(" ".join(sentence(4) + " " + chr(0x1F600) * some(1, 9) for _ in range(30)))
texts.append(letters(0x4E00, 0x9FA5, 500, 500) + "。\n" + letters(0x4E00, 0x9FA5, 40, 40) + "！")
for _ in range(8):
    lines = [sentence(some(3, 14)) for _ in range(some(5, 20))]
    lines += randomness.choices(lines, k=some(0, len(lines)))
    texts.append("\n".join(line + "\n" * (randomness.random() < 0.3) for line in lines))
for _ in range(25):
    words = [randomness.choice(WORDS) + str(some(0, 99)) for _ in range(some(60, 250))]
    gram = [randomness.choice(WORDS) + "x" for _ in range(some(2, 12))]
    for _ in range(some(0, 9)):
        place = some(0, len(words))
        words[place:place] = gram
    words = [word.upper() if randomness.random() < 0.1 else word for word in words]
    texts.append(" ".join(word + randomness.choice(["", "", ",", "."]) for word in words))
for _ in range(12):
    lines = [sentence(some(1, 9)) for _ in range(some(3, 25))]
    texts.append("\n".join(line if randomness.random() < 0.2 else line[:-1] for line in lines))

RULES = {"gopher-quality": gopher_quality, "gopher-repetition": gopher_repetition, "fineweb": fineweb}
with open("judgements.jsonl", "w", encoding="utf-8", newline="\n") as file:
    for text in texts:
        found = {name: rule(text) for name, rule in RULES.items()}
        said = {name: f"{why[0]} {why[1]:.6f}" if why else "" for name, why in found.items()}
        file.write(json.dumps({"text": text, **said}) + "\n")
