#!/usr/bin/env python3
"""Runs the console blocks of the documents and compares what they print with what the documents say.

utils/check-documents.py [--update] [FILE...]: all of doc/ and of the companions' doc/ if no file is named.

A block is one shell session: lines that begin with "$ " are commands (continued while the shell finds them unfinished), the
lines below each are its output, of which "..." stands for anything; line breaks count as blanks. Commands without output are
run but not compared, and a block without any is not run. Kernels are pinned to the narrowest width, so that numbers do not
depend on the machine. With --update the documents are rewritten instead. Exits 1 if one differs.
"""

import glob
import re
import subprocess
import sys
import tempfile


def unfinished(command):
    return command.endswith("\\") or subprocess.run(["bash", "-n", "-c", command], capture_output=True).returncode != 0


def split(lines):
    """Pairs of command and output lines."""
    pairs = []
    i = 0
    while i < len(lines):
        if lines[i].startswith("$ "):
            command = lines[i][2:]
            shown = [lines[i]]
            while unfinished(command) and i + 1 < len(lines):
                i += 1
                command += "\n" + lines[i]
                shown.append(lines[i])
            pairs.append((command, shown, []))
        elif pairs:
            pairs[-1][2].append(lines[i])
        i += 1
    return pairs


def main():
    update = "--update" in sys.argv[1:]
    failed = False
    named = [argument for argument in sys.argv[1:] if argument != "--update"]
    for path in named or sorted(glob.glob("doc/*.rst") + glob.glob("contrib/*/doc/*.rst")):
        text = open(path, encoding="utf-8").read().split("\n")
        result = []
        i = 0
        while i < len(text):
            result.append(text[i])
            i += 1
            if result[-1].strip() != ".. code-block:: console":
                continue
            start = i
            block = []
            while i < len(text) and (text[i].startswith("   ") or not text[i].strip()):
                block.append(text[i][3:])
                i += 1
            tail = []
            while block and not block[-1].strip():
                tail.append(block.pop())
            pairs = split(block)
            if not any(expected for _, _, expected in pairs):
                result += text[start:i]
                continue
            mark = "--- end of a command ---"
            script = "".join(f"{command}\necho '{mark}'\n" for command, _, _ in pairs)
            with tempfile.TemporaryDirectory() as folder:
                prepare = f"ln -s $PWD/* {folder}; cd {folder}; rm -f results; export DISTRIBUTED_LEARNING_WIDTH=v1; "
                run = subprocess.run(["bash", "-c", prepare + script],
                                     stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT,
                                     text=True)
            output = run.stdout.split(mark + "\n")
            result.append("")
            for (command, shown, expected), actual in zip(pairs, output):
                actual = [line.rstrip() for line in actual.rstrip("\n").split("\n")] if actual.strip() else []
                pattern = ".*".join(re.escape(part.strip()) for part in " ".join(" ".join(expected).split()).split("..."))
                if expected and not re.fullmatch(pattern, " ".join(" ".join(actual).split())):
                    if update:
                        expected = actual
                    else:
                        failed = True
                        print(f"{path}: {command}\nprints\n" + "\n".join(actual) + "\nnot\n" + "\n".join(expected))
                result += ["   " + line if line else "" for line in shown + expected]
            result += [""] * len(tail)
        if update:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(result))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
