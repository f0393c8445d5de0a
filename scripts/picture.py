#!/usr/bin/env python3
r"""Takes a picture of the real program: runs it in a pseudo-terminal, types keys, saves the screen as a PNG.

    pip install pyte pillow
    cargo build --release
    scripts/picture.py                         # assets/console.png, as the README shows it
    scripts/picture.py -o assets/leader.png --size 100x30 \
        --keys '<until:live> <wait:1500> D <until:Anna> <wait:500> <space> <tab> 6 <wait:2000>' \
        -- target/release/handback demo --as gwen
    scripts/picture.py -o shot.png --size 80x24 --keys 'j j r text:Hello <wait:300>' -- target/release/handback demo

Keys are words: a character types itself, text:WORDS types them, <enter> <esc> <tab> <up> <down> <pgup> <pgdn> <space>
<c-x>, <wait:MS>, <until:REGEX> (on the screen, 10 s), <click:COLUMN,ROW> (from 1). With --text the screen is printed too.
"""
import argparse, fcntl, os, pty, re, select, shlex, signal, struct, sys, tempfile, termios, time

import pyte
from PIL import Image, ImageDraw, ImageFont

HOUSE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NAMED = {"enter": "\r", "esc": "\x1b", "tab": "\t", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
         "pgup": "\x1b[5~", "pgdn": "\x1b[6~", "home": "\x1b[H", "end": "\x1b[F", "bs": "\x7f", "space": " "}
PAPER, INK = "#121212", "#d0d0d0"
ANSI = {"black": "#1c1c1c", "red": "#d75f5f", "green": "#87af5f", "brown": "#d7af5f", "blue": "#5f87d7", "magenta": "#af87d7",
        "cyan": "#5fafaf", "white": "#d0d0d0", "brightblack": "#767676", "brightred": "#ff8787", "brightgreen": "#afd787",
        "brightbrown": "#ffd787", "brightblue": "#87afff", "brightmagenta": "#d7afff", "brightcyan": "#87d7d7",
        "brightwhite": "#ffffff"}


class Session:
    def __init__(self, command, columns, rows, env):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            time.sleep(0.05)  # Until the size is set.
            os.execvpe(command[0], command, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def pump(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and select.select([self.fd], [], [], left)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return
            self.stream.feed(re.sub(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]", b"", data))

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display)

    def settle(self, quiet=0.2, limit=5):
        end, last = time.monotonic() + limit, None
        while time.monotonic() < end and (now := self.text()) != last:
            last = now
            self.pump(quiet)

    def type(self, keys):
        for word in shlex.split(keys):
            verb, _, rest = word.strip("<>").partition(":") if word.startswith("<") else ("", "", "")
            if not verb:
                os.write(self.fd, word.removeprefix("text:").encode())
            elif verb in NAMED:
                os.write(self.fd, NAMED[verb].encode())
            elif re.fullmatch(r"c-[a-z]", verb):
                os.write(self.fd, bytes([ord(verb[2]) - 96]))
            elif verb == "wait":
                self.pump(int(rest) / 1000)
            elif verb == "click":
                column, row = rest.split(",")
                os.write(self.fd, f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m".encode())
            elif verb == "until":
                end = time.monotonic() + 10
                while not re.search(rest, self.text()):
                    if time.monotonic() > end:
                        sys.exit(f"not seen in 10 s: {rest}\n{self.text()}")
                    self.pump(0.05)
            else:
                sys.exit(f"unknown key {word}")
            self.settle()


def colour(name, default):
    if name == "default":
        return default
    return ANSI.get(name) or ("#" + name if re.fullmatch(r"[0-9a-fA-F]{6}", name) else default)


def save(screen, path, size=18):
    folder = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono"
    regular, bold = ImageFont.truetype(folder + ".ttf", size), ImageFont.truetype(folder + "-Bold.ttf", size)
    # What the narrow font has no shape for is looked for in the wide one.
    other = ImageFont.truetype(folder.removesuffix("Mono") + ".ttf", size)
    missing = bytes(regular.getmask("\uffff"))
    wide, high = round(regular.getlength("M")), size + 6
    image = Image.new("RGB", (wide * screen.columns, high * screen.lines), PAPER)
    draw = ImageDraw.Draw(image)
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            ink, paper = colour(cell.fg, INK), colour(cell.bg, PAPER)
            if cell.reverse:
                ink, paper = paper, ink
            if (x, y) == (screen.cursor.x, screen.cursor.y) and not screen.cursor.hidden:
                ink, paper = PAPER, INK
            if paper != PAPER:
                draw.rectangle([x * wide, y * high, (x + 1) * wide - 1, (y + 1) * high - 1], fill=paper)
            if cell.data.strip():
                font = bold if cell.bold else regular
                font = other if bytes(regular.getmask(cell.data)) == missing else font
                draw.text((x * wide, y * high + 2), cell.data, font=font, fill=ink)
            if cell.underscore:
                draw.line([x * wide, (y + 1) * high - 2, (x + 1) * wide, (y + 1) * high - 2], fill=ink)
    image.save(path, optimize=True)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("-o", "--out", default=os.path.join(HOUSE, "assets", "console.png"))
    ask.add_argument("--size", default="120x40")
    ask.add_argument("--env", action="append", default=[])
    ask.add_argument("--keys", default="<until:live> <until:Bea> . <until:Unassign> <wait:300>")
    ask.add_argument("--text", action="store_true")
    ask.add_argument("command", nargs=argparse.REMAINDER)
    args = ask.parse_args()
    command = args.command[1:] if args.command[:1] == ["--"] else args.command
    command = command or [os.path.join(HOUSE, "target", "release", "handback"), "demo", "--still"]
    columns, rows = map(int, args.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        env = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "TERM": "xterm-256color", "COLORTERM": "truecolor",
               "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": folder, "TZ": os.environ.get("TZ", ""),
               **dict(pair.split("=", 1) for pair in args.env)}
        session = Session(command, columns, rows, env)
        session.settle(0.5, 10)
        session.type(args.keys)
        save(session.screen, args.out)
        if args.text:
            print(session.text())
        os.kill(session.pid, signal.SIGHUP)
        os.waitpid(session.pid, 0)


if __name__ == "__main__":
    main()
