#!/usr/bin/env python3
"""large.py NAME: a large or deep input on standard output."""
import sys

from json_cases import changed, event, note

MADE = {
    "text-17MiB": lambda: event("a") + b"\n" + note("x", b'"' + b"x" * (17 << 20) + b'"') + b"\n" + event("b") + b"\n",
    "text-15MiB": lambda: event("a") + b"\n" + note("x", b'"' + b"x" * (15 << 20) + b'"') + b"\n" + event("b") + b"\n",
    "digits": lambda: event("a") + b"\n" + changed("x", b'"total":"20.00"', b'"total":' + b"9" * 10000000) + b"\n" + event("b") + b"\n",
    "objects-inside": lambda: b'{"a":[' + b"{}," * 3333333 + b"{}]}",
    "arrays-inside": lambda: b'{"a":[' + b"[]," * 3333333 + b"1]}",
    "texts-inside": lambda: b'{"a":[' + b'"",' * 3333333 + b"1]}",
    "ones-inside": lambda: b'{"a":[' + b"1," * 5000000 + b"1]}",
    "keys-inside": lambda: b'{"a":{' + b",".join(b'"%d":1' % i for i in range(500000)) + b"}}",
    "objects-bare": lambda: b"{}," * 3333333,
    "deep": lambda: b'{"a":' * 2000000,
    "backslashes-inside": lambda: b'{"a":"' + b"\\" * 9999999 + b'"}',
    "brackets": lambda: b"[" * 10000000,
    "braces": lambda: b"{" * 10000000,
    "letters": lambda: b"x" * 20000000,
    "quotes": lambda: b'"' * 10000000,
    "backslashes": lambda: b'"' + b"\\" * 10000000,
    "lines": lambda: b"\n" * 10000000,
    "records": lambda: b"[" + b"{}," * 99999 + b"{}]",
}
sys.stdout.buffer.write(MADE[sys.argv[1]]())
