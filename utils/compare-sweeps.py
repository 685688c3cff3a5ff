#!/usr/bin/env python3
"""Compares two results directories of the same sweep: compare-sweeps.py FIRST SECOND

Equal are sweeps with the same runs, all finished, whose summaries agree in everything but the times
of the host (names that begin with wall_), and which wrote the same rows. Exits 1 and names the first
difference otherwise.
"""

import pathlib
import sqlite3
import sys


def summaries(directory):
    """Summary of each run, as text, by the run's key and the name."""
    file = directory / "sweep.sqlite"
    try:
        connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        unfinished = connection.execute("select key, message from runs where status != 'ok'").fetchall()
        rows = connection.execute(
            "select runs.key, summary.name, summary.text from runs join summary on runs.id = summary.id "
            "where summary.name not like 'wall\\_%' escape '\\'"
        ).fetchall()
    except sqlite3.Error as error:
        sys.exit(f"compare-sweeps: {file}: cannot be read as the database of a sweep: {error}")
    if unfinished:
        sys.exit(f"{directory}: run failed: {unfinished[0][0]}: {unfinished[0][1]}")
    return {f"{key}: {name}": text for key, name, text in rows}


def tables(directory):
    """Content of each CSV file, by its path below the directory."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in sorted(directory.rglob("*.csv"))}


def main():
    if len(sys.argv) != 3:
        print("compare-sweeps: two results directories are needed: compare-sweeps.py FIRST SECOND", file=sys.stderr)
        sys.exit(2)
    first, second = (pathlib.Path(argument) for argument in sys.argv[1:])
    for read in [summaries, tables]:
        one, other = read(first), read(second)
        if not one:
            sys.exit(f"{first}: nothing to compare ({read.__name__})")
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                sys.exit(f"differs: {name}")


if __name__ == "__main__":
    main()
