#!/usr/bin/env python3
"""Checks that the rooms of src/ depend downwards only, that no header includes itself by
way of others, that the main header of a room names all of its files, and that no files of a
room call each other in a circle, but for those that work on one thing by turns (TOGETHER).

    test/includes.py           says what is wrong
    test/includes.py --list    the arrows between rooms, with the number of includes
    test/includes.py --svg     the picture of doc/architecture.md, made of them
"""
import functools
import pathlib
import re
import sys

SOURCE = pathlib.Path(__file__).parent.parent / "src"

# From the top down.  A room may include what stands below it; rooms of one line know
# nothing of each other.  The files beside the rooms are below everything, but for the
# entry of the module.
LEVELS = [["protocol"], ["endpoint"], ["endpoint/flat", "protocol/authentication", "protocol/wire"], ["message"], ["import"], ["operation/link"], ["operation"], ["operation/view"], ["binding"], ["binding/follow"], ["binding/sides"], ["binding/bound", "query/past"], ["binding/mapping", "query"],
          ["door"], ["door/members"], ["door/guard", "door/roles"], ["door/row"], ["mapping/predicate", "index", "event", "audit"], ["store/configuration"],
          ["store/credential"], ["store"], ["mapping"], ["store/statement"], ["policy", "resource/patch"], ["policy/document", "resource"], ["policy/wire", "schema/canonical"], ["schema"], ["setting"], ["json", "path"], ["filter"], ["text"]]
WHAT = {
    "protocol": "RFC 7644 as a function: gateway, request, dispatch, bulk, discovery",
    "protocol/authentication": "who asks: tokens, OAuth 2.0",
    "protocol/wire": "how resources look to clients",
    "endpoint": "endpoints of one's own: rows, compiled",
    "endpoint/flat": "what is done at these, in flat JSON",
    "message": "targets, headers, bodies; answers",
    "import": "many resources at once, in and out",
    "operation/link": "whose a resource is that is there already",
    "operation": "create, replace, patch, delete as statements",
    "operation/view": "views of people and teams, written",
    "binding": "an application's table bound, compared, mended",
    "binding/follow": "one side follows the other: triggers of both",
    "binding/sides": "rows and resources: read, written, locked, refused",
    "binding/bound": "which row is who; values of both sides",
    "binding/mapping": "what a mapping says: columns, keys, words",
    "query": "search, sort, cursors; a resource as text",
    "query/past": "what was, from the audit",
    "door": "what every write passes: row triggers",
    "door/members": "who comes to a group and goes",
    "door/guard": "what is taken away, and is too much",
    "door/roles": "roles of the database follow groups",
    "door/row": "what a row becomes, and what is told of it",
    "event": "what events tell; consumers, leases",
    "audit": "who did what: rows that nobody alters unseen",
    "mapping": "filters as SQL over anybody's tables",
    "mapping/predicate": "filters as SQL over the rows of a store",
    "index": "GIN keys, planner support",
    "store": "the cache of stores: registry, policies, who acts",
    "store/configuration": "schemas, policies, settings, tenants, as they change",
    "store/credential": "tokens, clients, keys, scopes",
    "store/statement": "statements of ours: plans, rights, rows, tables",
    "policy": "rules as rows: kinds; who may what, what is told",
    "policy/document": "rules of what documents hold",
    "policy/wire": "names and values as clients have them",
    "resource": "one document: prepared, stored, rendered",
    "resource/patch": "what the operations of a PATCH do to it",
    "setting": "what may be set, and which value holds",
    "schema": "schemas compiled; attributes found by name",
    "schema/canonical": "documents by their schemas, canonical",
    "json": "documents as trees",
    "path": "paths of PATCH",
    "filter": "text to tree, match, print",
    "text": "names, folding, UTF-8, hex, instants",
}
ORDER = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
ENTRY = "scim.c"

# Files of a room that call each other.
TOGETHER = [
    # conditions within conditions
    ["mapping/predicate/emit.c", "mapping/predicate/related.c", "mapping/predicate/at_once.c", "mapping/predicate/groups_found.c"],
    ["resource/patch/patch.c", "resource/patch/patch_attribute.c", "resource/patch/patch_selected.c", "resource/patch/patch_parts.c", "resource/patch/patch_keys.c", "resource/patch/patch_path.c", "resource/patch/patch_members.c", "resource/patch/patch_values.c",
     "resource/patch/patch_search.c"],
    ["endpoint/flat/flat.c", "endpoint/flat/flat_list.c"],
    # what one side says, the other answers
    ["binding/follow/to_table.c", "binding/follow/to_resource.c", "binding/follow/reference.c"],
    # which tables a statement is about, and what its owner lacks, is found by statements
    ["store/statement/tables.c", "store/statement/shard.c", "store/statement/plan.c", "store/statement/guard.c", "store/statement/rights.c"],
]


def includes(path):
    return re.findall(r'^#include "([^"]+)"', path.read_text(), re.M)


def room_of(name):
    return name.rpartition("/")[0]


def circles():
    """Lists of files of one room of which each calls the next, by way of others perhaps.  A
    definition has its name at the beginning of a line: PostgreSQL's style."""
    texts = {str(path.relative_to(SOURCE)): re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
             for path in sorted(SOURCE.rglob("*/*.c"))}
    owner = {function: name for name, text in texts.items()
             for function in re.findall(r"^(Scim\w+)\([^;{]*\)\n\{", text, re.M)}
    calls = {name: {owner[function] for function in re.findall(r"\b(Scim\w+)\(", text)
                    if function in owner and owner[function] != name
                    and room_of(owner[function]) == room_of(name)}
             for name, text in texts.items()}

    def reached(name, seen):
        for other in calls[name] - seen:
            seen.add(other)
            reached(other, seen)
        return seen
    reach = {name: reached(name, set()) for name in calls}
    found = {tuple(sorted(other for other in reach[name] if name in reach[other]))
             for name in calls if name in reach[name]}
    return sorted(found)


def svg(arrows):
    """Levels from the top down.  Of the arrows those that no way through other rooms
    implies: what stands above may include everything below."""
    def implied(room, target):
        return any((room, other) in arrows and reachable(other, target)
                   for other in ORDER if other not in (room, target))

    @functools.cache
    def reachable(room, target):
        return room == target or any(reachable(other, target) for start, other in arrows if start == room)

    shown = {pair: value for pair, value in arrows.items() if not implied(*pair)}
    width, height, gap, step = 1000, 40, 24, 92
    places = {}
    lines = []
    there = {room for pair in arrows for room in pair}
    levels = [[room for room in rooms if room in there] for rooms in LEVELS]
    for level, rooms in enumerate(levels):
        box = (width - 2 * gap - gap * (len(rooms) - 1)) / max(len(rooms), 1)
        box = min(box, 460)
        left = (width - box * len(rooms) - gap * (len(rooms) - 1)) / 2
        for n, room in enumerate(rooms):
            places[room] = (left + n * (box + gap), 20 + level * step, box)
    lines.append('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif">'
                 % (width, 20 + len(levels) * step))
    lines.append('<title>The rooms of src/ and what each includes</title>')
    lines.append('<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
                 'orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#667"/></marker></defs>')
    for (room, target), pairs in sorted(shown.items()):
        x, y, box = places[room]
        to_x, to_y, to_box = places[target]
        start = x + box / 2 + (to_x + to_box / 2 - x - box / 2) * 0.2
        end = to_x + to_box / 2 + (x + box / 2 - to_x - to_box / 2) * 0.2
        far = ORDER[target] - ORDER[room]
        bend = 0 if far == 1 else (-1 if (ORDER[room] + ORDER[target]) % 2 else 1) * (200 + 30 * far)
        lines.append('<path d="M%.0f,%.0f Q%.0f,%.0f %.0f,%.0f" fill="none" stroke="#667" stroke-width="%.1f" '
                     'opacity="0.55" marker-end="url(#end)"><title>%s includes %s, %d times</title></path>'
                     % (start, y + height, (start + end) / 2 + bend, (y + height + to_y) / 2, end, to_y,
                        1 + len(pairs) / 8, room, target, len(pairs)))
    for room, (x, y, box) in places.items():
        lines.append('<rect x="%.0f" y="%.0f" width="%.0f" height="%d" rx="6" fill="#eef3fb" stroke="#456"/>'
                     % (x, y, box, height))
        lines.append('<text x="%.0f" y="%.0f" text-anchor="middle" font-size="15" font-weight="bold">%s/</text>'
                     % (x + box / 2, y + 17, room))
        lines.append('<text x="%.0f" y="%.0f" text-anchor="middle" font-size="11" fill="#345">%s</text>'
                     % (x + box / 2, y + 33, WHAT[room]))
    lines.append('</svg>')
    return "\n".join(lines)


def main():
    files = {str(path.relative_to(SOURCE)): [name for name in includes(path) if (SOURCE / name).exists()]
             for path in sorted(SOURCE.rglob("*.[ch]"))}
    problems = []
    arrows = {}
    for name, included in files.items():
        room = room_of(name)
        if room and room not in ORDER:
            problems.append("%s: no such room is in the order" % name)
            continue
        for other in included:
            target = room_of(other)
            if name == ENTRY or target == "" or target == room:
                continue
            if room == "":
                problems.append("%s includes %s: it is below every room" % (name, other))
                continue
            arrows.setdefault((room, target), []).append((name, other))
            if ORDER[target] <= ORDER[room]:
                problems.append("%s includes %s: %s is not below %s" % (name, other, target, room))

    # headers that include each other, directly or not
    def reaches(name, seen):
        for other in files.get(name, []):
            if other not in seen:
                seen.add(other)
                reaches(other, seen)
        return seen
    for name in files:
        if name.endswith(".h") and name in reaches(name, set()):
            problems.append("%s includes itself, by way of others" % name)
    # a room's main header says what is in it
    for name in files:
        room, file = room_of(name), name.rpartition("/")[2]
        header = SOURCE / room / (room.rpartition("/")[2] + ".h")
        if room and file.endswith(".c") and not (
                header.exists() and re.search(r"(?<!\w)" + re.escape(file), header.read_text())):
            problems.append("%s does not name %s" % (header.relative_to(SOURCE), file))
    for circle in circles():
        if not any(set(circle) <= set(files) for files in TOGETHER):
            problems.append("a circle of calls: %s" % ", ".join(circle))
    if "--list" in sys.argv:
        for (room, target), pairs in sorted(arrows.items()):
            print("%s -> %s (%d)" % (room, target, len(pairs)))
    if "--svg" in sys.argv:
        print(svg(arrows))
        return 0
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
