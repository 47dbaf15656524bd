# SPDX-License-Identifier: Apache-2.0
"""check_outputs.py DAY WEEK -- the files of a day's and a week's report, read by other readers."""
import csv
import datetime
import glob
import re
import struct
import sys
import zipfile
import zlib
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
    want = ["Summary", "Days", "Hours", "Lines", "Zones"] + (["Sales"] if sales else [])
    assert names == want + ["Definitions"], names
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
sums = check_long(one(day, "*-14.csv"))
assert sums["sales", "Store", "transactions"] > 0
assert sums["line", "door", "passages_in"] > sums["line", "door", "passages_in_closed"] > 0
check_hikvision(one(day, "*-hikvision.csv"), sums)
assert read_csv(one(day, "*-axis-counter.csv"))
check_png(one(day, "*-heat-*.png"))
check_page(one(day, "*.html"), "Walked in", "Conversion", "outside the opening hours", "Can I trust it")
weekly = check_long(one(week, "*.csv"))
check_page(one(week, "*.html"), "Monday 9 March 2026 to Saturday 14 March 2026")
if glob.glob(day + "/*.xlsx"):
    check_workbook(one(day, "*.xlsx"), True, sums["line", "door", "passages_in"])
    check_workbook(one(week, "*.xlsx"), False, weekly["line", "door", "passages_in"])
else:
    print("built without workbooks")
