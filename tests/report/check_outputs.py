# SPDX-License-Identifier: Apache-2.0
"""check_outputs.py DAY WEEK -- the files of a day's and a week's report, read by other readers."""
import csv
import datetime
import glob
import json
import re
import struct
import sys
import zipfile
import zlib
from fractions import Fraction
from xml.etree import ElementTree

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def one(folder, pattern):
    found = glob.glob(folder + "/" + pattern)
    assert len(found) == 1, (folder, pattern, found)
    return found[0]


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as f:
        rows = list(csv.reader(f, strict=True))
    assert all(len(r) == len(rows[0]) for r in rows), path
    return [dict(zip(rows[0], r)) for r in rows[1:]]


def check_long(path):
    """Types, times that agree, empty where nothing was observed; returns the sums by metric."""
    sums = {}
    for r in read_csv(path):
        utc = datetime.datetime.strptime(r["start_utc"], "%Y-%m-%dT%H:%M:%SZ")
        local = datetime.datetime.strptime(r["start_local"] + r["offset"].replace(":", ""),
                                           "%Y-%m-%dT%H:%M:%S%z")
        assert local.astimezone(datetime.timezone.utc).replace(tzinfo=None) == utc, r
        assert int(r["length_s"]) > 0 and int(r["revision"]) >= 0 and r["unit"], r
        if float(r["coverage_s"]) == 0:
            assert r["value"] == "", r
        elif r["value"]:
            key = (r["kind"], r["name"], r["metric"])
            sums[key] = sums.get(key, 0) + float(r["value"])
    return sums


def check_hikvision(path, sums):
    rows = read_csv(path)
    assert rows and all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00", r["startTime"]) and
                        r["endTime"].endswith(":59:59") for r in rows), rows
    total = sum(int(r["enterCount"]) for r in rows if r["channelName"] == "door")
    # U-turns that a bucket's end cuts in two may make 15 minutes say more than the hour.
    assert abs(total - sums["line", "door", "passages_in"]) <= 3, total


def sheet_rows(book, number):
    root = ElementTree.fromstring(book.read("xl/worksheets/sheet%d.xml" % number))
    return root.findall(".//m:row", NS)


def check_workbook(path, sales, in_of_door):
    book = zipfile.ZipFile(path)
    assert book.testzip() is None
    root = ElementTree.fromstring(book.read("xl/workbook.xml"))
    names = [s.get("name") for s in root.findall(".//m:sheet", NS)]
    want = ["Summary", "Days", "Hours", "Street"] + (["Sales"] if sales else [])
    want += ["Staff", "Lines", "Zones", "Gates", "Queues", "Fixtures", "Ways", "Definitions"]
    assert names == want, names
    assert any(n.startswith("xl/charts/chart") for n in book.namelist())
    # A date is a number with a format, walked in is a number.
    days = sheet_rows(book, 2)
    first = days[1].findall("m:c", NS)[0]
    assert first.get("t") is None and first.get("s"), first.attrib
    assert 46000 < float(first.find("m:v", NS).text) < 47000
    total = 0
    for row in days[1:]:
        for c in row.findall("m:c", NS):
            if c.get("r").startswith("F"):
                assert c.get("t") is None
                total += float(c.find("m:v", NS).text)
    assert abs(total - in_of_door) <= 3, (total, in_of_door)


# ---- People's ways: nothing that is withheld anywhere may be worked out from anything ----

def ways_of_csv(path):
    """{(camera, metric): rows of cells with totals; None where nothing is said}."""
    tables = {}
    for r in read_csv(path):
        hidden = r["withheld"] == "yes"
        assert hidden == (r["value"] == ""), r
        t = tables.setdefault((r["camera"], r["metric"]), {})
        t.setdefault(r["place"], {})[r["other"]] = None if hidden else int(r["value"])
    return {k: [list(row.values()) for row in t.values()] for k, t in tables.items()}


def ways_of_json(path):
    with open(path, encoding="utf-8") as f:
        doc = json.load(f)
    for w in doc["ways"]:
        assert w["withheld"] == sum(c is None for row in w["cells"][:-1] for c in row[:-1]), w
    return {(w["camera"], w["metric"]): w["cells"] for w in doc["ways"]}


def ways_of_page(path):
    """The tables in the page's order."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    tables = []
    for body in re.findall(r'<table class="matrix">.*?<tbody>(.*?)</tbody>',
                           text[text.index('id="ways"'):], re.S):
        rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in body.strip().split("\n")]
        tables.append([[None if c == "*" else int(c.replace(",", "")) for c in row]
                       for row in rows])
    return tables


def ways_of_workbook(path):
    """All cells of the sheet of ways, in their order."""
    book = zipfile.ZipFile(path)
    names = [s.get("name") for s in ElementTree.fromstring(book.read("xl/workbook.xml"))
             .findall(".//m:sheet", NS)]
    strings = ["".join(t.text or "" for t in si.findall(".//m:t", NS)) for si in
               ElementTree.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", NS)]
    cells = []
    for row in sheet_rows(book, names.index("Ways") + 1):
        for c in row.findall("m:c", NS)[1:]:
            v = c.find("m:v", NS).text if c.find("m:v", NS) is not None else None
            if c.get("t") == "s":
                if strings[int(v)] == "withheld":
                    cells.append(None)
            elif v is not None:
                cells.append(int(float(v)))
    return cells


def can_be_worked_out(cells, diagonal):
    """Gauss-Jordan over the equations of rows and columns: is a hidden cell alone in one? A
    reader knows that the diagonal of a table of next zones is 0."""
    known = [(i, i) for i in range(len(cells) - 1)] if diagonal else []
    hidden = [(r, c) for r, row in enumerate(cells) for c, v in enumerate(row)
              if v is None and (r, c) not in known]
    last_r, last_c = len(cells) - 1, len(cells[0]) - 1
    rows = [[Fraction((r == i) * (-1 if c == last_c else 1)) for r, c in hidden]
            for i in range(last_r + 1)]
    rows += [[Fraction((c == j) * (-1 if r == last_r else 1)) for r, c in hidden]
             for j in range(last_c + 1)]
    done = 0
    for col in range(len(hidden)):
        pivot = next((i for i in range(done, len(rows)) if rows[i][col]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [x / rows[done][col] for x in rows[done]]
        for i, row in enumerate(rows):
            if i != done and row[col]:
                rows[i] = [a - row[col] * b for a, b in zip(row, rows[done])]
        done += 1
    return [hidden[next(k for k, x in enumerate(row) if x)] for row in rows
            if sum(x != 0 for x in row) == 1]


def check_ways(folder, k):
    tables = ways_of_csv(one(folder, "*-ways.csv"))
    withheld = 0
    assert set(m for _, m in tables) == {"turns", "first_from", "next_zone", "last_zone"}
    for (camera, metric), cells in tables.items():
        withheld += sum(c is None for row in cells for c in row)
        assert all(c is None or c == 0 or c >= k for row in cells for c in row), (metric, cells)
        assert not can_be_worked_out(cells, metric == "next_zone"), (metric, cells)
    assert withheld, "this store was made to have small cells"
    assert ways_of_json(one(folder, "*.json")) == tables
    assert ways_of_page(one(folder, "*.html")) == list(tables.values())
    if glob.glob(folder + "/*.xlsx"):
        flat = [c for cells in tables.values() for row in cells for c in row]
        assert ways_of_workbook(one(folder, "*.xlsx")) == flat
    # No other file names a measure of ways, however it might be cut.
    for r in read_csv(one(folder, "*[0-9].csv")):
        assert r["metric"].split("_")[0] not in ("turns", "first", "next", "last"), r


def check_measures(path):
    """Figures of measures agree with each other, whatever their bucket."""
    seen = {}
    for r in read_csv(path):
        if r["value"]:
            row = seen.setdefault((r["kind"], r["name"], r["start_utc"]), {})
            assert r["metric"] not in row, r
            row[r["metric"]] = float(r["value"])
            row["coverage_s"] = max(row.get("coverage_s", 0), float(r["coverage_s"]))
    kinds = {kind for kind, _, _ in seen}
    assert {"street", "gate", "queue", "fixture", "staff"} <= kinds, kinds
    for (kind, name, _), v in seen.items():
        if kind == "queue":
            levels = sum(x for m, x in v.items() if m.startswith("queue_length_") and
                         m.split("_")[2].isdigit())
            assert abs(levels - v["coverage_s"]) < 1, (name, levels, v["coverage_s"])
            assert v.get("queue_wait_p50", 0) <= v.get("queue_wait_p90", 0) <= \
                v.get("queue_wait_max", 0)
        if kind == "zone" and "exposed" in v:
            assert v["exposed"] >= v["stopped"] >= v["engaged"], (name, v)
        if kind == "street" and "capture_rate" in v:
            assert abs(v["capture_rate"] - v["entered"] / (v["entered"] + v["passed_by"])) < 1e-3
        if kind == "fixture":
            assert v["stops"] == v["stops_left"] + v["stops_right"] >= v["stopped_facing"]


def check_axis_queue(path):
    rows = read_csv(path)
    assert rows and all(r["Name"] == "checkout one" and r["Region2 Low"] == "" and
                        sum(int(r["Region1 " + x]) for x in ("High", "Mid", "Low")) <= 15
                        for r in rows), rows


def check_png(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at = 8
    while at < len(data):
        n, kind = struct.unpack(">I4s", data[at:at + 8])
        assert zlib.crc32(data[at + 4:at + 8 + n]) == struct.unpack(">I", data[at + 8 + n:at + 12 + n])[0]
        at += 12 + n
    assert kind == b"IEND"


def check_page(path, *says):
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert not re.search(r"(src|href)=\"(?!data:)", text), "the page needs something from elsewhere"
    assert "<script" not in text
    for word in says:
        assert word in text, word


day, week = sys.argv[1:3]
sums = check_long(one(day, "*[0-9].csv"))
assert sums["sales", "Store", "transactions"] > 0
assert sums["line", "door", "passages_in"] > sums["line", "door", "passages_in_closed"] > 0
check_hikvision(one(day, "*-hikvision.csv"), sums)
assert read_csv(one(day, "*-axis-counter.csv"))
check_axis_queue(one(day, "*-axis-queue.csv"))
for form in ("-heat-*", "-floor-time", "-floor-stops"):
    check_png(one(day, "*" + form + ".png"))
check_measures(one(day, "*[0-9].csv"))
check_measures(one(week, "*[0-9].csv"))
check_ways(day, 5)
check_ways(week, 5)
check_page(one(day, "*.html"), "Walked in", "Conversion", "outside the opening hours", "Can I trust it",
           "Capture rate", "Did anyone wait too long", "withheld", "Where people stopped")
weekly = check_long(one(week, "*[0-9].csv"))
check_page(one(week, "*.html"), "Monday 9 March 2026 to Saturday 14 March 2026")
if glob.glob(day + "/*.xlsx"):
    check_workbook(one(day, "*.xlsx"), True, sums["line", "door", "passages_in"])
    check_workbook(one(week, "*.xlsx"), False, weekly["line", "door", "passages_in"])
else:
    print("built without workbooks")
