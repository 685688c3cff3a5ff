#!/usr/bin/env python3
"""Compares the verdicts that the documents show with those of the last `make paper-lambdaml`.

utils/check-claims.py [--update] [FILE]: FILE is what lambdaml-report wrote, results/paper-lambdaml/claims.txt if none is named.
The table of claims in contrib/serverless/doc/lambdaml.rst has its rows, wrapped; rows of README.md that begin with
"| LambdaML, <source>:" have the same cells. With --update both are rewritten instead. Exits 1 if one differs.
"""

import re
import sys
import textwrap

WIDTHS = [22, 25, 21, 39, 13]


def wrap(cells):
    """A row of a simple table of reStructuredText; the first cell fits a line, as it must there."""
    columns = [textwrap.wrap(cell, width, break_on_hyphens=False) for cell, width in zip(cells, WIDTHS)]
    lines = [[column[i] if i < len(column) else "" for column in columns] for i in range(max(map(len, columns)))]
    return "".join("  ".join(part.ljust(width) for part, width in zip(line, WIDTHS)).rstrip() + "\n" for line in lines)


def order(row):
    """Claims by their numbers, then the others as they come."""
    number = re.match(r"claim (\d+)", row[0])
    return int(number[1]) if number else sys.maxsize


def main():
    update = "--update" in sys.argv[1:]
    file = next((argument for argument in sys.argv[1:] if argument != "--update"), "results/paper-lambdaml/claims.txt")
    try:
        heading, *rows = [line.rstrip("\n").split(" | ") for line in open(file, encoding="utf-8")]
    except OSError as error:
        sys.exit(f"check-claims: {file}: {error.strerror}; make paper-lambdaml writes it")
    except ValueError:
        heading, rows = [], []
    if len(heading) != len(WIDTHS) or not rows or any(len(row) != len(WIDTHS) for row in rows):
        sys.exit(f"check-claims: {file}: a heading and claims of {len(WIDTHS)} cells each are needed; make paper-lambdaml writes it")
    rule = wrap(["=" * width for width in WIDTHS])
    table = rule + wrap(heading) + rule + "".join(map(wrap, sorted(rows, key=order))) + rule
    short = {row[0]: "| LambdaML, " + row[0] + ": " + " | ".join(row[1:]) + " |" for row in rows}
    differ = False
    for path, pattern, replacement in [
        ("contrib/serverless/doc/lambdaml.rst", r"(?m)^=[= ]+\nsource (?:.+\n)+", lambda match: table),
        ("README.md", r"(?m)^\| LambdaML, (.*?): .*$", lambda match: short.get(match[1], "no such claim: " + match[0])),
    ]:
        old = open(path, encoding="utf-8").read()
        new, count = re.subn(pattern, replacement, old)
        if count == 0:
            sys.exit(f"check-claims: {path}: no claim of LambdaML is there")
        if new != old and update:
            open(path, "w", encoding="utf-8").write(new)
        elif new != old:
            print(f"{path}: other claims than in {file}; utils/check-claims.py --update writes these")
            differ = True
    sys.exit(differ)


if __name__ == "__main__":
    main()
