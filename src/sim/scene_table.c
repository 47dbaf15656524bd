/* SPDX-License-Identifier: Apache-2.0 */
/* scene_table.c -- THE table of what a scene's file may say. To add a key, add a member to its
 * struct and a row here. */
#include "sim/scene_table.h"

#include "video/image.h"

#include <string.h>

#define TYPE_OF(s, f) \
	_Generic(&((struct s *)0)->f, \
		double *: SCENE_NUMBER, \
		int *: SCENE_WHOLE, \
		uint64_t *: SCENE_SEED, \
		bool *: SCENE_YES_NO, \
		enum floor_kind *: SCENE_WORD, \
		enum portal_kind *: SCENE_WORD, \
		enum body_kind *: SCENE_WORD, \
		char (*)[NAME_MAX_BYTES]: SCENE_LABEL, \
		char **: SCENE_TEXT, \
		int64_t *: SCENE_START, \
		struct pt_m *: SCENE_PLACE, \
		struct pt_room *: SCENE_ROOM, \
		struct pt_m (*)[2]: SCENE_ENDS, \
		struct pt_m (*)[4]: SCENE_CORNERS, \
		struct polyline *: SCENE_LINE, \
		struct colour *: SCENE_COLOUR, \
		struct while_s *: SCENE_WHILE, \
		double (*)[SCENE_HOURS]: SCENE_BY_HOUR, \
		double (*)[4]: SCENE_SHARES, \
		double (*)[SCENE_POINTS]: SCENE_WAITS)
#define AS(type, s, f) type, offsetof(struct s, f)
#define FIELD(s, f) AS(TYPE_OF(s, f), s, f)
#define M -SCENE_FAR_M, SCENE_FAR_M, "m"
#define POINTS(from) from, SCENE_POINTS, "m"
#define SHARE 0, 1, NULL
#define COLOUR 0, 255, NULL
#define YES_NO 0, 0, NULL
#define WORD 0, 0, NULL
#define LENGTH_MAX_S 31622400 /* 366 days */
#define WHEN 0, LENGTH_MAX_S, "s"

static const char *const floor_words[] = { "",       "plain",  "tiles", "wood",
					   "carpet", "marble", NULL };
static const char *const portal_words[] = { "", "street", "staff", NULL };
static const char *const body_words[] = { "", "adult", "child", "wheelchair", NULL };

/* A row is a key: one line of facts over its help. */
/* clang-format off */
static const struct scene_key scene_keys_of[] = {
	{ "name", FIELD(scene, name), 0, 0, NULL, "", NULL,
	  "The store's name; without one, the file's." },
	{ "time_zone", FIELD(scene, time_zone), 0, 0, NULL, "UTC", NULL,
	  "A name of the IANA database like Europe/Berlin, or UTC. Rates of people by the hour "
	  "are in its local time." },
	{ "start", FIELD(scene, start_us), 0, 0, NULL, "2026-03-14T09:00:00", NULL,
	  "When the scene begins, in its time zone unless the time says another." },
	{ "seconds", FIELD(scene, seconds), 0.1, LENGTH_MAX_S, "s", "600", NULL,
	  "How long it lasts, unless the command line says otherwise." },
	{ "seed", FIELD(scene, seed), 0, 0, NULL, "1", NULL,
	  "Another number makes other people in the same store." },
	{ "plan", FIELD(scene, plan), 0, 0, NULL, "", NULL,
	  "File of the lines and zones that the truth is about, in metres (coords \"metres\"), "
	  "beside the scene." },
	{ "ground", FIELD(scene, ground), COLOUR, "110 128 128", NULL,
	  "Colour of everything outside the floor." },
	{ "ambient", FIELD(scene, ambient), 0, 100, NULL, "1", NULL,
	  "Light that comes from everywhere, relative to the strength of the lights." },
};
static const struct scene_key floor_keys[] = {
	{ "box", AS(SCENE_RECT, scene_floor, from), M, NULL, NULL,
	  "Two opposite corners of all the floor that people may walk on, street included; walls "
	  "and shelves take their parts away." },
	{ "kind", FIELD(scene_floor, kind), WORD, "plain", floor_words,
	  "What it is made of." },
	{ "colour", FIELD(scene_floor, colour), COLOUR, "150 128 128", NULL,
	  "Its mean colour." },
	{ "gloss", FIELD(scene_floor, gloss), SHARE, "0", NULL,
	  "How much of what stands on it is mirrored in it." },
};
static const struct scene_key wall_keys[] = {
	{ "points", FIELD(scene_wall, line), POINTS(2), NULL, NULL,
	  "Where it stands. Leave a gap where a door is." },
	{ "height", FIELD(scene_wall, height_m), 0.05, 20, "m", "3", NULL,
	  "How high it is." },
	{ "colour", FIELD(scene_wall, colour), COLOUR, "150 128 128", NULL,
	  "Its colour; of glass: its tint." },
	{ "glass", FIELD(scene_wall, glass), YES_NO, "no", NULL,
	  "One can look through, and it mirrors a little." },
};
static const struct scene_key shelf_keys[] = {
	{ "box", AS(SCENE_BOX, scene_shelf, corner), M, NULL, NULL,
	  "Two opposite corners." },
	{ "corners", AS(SCENE_CORNERS, scene_shelf, corner), M, "", NULL,
	  "All four in order, instead of box, for one that stands askew." },
	{ "height", FIELD(scene_shelf, height_m), 0.05, 10, "m", "1.8", NULL,
	  "How high it is." },
	{ "colour", FIELD(scene_shelf, colour), COLOUR, "120 128 128", NULL,
	  "Its colour." },
	{ "goods", FIELD(scene_shelf, goods), YES_NO, "yes", NULL,
	  "Rows of coloured goods on its long sides." },
	{ "browse", FIELD(scene_shelf, browse), 0, 1000, NULL, "1", NULL,
	  "How much it draws shoppers, relative to the other shelves; 0: nobody stops." },
	{ "draught", FIELD(scene_shelf, draught), YES_NO, "no", NULL,
	  "A plant whose leaves move a little." },
};
static const struct scene_key portal_keys[] = {
	{ "kind", FIELD(scene_portal, kind), WORD, "street", portal_words,
	  "Who comes this way: shoppers and passers-by, or staff." },
	{ "at", FIELD(scene_portal, at), M, NULL, NULL,
	  "People appear and vanish somewhere along this segment of the floor." },
	{ "share", FIELD(scene_portal, share), 0, 1000, NULL, "1", NULL,
	  "Of the people who come, relative to the other portals of its kind." },
};
static const struct scene_key door_keys[] = {
	{ "at", FIELD(scene_door, at), M, NULL, NULL,
	  "From one side of the opening to the other. Into the shop is to the right, standing on "
	  "the first point and looking at the second." },
	{ "glass", FIELD(scene_door, glass), YES_NO, "no", NULL,
	  "Two leaves of glass slide open when somebody comes near." },
	{ "share", FIELD(scene_door, share), 0, 1000, NULL, "1", NULL,
	  "Of the shoppers, relative to the other doors." },
};
static const struct scene_key till_keys[] = {
	{ "customer", FIELD(scene_till, customer), M, NULL, NULL,
	  "Where the one stands who pays." },
	{ "cashier", FIELD(scene_till, cashier), M, NULL, NULL,
	  "Where the one stands who works there." },
	{ "queue", FIELD(scene_till, queue), POINTS(2), NULL, NULL,
	  "The line that people wait in, from the customer's place backwards." },
	{ "service", FIELD(scene_till, service_s), 1, 3600, "s", "60", NULL,
	  "Median time to pay." },
};
static const struct scene_key camera_keys[] = {
	{ "at", FIELD(scene_camera, at), M, NULL, NULL,
	  "Where it hangs, with its height." },
	{ "to", FIELD(scene_camera, to), M, NULL, NULL,
	  "A point in the middle of its picture. Right below it, north is up in the picture." },
	{ "fov", FIELD(scene_camera, fov_deg), 5, 150, "degrees", "80", NULL,
	  "Width of its view, of a picture without distortion." },
	{ "k1", FIELD(scene_camera, k1), -0.5, 0.5, NULL, "0", NULL,
	  "Radial distortion of the lens; wide ones have less than 0 (barrel)." },
	{ "roll", FIELD(scene_camera, roll_deg), -180, 180, "degrees", "0", NULL,
	  "Turned about its axis, clockwise as seen from behind." },
	{ "size", AS(SCENE_SIZE, scene_camera, w), 16, IMAGE_MAX, "px", "640 x 360", NULL,
	  "Width and height of its picture." },
	{ "fps", FIELD(scene_camera, fps), 0.1, 240, "pictures a second", "25", NULL,
	  "How often it takes one." },
};
static const struct scene_key light_keys[] = {
	{ "at", FIELD(scene_light, at), M, NULL, NULL,
	  "Where the lamp hangs. Shadows fall away from it." },
	{ "strength", FIELD(scene_light, strength), 0, 100, NULL, "1", NULL,
	  "Relative to the others and to the ambient light." },
	{ "off", FIELD(scene_light, off), WHEN, "never", NULL,
	  "When it is switched off." },
	{ "ramp", FIELD(scene_light, ramp_s), 0, 3600, "s", "0", NULL,
	  "How long going out and coming back takes." },
};
static const struct scene_key sun_keys[] = {
	{ "patch", FIELD(scene_sun, patch), POINTS(3), NULL, NULL,
	  "Outline of the sunlit floor." },
	{ "strength", FIELD(scene_sun, strength), 0, 4, NULL, "0.5", NULL,
	  "How much brighter it is there: 0.5 is half as bright again." },
	{ "moves", FIELD(scene_sun, m_per_h), M, "0, 0", NULL,
	  "How far it wanders in an hour, east and north." },
	{ "when", FIELD(scene_sun, when), WHEN, "always", NULL,
	  "When the sun is out; clouds come and go within 20 s." },
};
static const struct scene_key screen_keys[] = {
	{ "at", FIELD(scene_screen, at), M, NULL, NULL,
	  "Its lower edge, seen from above; it is seen from both sides." },
	{ "bottom", FIELD(scene_screen, bottom_m), 0, 20, "m", "1.2", NULL,
	  "Height of its lower edge." },
	{ "top", FIELD(scene_screen, top_m), 0, 20, "m", "2", NULL,
	  "Height of its upper edge." },
	{ "change", FIELD(scene_screen, change_s), 0, 3600, "s", "5", NULL,
	  "Mean time from picture to picture; 0: it changes with every frame." },
};
static const struct scene_key object_keys[] = {
	{ "box", AS(SCENE_BOX, scene_object, corner), M, NULL, NULL,
	  "Two opposite corners." },
	{ "corners", AS(SCENE_CORNERS, scene_object, corner), M, "", NULL,
	  "All four in order, instead of box, for one that stands askew." },
	{ "bottom", FIELD(scene_object, bottom_m), 0, 20, "m", "0", NULL,
	  "Height of its lower side." },
	{ "top", FIELD(scene_object, top_m), 0.01, 20, "m", "1", NULL,
	  "Height of its upper side." },
	{ "colour", FIELD(scene_object, colour), COLOUR, "100 128 128", NULL,
	  "Its colour." },
	{ "when", FIELD(scene_object, when), WHEN, "always", NULL,
	  "When it is there. People do not walk round it: put it where they do not go." },
};
static const struct scene_key walker_keys[] = {
	{ "start", FIELD(scene_walker, start_s), WHEN, "0", NULL,
	  "When he appears on the first point of his path; he vanishes on the last." },
	{ "path", FIELD(scene_walker, path), POINTS(1), NULL, NULL,
	  "Where he goes, straight from point to point, whoever is in the way." },
	{ "wait", FIELD(scene_walker, wait_s), WHEN, "0", NULL,
	  "How long he stays at each point of the path; 0 for those left out." },
	{ "speed", FIELD(scene_walker, speed_m_s), 0.05, 5, "m/s", "1.34", NULL,
	  "How fast he walks." },
	{ "height", FIELD(scene_walker, height_m), 0.5, 2.3, "m", "1.72", NULL,
	  "How tall he is." },
	{ "body", FIELD(scene_walker, body), WORD, "adult", body_words,
	  "What he looks like." },
	{ "trolley", FIELD(scene_walker, trolley), YES_NO, "no", NULL,
	  "He pushes one." },
	{ "sits", FIELD(scene_walker, sits), YES_NO, "no", NULL,
	  "He sits while he waits." },
	{ "staff", FIELD(scene_walker, staff), YES_NO, "no", NULL,
	  "He works here." },
	{ "clothes", FIELD(scene_walker, clothes), COLOUR, "", NULL,
	  "Colour of his clothes; by chance when left out." },
};
static const struct scene_key people_keys[] = {
	{ "shoppers", FIELD(scene_people, shoppers_h), 0, 20000, "an hour", "0", NULL,
	  "How many come in an hour." },
	{ "passers", FIELD(scene_people, passers_h), 0, 20000, "an hour", "0", NULL,
	  "How many walk past outside in an hour." },
	{ "group", FIELD(scene_people, group), 0, 1000, NULL, "0.6 0.3 0.07 0.03", NULL,
	  "How many parties are of one, two, three and four people, relative to each other." },
	{ "speed", FIELD(scene_people, speed_m_s), 0.3, 3, "m/s", "1.34", NULL,
	  "Mean speed of who walks freely." },
	{ "speed_sd", FIELD(scene_people, speed_sd), 0, 1, "m/s", "0.26", NULL,
	  "Its standard deviation from person to person." },
	{ "child", FIELD(scene_people, child), SHARE, "0", NULL,
	  "Share of the shoppers who are children; they come with grown-ups." },
	{ "trolley", FIELD(scene_people, trolley), SHARE, "0", NULL,
	  "Share of the shoppers with a trolley." },
	{ "wheelchair", FIELD(scene_people, wheelchair), SHARE, "0", NULL,
	  "Share of the shoppers in a wheelchair." },
	{ "u_turn", FIELD(scene_people, u_turn), SHARE, "0", NULL,
	  "Share of the shoppers who turn round in the door." },
	{ "buyers", FIELD(scene_people, buyers), SHARE, "0.5", NULL,
	  "Share of the shoppers who queue and pay, where there is a till." },
	{ "stops", FIELD(scene_people, stops), 0, 50, "shelves", "4", NULL,
	  "How many shelves a shopper looks at, on average." },
	{ "stop", FIELD(scene_people, stop_s), 0.5, 3600, "s", "20", NULL,
	  "How long a look takes: the median (the logarithm is normal)." },
	{ "stop_sigma", FIELD(scene_people, stop_sigma), 0, 3, NULL, "1", NULL,
	  "Standard deviation of its logarithm." },
	{ "stop_min", FIELD(scene_people, stop_min_s), 0, 3600, "s", "5", NULL,
	  "The shortest look." },
	{ "stop_max", FIELD(scene_people, stop_max_s), 0.5, 7200, "s", "600", NULL,
	  "The longest." },
	{ "low_contrast", FIELD(scene_people, low_contrast), SHARE, "0", NULL,
	  "Share of the people in clothes of the floor's colour." },
	{ "staff", FIELD(scene_people, staff), 0, 200, "people", "0", NULL,
	  "How many work at a time; tills are manned first." },
	{ "staff_from", FIELD(scene_people, staff_from_h), 0, 24, "o'clock", "0", NULL,
	  "When the first shift begins, hour of the day." },
	{ "staff_to", FIELD(scene_people, staff_to_h), 0, 24, "o'clock", "24", NULL,
	  "When the last one ends." },
	{ "shift", FIELD(scene_people, shift_h), 0.1, 24, "h", "8", NULL,
	  "How long each of them works." },
	{ "cross", FIELD(scene_people, cross_s), 5, 86400, "s", "300", NULL,
	  "Mean time between two walks of a member of staff through the shop." },
};
static const struct scene_key picture_keys[] = {
	{ "noise", FIELD(scene_picture, noise), 0, 60, "levels", "1.5", NULL,
	  "Sensor noise of the brightness, standard deviation." },
	{ "noise_chroma", FIELD(scene_picture, noise_chroma), 0, 60, "levels", "1", NULL,
	  "The same of the colours." },
	{ "shadows", FIELD(scene_picture, shadows), SHARE, "0", NULL,
	  "How dark the shadows are that people cast." },
	{ "shadow_soft", FIELD(scene_picture, shadow_soft_m), 0, 2, "m", "0.1", NULL,
	  "Blur of their edges." },
	{ "exposure", FIELD(scene_picture, exposure), SHARE, "0", NULL,
	  "Automatic exposure hunts by this share of the brightness." },
	{ "white_balance", FIELD(scene_picture, white_balance), 0, 60, "levels", "0", NULL,
	  "Automatic colour balance hunts by so much." },
	{ "shake", FIELD(scene_picture, shake_px), 0, 50, "px", "0", NULL,
	  "The camera trembles, standard deviation." },
	{ "hand", FIELD(scene_picture, hand), WHEN, "never", NULL,
	  "When a hand covers the lens." },
	{ "infrared", FIELD(scene_picture, infrared), WHEN, "never", NULL,
	  "When it is night: no colour, light from the camera, more noise." },
	{ "lost", FIELD(scene_picture, lost), 0, 0.95, NULL, "0", NULL,
	  "Share of the frames that never arrive." },
	{ "flicker", FIELD(scene_picture, flicker), SHARE, "0", NULL,
	  "Share of the light by which lamps beat with the mains." },
};
static const struct scene_key receiver_keys[] = {
	{ "at", FIELD(scene_receiver, at), M, NULL, NULL,
	  "Where it hangs, with its height." },
	{ "monitor", FIELD(scene_receiver, monitor), YES_NO, "no", NULL,
	  "It only listens, to everybody; otherwise it is an access point that reports who has "
	  "joined the store's network." },
};
static const struct scene_key radio_keys[] = {
	{ "phones", FIELD(scene_radio, phones), 0, 5, "a person", "0.9", NULL,
	  "Devices per person, on average." },
	{ "joined", FIELD(scene_radio, joined), SHARE, "0.2", NULL,
	  "Share of the devices that join the store's network." },
	{ "p0", FIELD(scene_radio, p0_dbm), -100, 20, "dBm", "-40", NULL,
	  "Mean power of a device at 1 m." },
	{ "n", FIELD(scene_radio, n), 1, 8, NULL, "3", NULL,
	  "Path-loss exponent: 2 in the open, about 3 in shops." },
	{ "shadow", FIELD(scene_radio, shadow_db), 0, 30, "dB", "4", NULL,
	  "Shadowing by the place, standard deviation." },
	{ "shadow_distance", FIELD(scene_radio, shadow_m), 0.1, 100, "m", "3", NULL,
	  "Distance over which shadowing changes." },
	{ "fading", FIELD(scene_radio, fading_db), 0, 30, "dB", "3", NULL,
	  "From report to report, standard deviation." },
	{ "device", FIELD(scene_radio, device_db), 0, 30, "dB", "3", NULL,
	  "From device to device, standard deviation." },
	{ "floor", FIELD(scene_radio, floor_dbm), -130, 0, "dBm", "-92", NULL,
	  "What is weaker is not heard." },
	{ "report", FIELD(scene_radio, report_s), 0.1, 3600, "s", "5", NULL,
	  "Mean time between an access point's reports of a device." },
	{ "join", FIELD(scene_radio, join_s), 0, 3600, "s", "20", NULL,
	  "Median time from coming in to joining." },
	{ "bursts", FIELD(scene_radio, bursts_min), 0, 60, "a minute", "1", NULL,
	  "Bursts of probe requests of a device that has not joined." },
	{ "clock_sd", FIELD(scene_radio, clock_sd_s), 0, 60, "s", "0.05", NULL,
	  "How far the receivers' clocks are off, standard deviation." },
};
static const struct scene_key tracks_keys[] = {
	{ "fps", FIELD(scene_tracks, fps), 0.1, 10, "a second", "10", NULL,
	  "How often a person is seen." },
	{ "sd", FIELD(scene_tracks, sd_m), 0, 5, "m", "0", NULL,
	  "Error of a position, standard deviation." },
	{ "correlation", FIELD(scene_tracks, corr_s), 0, 60, "s", "1", NULL,
	  "How long such an error lasts." },
	{ "miss", FIELD(scene_tracks, miss), 0, 0.95, NULL, "0", NULL,
	  "Share of the sightings that are missed." },
	{ "miss_run", FIELD(scene_tracks, miss_s), 0, 60, "s", "0.5", NULL,
	  "How long a person is missed at a time." },
	{ "breaks", FIELD(scene_tracks, break_min), 0, 60, "a minute", "0", NULL,
	  "How often a person gets a new number." },
	{ "swap", FIELD(scene_tracks, swap), SHARE, "0", NULL,
	  "Chance that two who pass within 0.5 m swap their numbers." },
	{ "late", FIELD(scene_tracks, late_s), 0, 60, "s", "0", NULL,
	  "How long it takes until a new person is seen." },
	{ "ghosts", FIELD(scene_tracks, ghosts_h), 0, 3600, "an hour", "0", NULL,
	  "Tracks that nobody made." },
};

#define KEYS(a) a, sizeof(a) / sizeof((a)[0])
#define ONE(f) offsetof(struct scene, f), sizeof(((struct scene *)0)->f), 0, false
#define MANY(f, n) offsetof(struct scene, f), sizeof(((struct scene *)0)->f[0]), \
	offsetof(struct scene, n)

const struct scene_section scene_sections[] = {
	{ "scene", "The store as a whole.", 0, sizeof(struct scene), 0, false,
	  KEYS(scene_keys_of) },
	{ "floor", "What people walk on.", ONE(floor), KEYS(floor_keys) },
	{ "wall", "An upright sheet along a line.", MANY(walls, n_walls), true,
	  KEYS(wall_keys) },
	{ "shelf", "A box: shelf, rack, table, counter, pillar, plant.", MANY(shelf, n_shelves),
	  true, KEYS(shelf_keys) },
	{ "portal", "Where people come from and go to: the scene's edge, a street, a staff room.",
	  MANY(portal, n_portals), true, KEYS(portal_keys) },
	{ "door", "An opening in a wall between street and shop.", MANY(door, n_doors), true,
	  KEYS(door_keys) },
	{ "till", "Where people queue and pay.", MANY(till, n_tills), true, KEYS(till_keys) },
	{ "camera", "A camera; its name is that of its stream and its truth.",
	  MANY(camera, n_cameras), true, KEYS(camera_keys) },
	{ "light", "A lamp.", MANY(light, n_lights), true, KEYS(light_keys) },
	{ "sun", "A patch of sunlight on the floor that wanders.", MANY(sun, n_suns), false,
	  KEYS(sun_keys) },
	{ "screen", "A picture that changes.", MANY(screen, n_screens), true, KEYS(screen_keys) },
	{ "object", "A thing that is there for some time: parked trolley, bag, pallet, poster.",
	  MANY(object, n_objects), true, KEYS(object_keys) },
	{ "walker", "Somebody who does exactly this.", MANY(walker, n_walkers), true,
	  KEYS(walker_keys) },
	{ "people", "Everybody else. By the hour: one number, or like 9:40 12:110 20:0, from 9 "
	  "o'clock on 40, from 12 on 110, from 20 on none.", ONE(people), KEYS(people_keys) },
	{ "picture", "What makes pictures difficult.", ONE(picture), KEYS(picture_keys) },
	{ "receiver", "An access point, or a sensor that listens to Wi-Fi.",
	  MANY(receiver, n_receivers), true, KEYS(receiver_keys) },
	{ "radio", "Phones and how they are heard.", ONE(radio), KEYS(radio_keys) },
	{ "tracks", "What a tracker makes of the truth when no pictures are drawn; exact at first.",
	  ONE(tracks), KEYS(tracks_keys) },
};
/* clang-format on */
const int scene_n_sections = sizeof(scene_sections) / sizeof(scene_sections[0]);

const struct scene_key *scene_key_of(const struct scene_section *section, const char *name)
{
	for (int i = 0; i < section->n; i++)
		if (!strcmp(section->key[i].name, name))
			return &section->key[i];
	return NULL;
}
