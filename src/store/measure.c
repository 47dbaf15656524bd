/* SPDX-License-Identifier: Apache-2.0 */
/* measure.c -- the table of measures. To add one, give it a number in types.h and a row here.
 */
#include "store/measure.h"

#include <stddef.h>
#include <string.h>

#define LINE(r) .of = PLACE_LINE, .role = r
#define LINE_ANY .of = PLACE_LINE, .any_role = true
#define GATE .of = PLACE_GATE
#define ZONE .of = PLACE_ZONE
#define QUEUE .of = PLACE_QUEUE
#define FIXTURE .of = PLACE_FIXTURE

#define PLAIN .form = MEASURE_SUM, .key = MEASURE_KEY_NONE
#define BY_WORD .form = MEASURE_SUM, .key = MEASURE_KEY_WORD
#define BY_PLACE .form = MEASURE_SUM, .key = MEASURE_KEY_PLACE
#define TIMES .form = MEASURE_LIST, .key = MEASURE_KEY_MS

/* A row is a measure: some lines of facts over its definition. */
/* clang-format off */
static const struct measure_info table[MEASURE_END] = {
	[MEASURE_ENTERED] = { "entered", "persons", LINE(LINE_ENTRY), PLAIN,
		.definition = "Persons who came in over an entry line, U-turns apart, each once: in the "
			      "minute and over the line of the last time." },
	[MEASURE_PASSED_BY] = { "passed_by", "persons", LINE(LINE_OUTSIDE), BY_WORD,
		.definition = "Persons who crossed an outside line and no entry line but for a U-turn, each "
			      "once: at the last outside line, by the way in which they crossed it." },
	[MEASURE_GROUPS] = { "groups", "groups", LINE(LINE_ENTRY), .form = MEASURE_SUM,
		.key = MEASURE_KEY_NUMBER,
		.definition = "Parties by their number of people: who got clear of an entry line inwards "
			      "within 3 s of each other and within 1.5 m at that moment, and did not "
			      "turn back at once." },
	[MEASURE_TURNS] = { "turns", "persons", LINE(LINE_ENTRY), BY_WORD, .ways = true,
		.definition = "Where people who came in went first: 3 m from where they were clear of the "
			      "line, left or right is more than 30 degrees off straight on." },
	[MEASURE_STAFF_IN] = { "staff_in", "crossings", LINE_ANY, PLAIN,
		.definition = "Of crossings_in, those by persons who are staff by rule, also before it "
			      "was known." },
	[MEASURE_STAFF_OUT] = { "staff_out", "crossings", LINE_ANY, PLAIN,
		.definition = "Of crossings_out, those by persons who are staff by rule, also before it "
			      "was known." },

	[MEASURE_GATE_IN] = { "gate_in", "passages", GATE, PLAIN,
		.definition = "Persons who crossed the first line and then the second one, both inwards, "
			      "wherever they waited between them." },
	[MEASURE_GATE_OUT] = { "gate_out", "passages", GATE, PLAIN,
		.definition = "Persons who crossed the second line and then the first one, both outwards." },
	[MEASURE_GATE_TURNED] = { "gate_turned", "persons", GATE, BY_WORD,
		.definition = "Persons who came between the two lines and went back the way they came, by "
			      "where they came from." },

	[MEASURE_EXPOSED] = { "exposed", "persons", ZONE, PLAIN,
		.definition = "Persons who came within 1.5 m of the zone, until they were 2 m away for 3 s. "
			      "Counted when they are gone." },
	[MEASURE_STOPPED] = { "stopped", "persons", ZONE, PLAIN,
		.definition = "Of exposed, those who stopped there: slower than 0.3 m/s for 2 s." },
	[MEASURE_ENGAGED] = { "engaged", "persons", ZONE, PLAIN,
		.definition = "Of stopped, those with a visit of the zone at least as long as its "
			      "threshold." },
	[MEASURE_FIRST_FROM] = { "first_from", "persons", ZONE, BY_PLACE, .ways = true,
		.definition = "Persons who came in and whose first zone this was, by the entry line." },
	[MEASURE_NEXT] = { "next_zone", "persons", ZONE, BY_PLACE, .ways = true,
		.definition = "How often somebody came next, of all zones, into the other one." },
	[MEASURE_OD] = { "last_zone", "persons", ZONE, BY_PLACE, .ways = true,
		.definition = "Origin and destination: persons whose first zone this was, by their last "
			      "zone." },
	[MEASURE_STAFF_VISITS] = { "staff_visits", "ms", ZONE, TIMES,
		.definition = "Of the visits that ended, those of persons who are staff by rule: how long "
			      "each was." },

	[MEASURE_QUEUE_JOINED] = { "queue_joined", "persons", QUEUE, PLAIN,
		.definition = "Persons who queued: who stopped in the tail and stayed for 5 s, or came through "
			      "it and stopped at the head." },
	[MEASURE_QUEUE_WAIT] = { "queue_wait", "ms", QUEUE, TIMES,
		.definition = "From stopping in the tail to reaching the head, of those who reached it; 0 "
			      "for whoever did not have to stop." },
	[MEASURE_QUEUE_SERVICE] = { "queue_service", "ms", QUEUE, TIMES,
		.definition = "From reaching the head to leaving it; away for less than 30 s is the same." },
	[MEASURE_QUEUE_ABANDONED] = { "queue_abandoned", "ms", QUEUE, TIMES,
		.definition = "How long those waited who left the tail for 30 s or for good without "
			      "reaching the head." },
	[MEASURE_QUEUE_LOST] = { "queue_lost", "persons", QUEUE, PLAIN,
		.definition = "Persons who were lost from sight while they waited: what became of them is "
			      "not known." },
	[MEASURE_QUEUE_FRONT] = { "queue_front", "persons", QUEUE, PLAIN,
		.definition = "Persons who came to the head otherwise than through the tail, and stopped: "
			      "staff, not counted as queueing." },
	[MEASURE_QUEUE_LEVEL] = { "queue_level", "persons", QUEUE, .form = MEASURE_LEVEL,
		.key = MEASURE_KEY_NUMBER,
		.definition = "Time during which so many waited: were in the tail, and had joined. Who is at "
			      "the head is not waiting any more." },

	[MEASURE_STOPS] = { "stops", "stops", FIXTURE, BY_WORD,
		.definition = "Stops (slower than 0.3 m/s for 2 s) within 1.5 m of the fixture, by its "
			      "side, counted when they end." },
	[MEASURE_FACING] = { "stopped_facing", "stops", FIXTURE, BY_WORD,
		.definition = "Of stops of 4 s or more, those at this fixture rather than another or with the "
			      "back to it, judged by how near it is and by the way they came, never by a "
			      "face: of ten in the simulated store, eight did face it." },
	[MEASURE_FACING_LEFT] = { "stopped_facing_left", "ms", FIXTURE, TIMES,
		.definition = "How long the stops facing the fixture on its left side lasted." },
	[MEASURE_FACING_RIGHT] = { "stopped_facing_right", "ms", FIXTURE, TIMES,
		.definition = "How long the stops facing the fixture on its right side lasted." },

	[MEASURE_STAFF] = { "staff", "persons", PLACE_NONE, .form = MEASURE_SUM,
		.key = MEASURE_KEY_WORD,
		.definition = "Persons who turned out to be staff, by the rule that said so first. They "
			      "stay in all other figures." },
};
/* clang-format on */

const struct measure_info *measure_info(enum measure m)
{
	if (m <= MEASURE_NONE || m >= MEASURE_END || !table[m].name)
		return NULL;
	return &table[m];
}

enum measure measure_named(const char *name)
{
	for (int m = 1; m < MEASURE_END; m++)
		if (table[m].name && !strcmp(table[m].name, name))
			return (enum measure)m;
	return MEASURE_NONE;
}

const char *measure_word(enum measure m, int key)
{
	static const char *const ways[] = { [WAY_IN] = "in", [WAY_OUT] = "out" };
	static const char *const turns[] = {
		[TURN_LEFT] = "left", [TURN_STRAIGHT] = "straight", [TURN_RIGHT] = "right"
	};
	static const char *const turned[] = {
		[TURNED_OUTSIDE] = "outside", [TURNED_INSIDE] = "inside"
	};
	static const char *const sides[] = { [SIDE_LEFT] = "left", [SIDE_RIGHT] = "right" };
	static const char *const rules[] = {
		[STAFF_DOOR] = "door", [STAFF_COUNTER] = "counter", [STAFF_HOURS] = "hours"
	};
	const char *const *word;
	int last;

	switch (m) {
	case MEASURE_PASSED_BY:
		word = ways;
		last = WAY_OUT;
		break;
	case MEASURE_TURNS:
		word = turns;
		last = TURN_RIGHT;
		break;
	case MEASURE_GATE_TURNED:
		word = turned;
		last = TURNED_INSIDE;
		break;
	case MEASURE_STOPS:
	case MEASURE_FACING:
		word = sides;
		last = SIDE_RIGHT;
		break;
	case MEASURE_STAFF:
		word = rules;
		last = STAFF_HOURS;
		break;
	default:
		return NULL;
	}
	return key >= 1 && key <= last ? word[key] : NULL;
}
