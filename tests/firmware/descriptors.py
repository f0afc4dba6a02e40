# SPDX-License-Identifier: GPL-2.0-or-later
# Copyright (c) 2026 The vmspec authors
#
# Does each firmware descriptor follow QEMU's QAPI schema for descriptors? QEMU
# has a parser of the schema, but no program that checks JSON against it.
#
#   PYTHONPATH=QEMU/scripts descriptors.py SCHEMA DESCRIPTOR...

import json
import sys

from qapi.schema import (QAPISchema, QAPISchemaArrayType,
                         QAPISchemaBuiltinType, QAPISchemaEnumType,
                         QAPISchemaObjectType)


def check(schema, kind, value, where):
    """Raise ValueError if value is not of the schema's type kind."""
    if isinstance(kind, QAPISchemaEnumType):
        if value not in kind.member_names():
            raise ValueError(f"{where}: {value!r} is not a {kind.name}")
    elif isinstance(kind, QAPISchemaArrayType):
        if not isinstance(value, list):
            raise ValueError(f"{where}: not a list")
        for i, element in enumerate(value):
            check(schema, kind.element_type, element, f"{where}[{i}]")
    elif isinstance(kind, QAPISchemaObjectType):
        check_object(schema, kind, value, where)
    elif isinstance(kind, QAPISchemaBuiltinType):
        if kind.name == 'str' and not isinstance(value, str):
            raise ValueError(f"{where}: not a string")
    else:
        raise ValueError(f"{where}: unknown type {kind.name}")


def check_object(schema, kind, value, where):
    """Check an object's members: its own, its base's and its variant's."""
    if not isinstance(value, dict):
        raise ValueError(f"{where}: not an object")
    members = {m.name: m for m in kind.members}
    if kind.branches:
        tag = value.get(kind.branches.tag_member.name)
        for variant in kind.branches.variants:
            if variant.name == tag:
                members.update({m.name: m for m in variant.type.members})
    for name, member in members.items():
        if name in value:
            check(schema, member.type, value[name], f"{where}.{name}")
        elif not member.optional:
            raise ValueError(f"{where}: no {name}")
    unknown = value.keys() - members.keys()
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(sorted(unknown))}")


def main():
    schema = QAPISchema(sys.argv[1])
    for path in sys.argv[2:]:
        with open(path, encoding='utf-8') as f:
            check(schema, schema.lookup_type('Firmware'), json.load(f), path)
        print(path)


main()
