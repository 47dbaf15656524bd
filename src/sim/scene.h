/* SPDX-License-Identifier: Apache-2.0 */
/* scene.h -- a simulated store: the floor, what stands on it, cameras, lights, radio, people.
 *
 * A scene is an INI file. A section is "[kind]" or "[kind name]"; `footfall sim --keys` prints
 * every section and key with its unit and default. Everything is in metres (x east, y north, z
 * up), seconds since the scene's start, degrees; colours are "Y U V", 0..255.
 *
 * A scene is read once and then only looked at: the crowd, the pictures, the truth and the
 * radio each take a const struct scene.
 */
#ifndef SIM_SCENE_H
#define SIM_SCENE_H

#include "base/err.h"
#include "floor/lens.h"
#include "types.h"

#include <stddef.h>

#define SCENE_MAX 64    /* of each kind of thing */
#define SCENE_POINTS 32 /* of a polyline */
#define SCENE_HOURS 24

struct colour {
	uint8_t y, u, v; /* limited range BT.601, as in the pictures */
};

struct polyline {
	int n;
	struct pt_m at[SCENE_POINTS];
};

/* From..to, seconds since the start; to <= from: never. */
struct while_s {
	double from, to;
};

enum floor_kind { FLOOR_PLAIN = 1, FLOOR_TILES, FLOOR_WOOD, FLOOR_CARPET, FLOOR_MARBLE };

/* [floor] What people stand on; walls and shelves take their parts away. Everything outside the
 * rectangle is drawn, too (as ground), but nobody walks there. */
struct scene_floor {
	struct pt_m from, to; /* opposite corners of the walkable rectangle */
	enum floor_kind kind;
	struct colour colour;
	double gloss; /* 0..1: how much of what stands on it is mirrored */
};

/* [wall NAME] An upright sheet along a polyline. Nobody walks through; glass is seen through.
 */
struct scene_wall {
	char name[NAME_MAX_BYTES];
	struct polyline line;
	double height_m;
	struct colour colour;
	bool glass;
};

/* [shelf NAME] A box: shelf, rack, table, counter, pillar, plant. */
struct scene_shelf {
	char name[NAME_MAX_BYTES];
	struct pt_m corner[4]; /* counter-clockwise seen from above */
	double height_m;
	struct colour colour;
	bool goods;    /* rows of coloured goods on its long sides */
	double browse; /* how much it attracts, relative to the others; 0: nobody stops */
	bool draught;  /* a plant: its picture moves a little */
};

/* [portal NAME] Where people come from and go to: the scene's edge, a street, a staff room. */
enum portal_kind { PORTAL_STREET = 1, PORTAL_STAFF };
struct scene_portal {
	char name[NAME_MAX_BYTES];
	enum portal_kind kind;
	struct pt_m at[2]; /* people appear somewhere along this segment */
	double share;      /* of the arrivals, relative to the other portals of its kind */
};

/* [door NAME] An opening in a wall between street and shop. "In" is to the right when walking
 * from at[0] to at[1]. Scenes without doors have passers-by only. */
struct scene_door {
	char name[NAME_MAX_BYTES];
	struct pt_m at[2];
	bool glass;   /* two glass leaves slide open when somebody comes near */
	double share; /* of the shoppers */
};

/* [till NAME] */
struct scene_till {
	char name[NAME_MAX_BYTES];
	struct pt_m customer, cashier; /* where they stand */
	struct polyline queue;         /* from the customer's place backwards */
	double service_s;              /* median time to pay */
};

/* [camera NAME] */
struct scene_camera {
	char name[NAME_MAX_BYTES];
	struct pt_room at, to;
	double fov_deg, k1, roll_deg;
	int w, h;
	double fps;
	struct lens lens; /* made from the above */
};

/* [light NAME] A lamp; those of a scene add up to the light on a surface. Shadows fall away
 * from it. */
struct scene_light {
	char name[NAME_MAX_BYTES];
	struct pt_room at;
	double strength;    /* relative to the others */
	struct while_s off; /* switched off in this time */
	double ramp_s;      /* how long switching takes; 0: at once */
};

/* [sun] Patches of sunlight on the floor that move. */
struct scene_sun {
	struct polyline patch;
	double strength;     /* how much brighter, 0.5 = half as bright again */
	struct pt_m m_per_h; /* how it moves */
	struct while_s when; /* clouds before and after, fading within 20 s */
};

/* [screen NAME] A picture that changes, upright between two floor points. */
struct scene_screen {
	char name[NAME_MAX_BYTES];
	struct pt_m at[2];
	double bottom_m, top_m;
	double change_s; /* mean time between pictures; 0: it flickers with every frame */
};

/* [object NAME] A thing that is there for some time: parked trolley, bag, pallet, poster. */
struct scene_object {
	char name[NAME_MAX_BYTES];
	struct pt_m corner[4];
	double bottom_m, top_m;
	struct colour colour;
	struct while_s when;
};

/* [walker NAME] Somebody who does exactly this, for tests. */
enum body_kind { BODY_ADULT = 1, BODY_CHILD, BODY_WHEELCHAIR };
struct scene_walker {
	char name[NAME_MAX_BYTES];
	double start_s, speed_m_s;
	struct polyline path;
	double wait_s[SCENE_POINTS]; /* at each point of the path */
	double height_m;
	enum body_kind body;
	bool trolley, sits, staff; /* sits: while waiting */
	bool coloured;             /* clothes has his clothes' colour; else by chance */
	struct colour clothes;
};

/* [people] Everybody else. Rates are persons an hour of the local hour of the day. */
struct scene_people {
	double shoppers_h[SCENE_HOURS], passers_h[SCENE_HOURS];
	double group[4];                   /* share of groups of 1, 2, 3, 4 */
	double speed_m_s, speed_sd;        /* walking freely */
	double child, trolley, wheelchair; /* shares of the shoppers */
	double u_turn;                     /* share that turns round in the door */
	double buyers;                     /* share that queues and pays */
	double stops;                      /* mean number of shelves looked at */
	double stop_s, stop_sigma;         /* lognormal: median, sd of the logarithm */
	double stop_min_s, stop_max_s;
	double low_contrast; /* share in clothes of the floor's colour */
	/* Staff: so many at once between these local hours; each stays a shift long, crosses
	 * the shop every cross_s on average; tills are manned first. */
	int staff;
	double staff_from_h, staff_to_h, shift_h, cross_s;
};

/* [picture] What makes pictures difficult; all off at first but noise. */
struct scene_picture {
	double noise, noise_chroma; /* standard deviation, grey levels */
	double shadows;             /* 0..1 strength of cast shadows */
	double shadow_soft_m;       /* blur of their edges */
	double exposure;            /* automatic exposure hunts by this share */
	double white_balance;       /* colour balance hunts by this many levels */
	double shake_px;            /* sd of the camera's trembling */
	struct while_s hand;        /* a hand over the lens */
	struct while_s infrared;    /* night: no colour, light from the camera, more noise */
	double lost;                /* share of frames that never arrive */
	double flicker;             /* share by which mains-driven light beats */
};

/* [receiver NAME] An access point, or a sensor that only listens. */
struct scene_receiver {
	char name[NAME_MAX_BYTES];
	struct pt_room at;
	bool monitor; /* hears everybody; else an access point that reports who has joined */
};

/* [radio] */
struct scene_radio {
	double phones;              /* devices per person */
	double joined;              /* share of them that join the store's network */
	double p0_dbm;              /* mean power at 1 m */
	double n;                   /* path-loss exponent */
	double shadow_db, shadow_m; /* sd, and the distance over which it changes */
	double fading_db;           /* sd from report to report */
	double device_db;           /* sd from device to device */
	double floor_dbm;           /* weaker is not heard */
	double report_s;   /* mean time between an access point's reports of a device */
	double join_s;     /* median lag between coming in and joining */
	double bursts_min; /* probe bursts per device and minute */
	double clock_sd_s; /* sd of the receivers' clocks' offsets */
};

/* [tracks] What a tracker makes of the truth when no pictures are drawn. All 0: exact. */
struct scene_tracks {
	double fps;          /* sightings a second */
	double sd_m, corr_s; /* error of a position, and how long it lasts */
	double miss;         /* share of sightings missed, in runs of about miss_s */
	double miss_s;
	double break_min; /* breaks per person and minute: a new number after it */
	double swap;      /* chance that two who pass within 0.5 m swap numbers */
	double late_s;    /* a new person is seen after about this long */
	double ghosts_h;  /* tracks an hour that nobody made */
};

/* Local time minus UTC, from then on. */
#define SCENE_OFFSETS 16
struct scene_offset {
	int64_t from_us;
	int offset_s;
};

struct scene {
	char *path; /* of the file, for messages */
	char name[NAME_MAX_BYTES];
	char *time_zone;                           /* IANA name */
	struct scene_offset offset[SCENE_OFFSETS]; /* of the zone, rising; none: UTC */
	int n_offsets;
	int64_t start_us;
	double seconds; /* length, unless told otherwise */
	uint64_t seed;
	char *plan;           /* file of lines and zones in metres, or NULL; beside the scene */
	struct colour ground; /* what is drawn where nothing else is */
	struct scene_floor floor;
	struct scene_people people;
	struct scene_picture picture;
	struct scene_radio radio;
	struct scene_tracks tracks;
	double ambient; /* light without a direction, relative to the lights' strength */

	struct scene_wall walls[SCENE_MAX];
	struct scene_shelf shelf[SCENE_MAX];
	struct scene_portal portal[SCENE_MAX];
	struct scene_door door[SCENE_MAX];
	struct scene_till till[SCENE_MAX];
	struct scene_camera camera[SCENE_MAX];
	struct scene_light light[SCENE_MAX];
	struct scene_sun sun[SCENE_MAX];
	struct scene_screen screen[SCENE_MAX];
	struct scene_object object[SCENE_MAX];
	struct scene_walker walker[SCENE_MAX];
	struct scene_receiver receiver[SCENE_MAX];
	int n_walls, n_shelves, n_portals, n_doors, n_tills, n_cameras, n_lights, n_suns,
		n_screens, n_objects, n_walkers, n_receivers;
};

/* Reads and checks a scene. NULL and *err on failure: one line that names file, line, section
 * and key and says what was expected. Sets no time zone: start_us is worked out in the scene's
 * own, which is borrowed for that: not while another thread asks for local time. Free with
 * scene_free(). */
struct scene *scene_read(const char *path, struct err *err);
/* The same from text; path is for messages and for finding the plan. */
struct scene *scene_parse(const char *text, size_t len, const char *path, struct err *err);
void scene_free(struct scene *s); /* NULL is allowed */

/* Sets a key of a section without names, "tracks" say, to what text says. ERR_USAGE when there
 * is no such key, or it does not take that. */
int scene_set(struct scene *s, const char *section, const char *key, const char *text,
	      struct err *err);

/* The time of day in the scene's zone, 0 <= hours < 24, whatever the process's zone is. */
double scene_hour(const struct scene *s, int64_t t_us);

/* The camera called name, or, when name is NULL or "" and the scene has one camera, that one.
 * An index, or ERR_USAGE with the names that there are. */
int scene_camera(const struct scene *s, const char *name, struct err *err);

/* Every section and key with unit, default and meaning, as text for a terminal. */
struct str;
void scene_keys(struct str *out);

#endif
