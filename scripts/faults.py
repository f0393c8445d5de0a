#!/usr/bin/env python3
"""Breaks each promise once and sees that its test notices: the faults of tests/faults.toml, in one build.

Every fault is an expression with another to take its place. A copy of the house is built in which both stand behind a
switch; then each fault is switched on alone, and its test has to fail, having passed without it.
usage: scripts/faults.py [NAME…]   (only these)
"""

import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib

HOUSE = pathlib.Path(__file__).resolve().parent.parent
# With a folder of its own for what it builds: cargo takes two houses of one name that share one for the same house.
COPY = HOUSE / "target" / "faults" / "house"
BUILT = HOUSE / "target" / "faults" / "built"
SWITCH = COPY / "switched-on"
# A test that a fault keeps from ending has noticed it.
PATIENCE = 180


def main(names):
    faults = tomllib.loads((HOUSE / "tests" / "faults.toml").read_text())["fault"]
    unknown = set(names) - {fault["name"] for fault in faults}
    if unknown:
        sys.exit(f"no fault of that name: {', '.join(sorted(unknown))}")
    copy(faults)
    chosen = [fault for fault in faults if not names or fault["name"] in names]
    build(chosen)
    for test in sorted({fault["test"] for fault in chosen}):
        SWITCH.write_text("")
        if run(test) != "passes":
            sys.exit(f"does not pass without a fault: cargo test {test}")
    print("\n| fault | promise | test | |\n|---|---|---|---|")
    missed = [fault["name"] for fault in chosen if not caught(fault)]
    if missed:
        sys.exit(f"not noticed: {', '.join(missed)}")
    print(f"\n{len(chosen)} faults, each noticed")


def copy(faults):
    """The house with a switch at each fault."""
    COPY.mkdir(parents=True, exist_ok=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=HOUSE, check=True, capture_output=True).stdout.decode().split("\0")
    for name in filter(None, files):
        source, target = HOUSE / name, COPY / name
        if not source.exists():
            target.unlink(missing_ok=True)
            continue
        text = source.read_bytes()
        for fault in (fault for fault in faults if fault["file"] == name):
            text = switched(text.decode(), fault).encode()
        if name == "src/lib.rs":
            text = b"#![allow(unused_parens)]\n" + text + switch().encode()
        # What did not change keeps its time, so that it is not built again.
        if not target.exists() or target.read_bytes() != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text)
            shutil.copymode(source, target)


def switched(text, fault):
    find = fault["find"]
    if text.count(find) != 1:
        sys.exit(f"{fault['name']}: stands {text.count(find)} times in {fault['file']}: {find}")
    return text.replace(find, f'(if crate::broken("{fault["name"]}") {{ {fault["with"]} }} else {{ {find} }})')


def switch():
    return f"""
/// Whether this fault is switched on.
pub fn broken(fault: &str) -> bool {{
    static NOW: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    NOW.get_or_init(|| std::fs::read_to_string("{SWITCH}").unwrap_or_default()) == fault
}}
"""


def cargo(arguments, **more):
    command = ["cargo", "test", "--locked", "--target-dir", str(BUILT), *arguments]
    return subprocess.run(command, cwd=COPY, **more)


def build(faults):
    programs = sorted({tuple(shlex.split(fault["test"])[: 1 if "--lib" in fault["test"] else 2]) for fault in faults})
    for program in programs:
        if cargo(["--no-run", "--quiet", *program]).returncode != 0:
            sys.exit("the faults do not build")


def run(test):
    try:
        ended = cargo([*shlex.split(test)], timeout=PATIENCE, capture_output=True, text=True)
    except subprocess.TimeoutExpired:
        return "does not end"
    if ended.returncode == 0 and not re.search(r"\b[1-9]\d* passed", ended.stdout):
        sys.exit(f"no such test: cargo test {test}")
    return "passes" if ended.returncode == 0 else "fails"


def caught(fault):
    began = time.monotonic()
    SWITCH.write_text(fault["name"])
    result = run(fault["test"])
    took = time.monotonic() - began
    print(f"| {fault['what']} | {fault['promise']} | `{fault['test']}` | {result} after {took:.1f} s |", flush=True)
    return result != "passes"


main(sys.argv[1:])
