"""`lipei settle`: a file in, a file out, a bar between, and a way out of every mistake."""

import subprocess
import sys

import polars as pl

from lipei.run.home import CHECKOUT

ROWS = 500


def settle(*words, folder):
    command = [sys.executable, "-m", "lipei", "settle", *words]
    env = {"PYTHONPATH": str(CHECKOUT / "src"), "PATH": "/usr/bin:/bin", "COLUMNS": "100"}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)


def claims(folder):
    pl.DataFrame(
        {
            "claim_number": [f"CX-{n}" for n in range(ROWS)],
            "repair_cost_fen": [n * 1_000 for n in range(ROWS)],
            "sum_insured_fen": [20_000_000] * ROWS,
        }
    ).write_csv(folder / "claims.csv")
    return ["--product", "own_damage", "--edition", "2020", "--in", "claims.csv"]


def test_a_file_is_settled_with_a_bar_and_a_sum(tmp_path):
    done = settle(
        *claims(tmp_path), "--out", "paid.parquet", "--carry", "claim_number", folder=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "500 of 500" in done.stderr
    assert "500 settled" in done.stdout
    assert "1,247,500.00 yuan in all" in done.stdout
    paid = pl.read_parquet(tmp_path / "paid.parquet")
    assert paid["benefit_fen"].to_list() == [n * 1_000 for n in range(ROWS)]


def test_rejected_rows_are_counted_and_told_by_the_exit_code(tmp_path):
    words = claims(tmp_path)
    with (tmp_path / "claims.csv").open("a") as file:
        file.write("CX-bad,-5,20000000\n")
    done = settle(*words, "--out", "paid.parquet", "--carry", "claim_number", folder=tmp_path)
    assert done.returncode == 2
    assert "1 rejected" in done.stdout
    assert "501,repair_cost_fen,negative" in (tmp_path / "paid.rejects.csv").read_text("utf-8-sig")


def test_every_mistake_has_a_sentence_and_a_way_out(tmp_path):
    words = claims(tmp_path)
    unknown = settle(*words, "--out", "paid.parquet", folder=tmp_path)
    assert unknown.returncode == 1
    assert "claim_number" in unknown.stderr + unknown.stdout
    assert "--carry" in unknown.stderr + unknown.stdout
    nowhere = settle(*words, "--out", "no/paid.parquet", folder=tmp_path)
    assert "no folder" in nowhere.stderr + nowhere.stdout
    wrong = settle(*[w.replace("2020", "1999") for w in words], "--out", "p.parquet",
                   folder=tmp_path)  # fmt: skip
    assert "own_damage_2020" in wrong.stderr + wrong.stdout
    assert not list(tmp_path.glob("*.parquet"))
