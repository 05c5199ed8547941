"""python -m pretrain: train, evaluate and export the bundled generator."""

from __future__ import annotations

from pathlib import Path

import click

WORK = click.option("--work", type=click.Path(path_type=Path), default=Path("pretrain-work"), show_default=True)
DATA = click.option("--data", type=click.Path(path_type=Path), default=Path("../shared/data"), show_default=True)


@click.group(context_settings={"show_default": True})
def main() -> None:
    """Make the bundled generator."""


@main.command()
@WORK
@DATA
@click.option("--minutes", type=float, default=0.0, help="Stop after this many minutes; 0: never.")
@click.option("--decay", is_flag=True, help="Decay the learning rate to zero over --minutes.")
@click.option("--batch-tokens", type=int, default=4096, help="Prompt tokens per step, padding included.")
@click.option("--save-every-s", type=float, default=300.0, help="Seconds between checkpoints.")
@click.option("--device", default="auto", help="cpu, cuda or auto.")
@click.option("--bf16/--fp32", default=True, help="The number type of the forward and backward pass.")
@click.option("--scale-lr", type=float, default=1.0, help="Multiply the learning rate by this.")
@click.option("--seed", type=int, default=20260)
@click.option("--threads", type=int, default=4)
def train(
    work: Path,
    data: Path,
    minutes: float,
    decay: bool,
    batch_tokens: int,
    save_every_s: float,
    device: str,
    bf16: bool,
    scale_lr: float,
    seed: int,
    threads: int,
) -> None:
    """Train, or continue, the model in WORK; its averaged weights are in WORK/averaged at any time."""
    import torch

    from pretrain.sources import read_sources
    from pretrain.tasks import Tasks
    from pretrain.training import Plan, Trainer

    if decay and not minutes:
        raise click.UsageError("--decay needs --minutes, the time over which the rate decays")
    torch.set_num_threads(threads)
    device = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
    plan = Plan(seed, batch_tokens, minutes, decay, save_every_s, device, bf16, scale_lr)
    done = Trainer(work, plan).train(Tasks(read_sources(data)))
    click.echo(f"{done.pairs} pairs, {done.tokens} prompt tokens, {done.seconds / 60:.0f} minutes: {work / 'averaged'}")


@main.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@WORK
def average(folders: tuple[Path, ...], work: Path) -> None:
    """Write the mean of the models in FOLDERS to WORK/averaged; one that is named twice counts twice."""
    from pretrain.averaging import average as write

    write(folders, work / "averaged")
    click.echo(f"{len(folders)} models: {work / 'averaged'}")


@main.command()
@click.option("--model", type=click.Path(path_type=Path), default=Path("ragvsft/models/bundled"))
@DATA
@click.option("-n", type=int, default=1000, help="How many answerable questions of squad-wiki to ask.")
@click.option(
    "--skip", type=int, default=0, help="Skip this many questions first, to ask others than the reported ones."
)
@click.option("--seed", type=int, default=1)
@click.option("--device", default="cpu")
@click.option("--threads", type=int, default=4)
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write the figures to this JSON file, too.")
def evaluate(
    model: Path, data: Path, n: int, skip: int, seed: int, device: str, threads: int, json_path: Path | None
) -> None:
    """Print the figures of the model card, with their intervals."""
    import torch

    from pretrain.evaluating import Generator, as_json, as_table, measure, read_squad

    torch.set_num_threads(threads)
    asked = read_squad(data / "squad-wiki" / "squad-wiki.json", n=n, seed=seed, skip=skip)
    measured = measure(Generator(model, device=device), asked, seed=seed)
    if json_path:
        json_path.write_text(as_json(measured), encoding="utf-8")
    click.echo(as_table(measured))


@main.command()
@click.option("--model", type=click.Path(path_type=Path), default=Path("ragvsft/models/bundled"))
@DATA
@click.option("-n", type=int, default=64, help="Questions per pass.")
@click.option(
    "--setting",
    "settings",
    multiple=True,
    help="Measure only this setting of SETTINGS in pretrain/speed.py; may be repeated.",
)
@click.option("--threads", type=int, multiple=True, default=(2, 4))
@click.option("--rounds", type=int, default=3)
def speed(model: Path, data: Path, n: int, settings: tuple[str, ...], threads: tuple[int, ...], rounds: int) -> None:
    """Print answers per second, closed-book and with three passages, for each setting and thread count."""
    from pretrain.evaluating import read_squad
    from pretrain.speed import HEAD, SETTINGS, measure_speed

    asked = read_squad(data / "squad-wiki" / "squad-wiki.json", n=n, seed=2)
    for line in HEAD:
        click.echo(line)
    for seen in measure_speed(model, asked, settings=settings or tuple(SETTINGS), threads=threads, rounds=rounds):
        click.echo(seen.line())


@main.command()
@WORK
@click.option("--to", type=click.Path(path_type=Path), default=Path("ragvsft/models/bundled"))
def export(work: Path, to: Path) -> None:
    """Copy WORK's averaged model to the folder that the package ships, as float16, with its hashes."""
    from pretrain.export import export as write

    click.echo(write(work / "averaged", to))


if __name__ == "__main__":
    main()
