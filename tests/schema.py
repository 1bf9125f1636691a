#!/usr/bin/env python3
"""Holds JSON Lines against the schemas in share/schemas: schema.py [FILE... | -]; silent and 0 where every record fits.

A record's member `schema` ("oms.order/1") chooses the file (oms.order.json). Only the part of JSON Schema 2020-12 that those
files use is known here, and a keyword that is not known is an error, so nothing is passed over. Duplicate keys are refused.
"""
import json
import os
import re
import sys

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "share", "schemas")
SILENT = {"$schema", "$defs", "$id", "$comment", "title", "description", "examples", "default"}
TYPES = {
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "array": lambda v: isinstance(v, list),
    "object": lambda v: isinstance(v, dict),
    "null": lambda v: v is None,
}


def check(value, schema, root, path, say):
    if schema is True:
        return
    if schema is False:
        return say(path, "must not be there")
    for word, rule in schema.items():
        if word in SILENT:
            continue
        if word == "$ref":
            target = root
            for step in rule.lstrip("#/").split("/"):
                target = target[step]
            check(value, target, root, path, say)
        elif word == "type":
            if not any(TYPES[t](value) for t in ([rule] if isinstance(rule, str) else rule)):
                say(path, f"is {type(value).__name__}, not {rule}")
        elif word == "const":
            if value != rule:
                say(path, f"is not {rule!r}")
        elif word == "enum":
            if value not in rule:
                say(path, f"{value!r} is none of {', '.join(map(str, rule))}")
        elif word == "anyOf":
            if not any(fits(value, s, root) for s in rule):
                say(path, "fits none of the forms it may have")
        elif word == "pattern":
            if isinstance(value, str) and not re.search(rule, value):
                say(path, f"{value!r} is not of the form {rule}")
        elif word == "minLength":
            if isinstance(value, str) and len(value) < rule:
                say(path, f"is shorter than {rule}")
        elif word == "minimum":
            if TYPES["number"](value) and value < rule:
                say(path, f"is less than {rule}")
        elif word == "minItems":
            if isinstance(value, list) and len(value) < rule:
                say(path, f"has fewer than {rule} elements")
        elif word == "required":
            for name in rule if isinstance(value, dict) else ():
                if name not in value:
                    say(path, f"lacks {name}")
        elif word == "properties":
            for name, inner in rule.items() if isinstance(value, dict) else ():
                if name in value:
                    check(value[name], inner, root, f"{path}.{name}", say)
        elif word == "additionalProperties":
            for name in value if isinstance(value, dict) else ():
                if name not in schema.get("properties", {}):
                    check(value[name], rule, root, f"{path}.{name}", say)
        elif word == "items":
            for i, inner in enumerate(value if isinstance(value, list) else ()):
                check(inner, rule, root, f"{path}[{i}]", say)
        else:
            raise SystemExit(f"schema.py: the keyword {word!r} is not known here: teach it to the checker first")


def fits(value, schema, root):
    wrong = []
    check(value, schema, root, "", lambda *a: wrong.append(a))
    return not wrong


def once(pairs):
    names = [k for k, _ in pairs]
    twice = {k for k in names if names.count(k) > 1}
    if twice:
        raise ValueError(f"member twice: {', '.join(sorted(twice))}")
    return dict(pairs)


def nulls(value, path, say):
    if value is None:
        say(path, "is null: what is absent has no member")
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        nulls(inner, f"{path}.{name}", say)


def schema_of(record, cache={}):
    kind = record.get("schema") if isinstance(record, dict) else None
    if not isinstance(kind, str) or not re.fullmatch(r"oms\.[a-z_]+/1", kind):
        raise ValueError(f"no member schema like oms.order/1, but {kind!r}")
    if next(iter(record)) != "schema":
        raise ValueError("schema is not the first member")
    if kind not in cache:
        with open(os.path.join(FOLDER, kind[:-2] + ".json"), encoding="utf-8") as f:
            cache[kind] = json.load(f)
    return cache[kind]


def main(files):
    wrong, seen = 0, 0
    for name in files or ["-"]:
        with sys.stdin.buffer if name == "-" else open(name, "rb") as f:
            for number, line in enumerate(f, 1):
                found = []
                try:
                    record = json.loads(line.decode("utf-8"), object_pairs_hook=once)
                    schema = schema_of(record)
                    check(record, schema, schema, "", lambda p, w: found.append(f"{p or 'the record'} {w}"))
                    nulls(record, "", lambda p, w: found.append(f"{p} {w}"))
                except (ValueError, OSError) as e:
                    found = [str(e)]
                for what in found:
                    print(f"{name}:{number}: {what}", file=sys.stderr)
                wrong += bool(found)
                seen += 1
    if not seen:
        print("schema.py: no record to check", file=sys.stderr)
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
