"""Fits the model of forms: multinomial logistic regression over the frames of questions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from assistant.question.form import BEGINNING, Model, Reading
from assistant.types import Form
from eval.fitting.forms.classes import classes_of
from eval.fitting.forms.examples import OUTLETS, Example, in_other_hands, questions

HEAD, TAIL = 240, 120
"""Characters read of a text: its beginning and, where it is longer, its end."""
FEWEST_WORD = 3
"""Written questions that a word must stand in to be known, if it does not stand in short talk."""
SHORT_TALK = 3
"""Words up to which talk is known by any of its words: what is not known is a topic."""
MOST_AS_NAME = 0.5
"""The largest share of a known word's places, behind the first, where it may have a capital."""
FEWEST_FEATURE = 3
"""Readings of questions that a feature must stand in to be weighed."""
MOST_FEATURES = 24_000
"""Features that are kept, those of the largest weights."""
STRENGTH = 3.0
"""The inverse of the regularisation."""
POOLED_WEIGHT = 0.3
"""What a question of the pool counts, against a written one."""
FRAMED_WEIGHT = 0.5
"""The same of a question made of a frame and a topic."""
NO_DOUBT = 1.0
"""A threshold at which no question counts as one for a fact."""
MOST_ROUNDS = 150
"""Steps of the solver: more change nothing that is measured."""
SCALE = 10
"""Weights are written as whole numbers of this part of 1."""
TIMES = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays"
).split()
TOPICAL = (
    "war trump bees brexit bbc deal trial iran herald guardian virus vote strike reuters dog vaccine tunnel plan "
    "president police scandal cnn minister ferry merkel crash wall bill negotiations conflict country company "
    "government dispute ship price tax dogs perlez pipeline climate summit toll impeachment bank protests dam court "
    "film trade merger judge law leak bridge speech attack reform victims border coup lockdown power month biden "
    "plane suspect nuclear vaccines sanctions refugees masks mayor residents pilot rules language pope women oil "
    "peace victim leaders candidates inflation prices parties ice guns budget outbreak verdict ruling airport wedding "
    "lawyer boeing treaty agreement russia queen shooting family hurricane hearing campaign election elections storm "
    "statue backstop hockey ebola siege parliament book drug abortion teachers senate market filibuster prisoners "
    "coalition earthquake royal reporter senator school european stadium camps london labour taxes soros tariffs "
    "vaping york immigration water system train accident resignation rescue passengers man car song constitution "
    "seats prison unemployment fires covid flood floods german french epidemic boys hostage independence referendum "
    "missile hospital soldiers unions men love candidate army greens intelligence energy governor housing investors "
    "recession weinstein biography football pension tennis debt arab space race congress lawsuit gold town gas child "
    "mother coach cabinet whistleblower deaths christmas plant tariff plastic ministry population schools companies "
    "games airline vests explosion cancer shutdown island launch languages church shooter stimulus minimum wage "
    "warren fracking hostages photo penalty workers volcano coronavirus opioid dame notre international republicans "
    "democrats poisoning harvey oligarch cambridge analytica kurds artificial nurse wildfires mexico kremlin huawei "
    "ceasefire blackout cave pandemic extradition engine miners zealand ceo brother emails violence tower agency afd "
    "shares drought musk elon scotland bomb texas flight flights iphone mine college museum beds river jury crew "
    "album king twitter scooters poem parents boy quarantine curfew britain brothers wife zelensky hedge bitcoin barr "
    "antifa idlib donbas wagner jeffrey catalonia plague spanish music food british fuel gun revolution uprising "
    "negotiation talks fire crisis chess kashmir libya syria yemen sudan venezuela putin macron johnson chicago"
).split()
"""Words that many written questions have as their topic, for want of another."""
NEVER_KNOWN = frozenset(TIMES) - {"may", "march"} | frozenset(TOPICAL)
CONTRACTED = "what who where when why how that this it he she here there".split()


def fit(written: Sequence[Example], pool: Sequence[Example], framed: Sequence[Example]) -> Model:
    """Fit a model to written questions, a pool of questions for one fact, and questions made of frames and topics."""
    words = _known(written)
    beginnings = frozenset(word[:BEGINNING] for word in words if len(word) > BEGINNING)
    reading = Reading(
        words=words,
        beginnings=beginnings,
        classes=classes_of((each.question for each in written), questions()),
        contracted=frozenset(CONTRACTED),
        times=frozenset(TIMES),
        head=HEAD,
        tail=TAIL,
    )
    rows, forms, counts = [], [], []
    weighed = [
        *((each, 1.0) for each in written),
        *((each, POOLED_WEIGHT) for each in pool),
        *((each, FRAMED_WEIGHT) for each in framed),
    ]
    for example, weight in weighed:
        seen = _readings(reading, example.question)
        rows += seen
        forms += [example.form.value] * len(seen)
        counts += [weight / len(seen)] * len(seen)
    common = Counter(feature for row in set(rows) for feature in row)
    kept = {feature for feature, count in common.items() if count >= FEWEST_FEATURE}
    first = _regression(rows, forms, counts, kept)
    largest = sorted(first.weights, key=lambda feature: -float(np.ptp(first.weights[feature])))
    fitted = _regression(rows, forms, counts, set(largest[:MOST_FEATURES]))
    return Model(reading, fitted.forms, fitted.bias, fitted.weights, NO_DOUBT)


@dataclass(frozen=True, slots=True)
class Regression:
    """What logistic regression found."""

    forms: tuple[Form, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]


def _regression(
    rows: Sequence[frozenset[str]], forms: Sequence[str], counts: Sequence[float], kept: Collection[str]
) -> Regression:
    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(sorted(row & frozenset(kept)), 1.0) for row in rows])
    fitted = LogisticRegression(C=STRENGTH, max_iter=MOST_ROUNDS).fit(matrix, forms, sample_weight=np.array(counts))
    weights = {
        name: tuple(map(float, row)) for name, row in zip(vectorizer.feature_names_, fitted.coef_.T, strict=True)
    }
    return Regression(tuple(map(Form, fitted.classes_)), tuple(map(float, fitted.intercept_)), weights)


def write(model: Model, path: Path, about: str) -> None:
    """Write a model, one feature a line."""
    head: dict[str, object] = {
        "about": about,
        "head": model.reading.head,
        "tail": model.reading.tail,
        "doubt": model.doubt,
        "forms": list(model.forms),
        "scale": SCALE,
        "bias": [round(each, 2) for each in model.bias],
        "contracted": sorted(model.reading.contracted),
        "times": sorted(model.reading.times),
        "beginnings": sorted(model.reading.beginnings),
        "words": sorted(model.reading.words),
    }
    classes: dict[str, list[str]] = {}
    for word, name in sorted(model.reading.classes.items()):
        classes.setdefault(name, []).append(word)
    head["classes"] = {name: " ".join(words) for name, words in sorted(classes.items())}
    lines = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    weights = [
        f"{json.dumps(name, ensure_ascii=False)}:[{','.join(str(round(each * SCALE)) for each in row)}]"
        for name, row in sorted(model.weights.items())
    ]
    path.write_text("{" + ",\n".join(lines) + ',\n"weights": {\n' + ",\n".join(weights) + "\n}}\n", "utf-8")


def doubting(model: Model, doubt: float) -> Model:
    """Return a model with another threshold."""
    return replace(model, doubt=doubt)


def _known(examples: Iterable[Example]) -> frozenset[str]:
    """Return the words of frames: they stand in several questions or in short talk, and seldom as a name."""
    seen: Counter[str] = Counter()
    behind: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    said: set[str] = set()
    for example in examples:
        words = "".join(sign if sign.isalnum() else " " for sign in example.question).split()
        seen.update({word.lower() for word in words})
        behind.update(word.lower() for word in words[1:])
        capital.update(word.lower() for word in words[1:] if word != word.lower())
        if example.form is Form.TALK and len(words) <= SHORT_TALK:
            said.update(map(str.lower, words))
    common = {word for word, count in seen.items() if count >= FEWEST_WORD}
    return frozenset(
        word
        for word in common | said
        if word.isalpha() and word not in NEVER_KNOWN and capital[word] <= MOST_AS_NAME * behind[word]
    )


def _readings(reading: Reading, question: str) -> list[frozenset[str]]:
    """Return a question's features as others would type it, with the outlets known and unknown."""
    found = [reading.features(each, outlets) for each in in_other_hands(question) for outlets in ((), OUTLETS)]
    return list(dict.fromkeys(map(frozenset, found)))
