/* SPDX-License-Identifier: Apache-2.0 */
/* types.h -- every struct that crosses a folder, with its units and its coordinate frame.
 *
 * Time is int64_t t_us, microseconds since 1970-01-01T00:00:00Z, and always the frame's own.
 * Coordinate frames, each with a point type of its own so that one is not taken for another:
 *   _px    pixels of the analysis picture, origin top left, x right, y down
 *   _img   the camera's full picture, 0..1 in x and in y, whatever its resolution
 *   _m     metres on the store's floor plan, x east, y north
 *   _floor where counting happens: metres (_m) when the camera is calibrated; otherwise the
 *          picture, in picture heights (x = px / height, y = py / height), so that distances
 *          mean the same in both directions. A camera is one or the other for good.
 */
#ifndef TYPES_H
#define TYPES_H

#include <stdbool.h>
#include <stdint.h>

#define NAME_MAX_BYTES 64 /* of a camera or place, with the final 0 */

struct pt_px {
	double x, y;
};
struct pt_img {
	double x, y;
};
struct pt_m {
	double x, y;
};
struct pt_floor {
	double x, y;
};

struct box_px {
	double x, y, w, h; /* left, top, width, height */
};

/* How far off a point may be: the covariance of its error, in the square of its unit. */
struct spread {
	double xx, xy, yy;
};

/* A person-like thing in one frame's mask. */
struct detection {
	struct box_px box;
	struct pt_px foot; /* where it stands */
	double body;    /* pixels of a person's height there, or 0: the floor is not known, the
			 * box alone says where it is and how large people are */
	struct pt_m at; /* the foot on the floor, where that is known, */
	struct spread at_off; /* and how far it may be off, m^2 */
	double score;         /* 0..1; 1 = surely a person of its own */
	int area_px;          /* mask pixels in it */
};

/* Where a track was in one frame. */
struct track_point {
	int64_t t_us;
	struct box_px box;
	struct pt_px foot;
};

/* One camera's hypothesis of a person over time. */
struct track {
	int64_t id;    /* 1, 2, ...: never used again in a run; 0 until it is confirmed */
	int64_t birth; /* 1, 2, ...: the same from its first frame on, confirmed or not */
	bool confirmed;
	bool seen;                 /* in this frame, not only predicted into it */
	int64_t first_us, last_us; /* first and last time it was seen */
	struct track_point at;     /* now; predicted when !seen */
	struct pt_px vel_px_s;     /* of the foot point, pixels per second */
	/* In the one step in which the track becomes confirmed: where it was before, oldest
	 * first, without this frame. Owned by the tracker, valid until its next step. Otherwise
	 * 0. */
	const struct track_point *past;
	int n_past;
};

/* A confirmed track, placed where lines and zones are. */
struct sighting {
	int camera; /* index */
	int64_t track;
	int64_t t_us;
	struct pt_floor at;
	double body; /* width of a body there, in floor units: the yardstick for hysteresis */
};

/* The numbers are the database's: they stay. */
enum place_kind {
	PLACE_NONE,
	PLACE_LINE,
	PLACE_ZONE,
	PLACE_GATE,    /* two lines that have to be crossed one after the other */
	PLACE_QUEUE,   /* two zones: its tail, where people wait, and its head */
	PLACE_FIXTURE, /* a shelf, a table: a line that people stop at, on either side of it */
};

/* What a line is for. */
enum line_role {
	LINE_INNER,   /* between two parts of the store */
	LINE_ENTRY,   /* a door: in - out of all of them is who is inside */
	LINE_OUTSIDE, /* past the shop window: passers-by */
	LINE_STAFF,   /* to the back: whoever crosses it is staff */
};

/* What a zone is for. */
enum zone_role {
	ZONE_OPEN,    /* anybody may be there */
	ZONE_COUNTER, /* behind a counter: whoever stays there is staff */
};

/* in = from the left to the right of the line as drawn, seen on the picture or the plan:
 * walking along the line, "in" is the step to the right. */
enum event_kind {
	EVENT_NONE,
	EVENT_CROSS_IN,
	EVENT_CROSS_OUT,
	EVENT_ZONE_ENTER,
	EVENT_ZONE_LEAVE, /* dwell_s is the visit's length */
};

struct event {
	int64_t t_us;
	enum event_kind kind;
	int place;      /* index in the plan */
	int64_t person; /* track id: means something in one run only */
	double dwell_s; /* EVENT_ZONE_LEAVE; else 0 */
};

/* Base buckets: one minute each, [start_us, start_us + 60 s), start_us a whole UTC minute.
 * A bucket can come in several parts (a person's net count is known when the visit ends): the
 * parts of one place and minute are added up, zones' min, max and p95 excepted (below). */
struct minute_cover {
	int camera;
	int64_t start_us;
	int64_t from_us, to_us; /* first and last moment of it that was observed */
	double observed_s;      /* 0 < observed_s <= 60 */
	/* Told by query.h, not asked by writer.h: how often it was counted anew, and one more
	 * when it came late, after a later minute of its camera had been written by an earlier
	 * run. */
	int revision;
};

struct minute_line {
	int place;
	int64_t start_us;
	int crossings_in, crossings_out; /* each time a foot point crosses */
	int persons_in, persons_out;     /* in - out per person, at most one */
	int uturns;                      /* back within the qualifier: counted as neither */
};

#define MINUTE_DWELLS 64

struct minute_zone {
	int place;
	int64_t start_us;
	int begun, ended;  /* visits */
	int min, max, p95; /* people at once, over the observed time; in one part only */
	double person_s;   /* time-weighted sum; / observed_s = mean occupancy */
	int n_dwell; /* visits that ended in this minute, and how long each was, seconds */
	float dwell_s[MINUTE_DWELLS]; /* more than MINUTE_DWELLS come as another part */
};

/* What else is counted of a place in a minute. store/measure.h has their names, units and
 * definitions. The numbers are the database's: they stay. */
enum measure {
	MEASURE_NONE,

	MEASURE_ENTERED = 1, /* lines */
	MEASURE_PASSED_BY = 2,
	MEASURE_GROUPS = 3,
	MEASURE_TURNS = 4,
	MEASURE_STAFF_IN = 5,
	MEASURE_STAFF_OUT = 6,

	MEASURE_GATE_IN = 10, /* gates */
	MEASURE_GATE_OUT = 11,
	MEASURE_GATE_TURNED = 12,

	MEASURE_EXPOSED = 20, /* zones */
	MEASURE_STOPPED = 21,
	MEASURE_ENGAGED = 22,
	MEASURE_FIRST_FROM = 23,
	MEASURE_NEXT = 24,
	MEASURE_OD = 25,
	MEASURE_STAFF_VISITS = 26,

	MEASURE_QUEUE_JOINED = 30, /* queues */
	MEASURE_QUEUE_WAIT = 31,
	MEASURE_QUEUE_SERVICE = 32,
	MEASURE_QUEUE_ABANDONED = 33,
	MEASURE_QUEUE_LOST = 34,
	MEASURE_QUEUE_FRONT = 35,
	MEASURE_QUEUE_LEVEL = 36,

	MEASURE_STOPS = 40, /* fixtures */
	MEASURE_FACING = 41,
	MEASURE_FACING_LEFT = 42,
	MEASURE_FACING_RIGHT = 43,

	MEASURE_STAFF = 50, /* a camera */

	MEASURE_END
};

/* Keys of MEASURE_PASSED_BY, MEASURE_TURNS, MEASURE_GATE_TURNED, MEASURE_STOPS and
 * MEASURE_FACING, MEASURE_STAFF. */
enum way_key { WAY_IN = 1, WAY_OUT };
enum turn_key { TURN_LEFT = 1, TURN_STRAIGHT, TURN_RIGHT };
enum turned_key { TURNED_OUTSIDE = 1, TURNED_INSIDE };
enum side_key { SIDE_LEFT = 1, SIDE_RIGHT };
enum staff_key { STAFF_DOOR = 1, STAFF_COUNTER, STAFF_HOURS };

/* Parts of one place, minute, measure and key add up. */
struct minute_value {
	int camera; /* told by query.h, not asked by writer.h: it is the run's */
	int place;  /* -1: the whole camera */
	int64_t start_us;
	enum measure measure;
	int key;       /* what measure.h says; 0 without */
	int64_t value; /* in the measure's unit; more than 0 */
};

/* Person-seconds per cell of the heat map: the camera's picture in HEAT_COLS x HEAT_ROWS cells,
 * row by row from the top left. Sparse: only cells with any. */
#define HEAT_COLS 64
#define HEAT_ROWS 48

struct heat_cell {
	uint16_t cell; /* row * HEAT_COLS + column */
	float person_s;
};

struct minute_heat {
	int camera;
	int64_t start_us;
	int n;
	const struct heat_cell *cells; /* ordered by cell */
};

/* The same per cell of the floor, where it is metres: FLOOR_CELL_M x FLOOR_CELL_M, cell (0, 0)
 * with its south-west corner at the plan's origin. Sparse. */
#define FLOOR_CELL_M 0.25
#define FLOOR_CELL_LIMIT 4096 /* cells from -4096 to 4095: all within polygon.h's limit */

struct floor_cell {
	int16_t x, y; /* east, north */
	uint32_t person_ms;
	uint16_t stops; /* that began there */
};

struct minute_floor {
	int camera;
	int64_t start_us;
	int n;
	const struct floor_cell *cells; /* ordered by y, then x */
};

#endif
