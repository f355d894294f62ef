#!/usr/bin/env python3
"""A Tableau data source beside its dataset and what a live engine says of the fields, read by Python alone.

tableau_check.py TDS DATASET.json [FIELD_CAPS.json]
"""
import json
import sys
import xml.etree.ElementTree as ElementTree

# Type of the dataset: what Tableau calls it, OLE DB's number, what the engine calls it.
TYPES = {
    "keyword": ("string", "129", "keyword"),
    "text": ("string", "129", "text"),
    "long": ("integer", "20", "long"),
    "integer": ("integer", "3", "integer"),
    "double": ("real", "5", "double"),
    "date": ("datetime", "135", "date"),
    "epoch_ms": ("datetime", "135", "date"),
}
NUMBERS = {"long", "integer", "double"}


def differs(what, wanted, got):
    if wanted != got:
        sys.exit(f"{what}: wanted {wanted!r}, got {got!r}")


def check_column(column, record, shown, opensearch, place):
    name, kind = column["name"], column["type"]
    local, remote, _ = TYPES[kind]
    if opensearch and kind == "date":
        local, remote = "date", "133"
    get = record.findtext
    differs(f"{name}: record", [name, remote, f"[{name}]", name, str(place), local],
            [get(tag) for tag in ("remote-name", "remote-type", "local-name", "remote-alias", "ordinal", "local-type")])
    number = kind in NUMBERS
    time = kind in ("date", "epoch_ms")
    differs(f"{name}: column", [f"[{name}]", name, local, "measure" if number else "dimension",
                                "quantitative" if number else "ordinal" if time else "nominal",
                                "true" if column.get("drop") else None],
            [shown.get(key) for key in ("name", "caption", "datatype", "role", "type", "hidden")])
    pattern = column.get("format")
    differs(f"{name}: format", f"n{pattern};-{pattern}" if pattern else None, shown.get("default-format"))
    differs(f"{name}: aggregate", column["aggregate"].capitalize() if number else None, shown.get("aggregation"))
    differs(f"{name}: description", column["description"], shown.findtext("desc/formatted-text/run"))


def check_fields(columns, fields):
    ours = {c["name"] for c in columns}
    subfields = {f"{c['name']}.{sub}" for c in columns for sub in c.get("mapping", {}).get("fields", {})}
    theirs = {name for name in fields if not name.startswith("_")}
    differs("fields of the index", ours | subfields, theirs)
    for column in columns:
        caps = fields[column["name"]]
        engine_type = TYPES[column["type"]][2]
        differs(f"{column['name']}: types in the index", [engine_type], list(caps))
        differs(f"{column['name']}: aggregatable", engine_type != "text", caps[engine_type]["aggregatable"])


def main():
    tds, dataset_path = sys.argv[1:3]
    with open(dataset_path, encoding="utf-8") as file:
        dataset = json.load(file)
    columns = dataset["columns"]
    root = ElementTree.parse(tds).getroot()
    connection = root.find("connection/named-connections/named-connection/connection")
    opensearch = connection.get("class").startswith("opensearch")
    records = root.findall("connection/metadata-records/metadata-record")
    shown = root.findall("column")
    differs("columns", [len(columns)] * 2, [len(records), len(shown)])
    for place, (column, record, face) in enumerate(zip(columns, records, shown), 1):
        check_column(column, record, face, opensearch, place)
    relation = root.find("connection/relation")
    differs("table", f"[{relation.get('name')}]", relation.get("table"))
    differs("parents", {relation.get("table")}, {r.findtext("parent-name") for r in records})
    differs("connection of the table", "leaf", relation.get("connection"))
    if "password" in open(tds, encoding="utf-8").read().replace("auth-user-pass", ""):
        sys.exit("a password has no place here")
    if len(sys.argv) > 3:
        with open(sys.argv[3], encoding="utf-8") as file:
            check_fields(columns, json.load(file)["fields"])
    print(f"{len(columns)} columns of {relation.get('name')} at {connection.get('server')}:{connection.get('port')}")


main()
