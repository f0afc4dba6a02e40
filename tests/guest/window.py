#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
"""Look at pictures of a guest's screen; return 1 if they are not as wanted.

  window.py qmp SOCKET JSON...     run commands of QEMU's monitor
  window.py inside XWD PPM         the picture PPM is somewhere in the picture XWD
  window.py text PPM VCSA WANTED   PPM shows the text of a Linux console

XWD is the frame buffer that Xvfb keeps, of 32 bits a pixel. VCSA is what the
device /dev/vcsa1 gives, in base64: rows, columns, the cursor's column and row,
then a character and its colours for each cell. A character must look alike in
each cell, and no two characters may look alike. So no font is needed here.
"""

import base64
import json
import socket
import struct
import sys

# characters that must be on the screen, for the comparison to mean something
LEAST_CHARACTERS = 25


def qmp(path, *commands):
    """Run COMMANDS on the monitor"""
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)
        stream = s.makefile('rw', encoding='utf-8')
        stream.readline()
        for command in ('{"execute": "qmp_capabilities"}',) + commands:
            stream.write(command + '\n')
            stream.flush()
            answer = {}
            while not answer.keys() & {'return', 'error'}:
                answer = json.loads(stream.readline())
            if 'error' in answer:
                print(answer['error']['desc'])
                return 1
    return 0


def read_ppm(name):
    """Width, height, and the rows as bytes of red, green and blue"""
    with open(name, 'rb') as f:
        data = f.read()
    magic, width, height, most = data.split(maxsplit=4)[:4]
    assert magic[1:] == b'6' and most == b'255', data[:20]
    width, height = int(width), int(height)
    start = len(data) - 3 * width * height
    return width, height, [data[start + 3 * width * y:
                                start + 3 * width * (y + 1)]
                           for y in range(height)]


def read_xwd(name):
    """The rows as bytes of red, green and blue"""
    with open(name, 'rb') as f:
        data = f.read()
    fields = struct.unpack('>25I', data[:100])
    header, height, order = fields[0], fields[5], fields[7]
    bits, stride, colours = fields[11], fields[12], fields[19]
    assert bits == 32 and order == 0, fields        # little endian
    start = header + 12 * colours
    rows = []
    for y in range(height):
        row = data[start + stride * y:start + stride * (y + 1)]
        out = bytearray(len(row) // 4 * 3)
        out[0::3], out[1::3], out[2::3] = row[2::4], row[1::4], row[0::4]
        rows.append(bytes(out))
    return rows


def inside(xwd, ppm):
    """Is the picture in the other one, and has it more than one colour?"""
    width, height, rows = read_ppm(ppm)
    screen = read_xwd(xwd)
    # the row to look for first: the one with the most colours
    best = max(range(height), key=lambda y: len(set(
        rows[y][3 * x:3 * x + 3] for x in range(width))))
    if len(set(rows[best])) < 2:
        print('the picture has one colour')
        return 1
    for y in range(best, len(screen) - (height - best) + 1):
        at = screen[y].find(rows[best])
        while at >= 0:
            if at % 3 == 0 and all(
                    screen[y - best + i][at:at + 3 * width] == rows[i]
                    for i in range(height)):
                print(f'{width}x{height} pixels at {at // 3},{y - best}')
                return 0
            at = screen[y].find(rows[best], at + 1)
    print('the picture is not in the window')
    return 1


def shape(rows, x, y, width, height):
    """Which pixels of the cell have the colour that fewer of them have"""
    pixels = [rows[y + j][3 * (x + i):3 * (x + i) + 3]
              for j in range(height) for i in range(width)]
    colours = sorted(set(pixels), key=lambda c: (pixels.count(c), c))
    if len(colours) > 2:
        return None
    return tuple(p == colours[0] for p in pixels) if len(colours) == 2 else ()


def text(ppm, vcsa, wanted):
    """Does the picture show the console's text?"""
    with open(vcsa, encoding='ascii') as f:
        data = base64.b64decode(f.read())
    lines, columns, cursor_x, cursor_y = data[:4]
    cells = data[4::2]
    console = [cells[columns * y:columns * (y + 1)].decode('latin-1')
               for y in range(lines)]
    if not any(wanted in line for line in console):
        print(f'the console has no {wanted}')
        return 1
    width, height, rows = read_ppm(ppm)
    cell_w, cell_h = width // columns, height // lines
    looks, bad = {}, 0
    for y, line in enumerate(console):
        for x, character in enumerate(line):
            if (x, y) == (cursor_x, cursor_y):
                continue        # it blinks
            seen = shape(rows, x * cell_w, y * cell_h, cell_w, cell_h)
            character = character.replace('\0', ' ')
            if seen is None or looks.setdefault(character, seen) != seen:
                print(f'{character!r} at {x},{y} does not look as before')
                bad += 1
    if len(set(looks.values())) != len(looks) or looks.get(' ') != ():
        print('two characters look alike')
        bad += 1
    if len(looks) < LEAST_CHARACTERS:
        print(f'only {len(looks)} characters on the screen')
        bad += 1
    print(f'{lines}x{columns} cells of {cell_w}x{cell_h}, '
          f'{len(looks)} characters')
    return bad > 0


def main():
    """As the head says"""
    what = {'qmp': qmp, 'inside': inside, 'text': text}[sys.argv[1]]
    return what(*sys.argv[2:])


if __name__ == '__main__':
    sys.exit(main())
