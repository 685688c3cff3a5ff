#!/usr/bin/env python3
"""Checks which way the includes point: a room of the module uses only the rooms below it.

The order is that of the design: helper, measurement, application, aggregation, transport, impairment
from top to bottom; application also uses learning and data; theory uses the standard library only, and
helper alone uses theory. data and learning see no network: of ns-3 they use the core module only.
Exits 1 and names every include that is wrong.
"""

import os
import re
import subprocess
import sys

BELOW = {
    "data": [],
    "learning": ["data"],
    "theory": [],
    "impairment": [],
    "transport": ["impairment"],
    "aggregation": ["transport", "impairment"],
    "application": ["aggregation", "transport", "impairment", "learning", "data"],
    "measurement": ["application", "aggregation", "transport", "impairment", "learning", "data"],
    "helper": ["measurement", "application", "aggregation", "transport", "impairment", "learning", "data", "theory"],
}
WITHOUT_NETWORK = ["data", "learning"]
COMMON = "common"  # headers directly in model/, which any room but theory may use
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)


def room_of(path):
    """Name of the room a file lies in, or None for examples, tests and programs, which may use all."""
    parts = path.split("/")
    if parts[0] == "helper":
        return "helper"
    if parts[0] == "model":
        return parts[1] if len(parts) > 2 else COMMON
    if parts[0] == "contrib":
        return "contrib"
    return None


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def core_headers():
    """Names of the headers of ns-3's core module, or None if no ns-3 is installed to ask."""
    for directory in ["/usr/include/ns3", "/usr/local/include/ns3"]:
        path = os.path.join(directory, "core-module.h")
        if os.path.exists(path):
            return {os.path.basename(name) for _, name in INCLUDE.findall(read(path))} | {"core-module.h"}
    return None


def main():
    listed = subprocess.run(["git", "ls-files", "*.h", "*.cc"], capture_output=True, text=True, check=True)
    files = [path for path in listed.stdout.split() if os.path.exists(path)]
    homes = {os.path.basename(path): room_of(path) for path in files if path.endswith(".h") and room_of(path)}
    core = core_headers()
    wrong = []
    for path in files:
        room = room_of(path)
        if room is None or room == "contrib":
            continue
        if room != COMMON and room not in BELOW:
            wrong.append(f"{path}: the design has no room {room}")
            continue
        for bracket, name in INCLUDE.findall(read(path)):
            base = os.path.basename(name)
            target = homes.get(base) if bracket == '"' else None
            if target is None:
                foreign = bracket == '"' or "/" in name or name.endswith(".h")
                if room == "theory" and foreign:
                    wrong.append(f"{path}: theory includes {name}, which is not of the standard library")
                if room in WITHOUT_NETWORK and name.startswith("ns3/") and core and base not in core:
                    wrong.append(f"{path}: {room} includes {name}, which is not of ns-3's core module")
            elif target not in (room, COMMON, *BELOW.get(room, [])) or (room == "theory" and target == COMMON):
                wrong.append(f"{path}: {room} includes {name}, which lies in {target}")
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
