/* SPDX-License-Identifier: Apache-2.0 */
/* scene_table.h -- THE table of what a scene's file may say: reader, checks and help go by it.
 */
#ifndef SIM_SCENE_TABLE_H
#define SIM_SCENE_TABLE_H

#include "sim/scene.h"

struct str;

/* How a value is written, and what it is kept in. */
enum scene_type {
	SCENE_NONE,
	SCENE_NUMBER,  /* double */
	SCENE_WHOLE,   /* int */
	SCENE_SEED,    /* uint64_t */
	SCENE_YES_NO,  /* bool */
	SCENE_WORD,    /* an enum; words[] by its values */
	SCENE_LABEL,   /* char[NAME_MAX_BYTES] */
	SCENE_TEXT,    /* char * */
	SCENE_START,   /* int64_t: a local time; taken when the time zone is known */
	SCENE_PLACE,   /* struct pt_m: x, y */
	SCENE_ROOM,    /* struct pt_room: x, y, z */
	SCENE_ENDS,    /* struct pt_m[2]: x,y x,y */
	SCENE_RECT,    /* two struct pt_m: x,y x,y, ordered */
	SCENE_BOX,     /* struct pt_m[4]: x,y x,y, opposite corners */
	SCENE_CORNERS, /* struct pt_m[4]: x,y x,y x,y x,y */
	SCENE_LINE,    /* struct polyline of min to max points */
	SCENE_COLOUR,  /* struct colour: Y U V */
	SCENE_WHILE,   /* struct while_s: from to, or never, or always */
	SCENE_BY_HOUR, /* double[SCENE_HOURS]: one number, or hour:number ... */
	SCENE_SHARES,  /* double[4] */
	SCENE_WAITS,   /* double[SCENE_POINTS], the rest 0 */
	SCENE_SIZE,    /* two int: w x h */
};

struct scene_key {
	const char *name;
	enum scene_type type;
	size_t offset;       /* in the thing's struct */
	double min, max;     /* of each number in it; of SCENE_LINE: of the points' number */
	const char *unit;    /* NULL: none */
	const char *initial; /* as it would be written; NULL: it must be given */
	const char *const *words;
	const char *help;
};

struct scene_section {
	const char *name, *help;
	size_t offset; /* in struct scene: the thing, or SCENE_MAX of them */
	size_t size;   /* of one */
	size_t count;  /* offset of their number; 0: there is one, always */
	bool named;    /* [kind NAME], kept in the first member, a char[] */
	const struct scene_key *key;
	int n;
};
#define SCENE_KEYS_MAX 32 /* of a section */

extern const struct scene_section scene_sections[];
extern const int scene_n_sections;
/* A key of a section, or NULL. */
const struct scene_key *scene_key_of(const struct scene_section *section, const char *name);

/* ---- scene_value.c ---- */

/* Takes text into the field, which is k's in the thing at base. False when it is not what k
 * takes; the field is untouched then. */
bool scene_take(const struct scene_key *k, const char *text, void *base);
/* What k takes: "a number from 0 to 1". */
void scene_expected(const struct scene_key *k, struct str *out);
/* Coordinates are from -SCENE_FAR_M to SCENE_FAR_M. */
#define SCENE_FAR_M 500

/* ---- scene_zone.c ---- */

/* Fills in s->offset from the process's zone, which is the scene's now. */
void scene_find_offsets(struct scene *s);

/* ---- scene_check.c ---- */

/* Where in the file a thing and its keys are. */
struct scene_where {
	const struct scene_section *section;
	void *thing;
	int line;                /* 0: not in the file */
	int key[SCENE_KEYS_MAX]; /* line of each key; 0: not given */
};
int scene_key_line(const struct scene_where *w, const char *key); /* 0: not given */
/* What only shows when all is read: contradictions between things. ERR_CONFIG, with file, line,
 * section and key. */
int scene_check(const struct scene *s, const struct scene_where *where, size_t n,
		struct err *err);

#endif
