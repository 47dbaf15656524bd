-- SPDX-License-Identifier: Apache-2.0
-- schema.sql -- version 1 of a store's file.
--
-- minute  whole minutes since 1970-01-01T00:00Z
-- *_us    microseconds, counted from the start of the row's minute unless said otherwise
-- *_ms    milliseconds
--
-- What is counted hangs on 'cover': one minute of one run. A run watches one camera; where a
-- later run observed the same moments its cover takes the earlier one's place, and all that
-- hangs on it goes. Rows in which nothing happened are not written: a run's place without a row
-- in a covered minute had nobody.

PRAGMA application_id = 0x464f4f54; -- "FOOT"

CREATE TABLE store (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	name TEXT NOT NULL,
	zone TEXT NOT NULL,                    -- IANA time zone
	business_day_start_s INTEGER NOT NULL  -- after local midnight
) STRICT;

CREATE TABLE camera (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

-- A line or zone as it was last drawn. A line that becomes a zone of the same name is another
-- place, so that their numbers never mix.
CREATE TABLE place (
	id INTEGER PRIMARY KEY,
	camera INTEGER NOT NULL REFERENCES camera,
	name TEXT NOT NULL,
	kind INTEGER NOT NULL,      -- 1 line, 2 zone
	role INTEGER NOT NULL,      -- of a line: 0 inner, 1 entry, 2 outside
	in_label TEXT NOT NULL,
	out_label TEXT NOT NULL,
	geometry TEXT NOT NULL,     -- canonical JSON
	engaged_s REAL NOT NULL,    -- a zone's visit this long counts as engaged
	UNIQUE (camera, name, kind)
) STRICT;

-- What numbers were made with: thresholds, plan and calibration.
CREATE TABLE params (
	id TEXT PRIMARY KEY,        -- 16 hex digits: hash of text
	text TEXT NOT NULL          -- JSON
) STRICT, WITHOUT ROWID;

-- One replay, or one stretch of live counting, of one camera. Later runs have larger ids.
CREATE TABLE run (
	id INTEGER PRIMARY KEY,
	camera INTEGER NOT NULL REFERENCES camera,
	params TEXT NOT NULL REFERENCES params,
	version TEXT NOT NULL,      -- of the program
	metric INTEGER NOT NULL     -- 1: floor units are metres; 0: picture heights
) STRICT;

-- The lines and zones that a run watched.
CREATE TABLE run_place (
	run INTEGER NOT NULL REFERENCES run,
	place INTEGER NOT NULL REFERENCES place,
	PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;

-- A minute of a run that was observed, wholly or in part.
CREATE TABLE cover (
	id INTEGER PRIMARY KEY,
	minute INTEGER NOT NULL,
	run INTEGER NOT NULL REFERENCES run,
	from_us INTEGER NOT NULL,   -- first moment observed
	to_us INTEGER NOT NULL,     -- last moment observed
	observed_us INTEGER NOT NULL,
	UNIQUE (minute, run),
	CHECK (0 <= from_us AND from_us < to_us AND to_us <= 60000000),
	CHECK (0 < observed_us AND observed_us <= 60000000)
) STRICT;

CREATE TABLE line_minute (
	cover INTEGER NOT NULL REFERENCES cover ON DELETE CASCADE,
	place INTEGER NOT NULL REFERENCES place,
	crossings_in INTEGER NOT NULL,
	crossings_out INTEGER NOT NULL,
	persons_in INTEGER NOT NULL,
	persons_out INTEGER NOT NULL,
	uturns INTEGER NOT NULL,
	PRIMARY KEY (cover, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE zone_minute (
	cover INTEGER NOT NULL REFERENCES cover ON DELETE CASCADE,
	place INTEGER NOT NULL REFERENCES place,
	begun INTEGER NOT NULL,     -- visits
	ended INTEGER NOT NULL,
	min INTEGER NOT NULL,       -- people at once, over the observed time
	max INTEGER NOT NULL,
	p95 INTEGER NOT NULL,
	person_ms INTEGER NOT NULL, -- time-weighted sum of people
	dwell BLOB NOT NULL,        -- visits that ended: length in ms each, LEB128
	PRIMARY KEY (cover, place)
) STRICT, WITHOUT ROWID;

-- Person time per cell of the picture (64 x 48, row by row from the top left). A table with
-- rowid: its cells may fill most of a page, which WITHOUT ROWID would move to an extra one.
CREATE TABLE heat_minute (
	cover INTEGER PRIMARY KEY REFERENCES cover ON DELETE CASCADE,
	cells BLOB NOT NULL         -- by rising cell: cells skipped, person ms; LEB128 each
) STRICT;

-- What minutes were counted from. Has a retention of its own; minutes stay.
CREATE TABLE event (
	minute INTEGER NOT NULL,
	run INTEGER NOT NULL REFERENCES run,
	seq INTEGER NOT NULL,       -- 1, 2, ...: order of arrival within minute and run
	t_us INTEGER NOT NULL,
	kind INTEGER NOT NULL,      -- 1 cross in, 2 cross out, 3 zone enter, 4 zone leave
	place INTEGER NOT NULL REFERENCES place,
	person INTEGER NOT NULL,    -- track: means something within one run only
	dwell_ms INTEGER NOT NULL,  -- of the visit, kind 4; else 0
	PRIMARY KEY (minute, run, seq)
) STRICT, WITHOUT ROWID;

-- The people-free picture of what a camera looks at, one per camera.
CREATE TABLE plate (
	camera INTEGER PRIMARY KEY REFERENCES camera,
	t_us INTEGER NOT NULL,      -- since 1970
	png BLOB NOT NULL
) STRICT;
