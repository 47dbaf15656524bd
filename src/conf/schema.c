/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c -- THE table of settings. To add one, add a member to its struct and a row here. */
#include "conf/schema.h"

#include "conf/conf.h"

#define FIELD(f) \
	offsetof(struct conf, f), _Generic(((struct conf *)0)->f, \
		int: CONF_INT, \
		double: CONF_DOUBLE, \
		bool: CONF_BOOL, \
		char *: CONF_STRING)

/* A row is a setting: one line of facts over its help. */
/* clang-format off */
const struct conf_item conf_items[] = {
	{ "store.name", FIELD(store.name), 0, 0, NULL, CONF_NAME,
	  "The store's name on reports." },
	{ "store.time_zone", FIELD(store.time_zone), 0, 0, NULL, 0,
	  "The store's time zone, a name of the IANA database like Europe/Berlin, or UTC. Times "
	  "in file names and on the command line are read in it, and reports are written in it." },
	{ "store.business_day_start", FIELD(store.business_day_start), 0, 0, "HH:MM", 0,
	  "When the store's day begins, local time. A bar that closes at three sets 06:00." },

	{ "store.hours", FIELD(calendar.hours), 0, 0, "mon-sat 09:00-20:00, sun 11:00-17:00", 0,
	  "When the store is open, local time. Several times of a day stand one after the other, "
	  "as in 'mon-fri 09:00-13:00 15:00-19:00'; a day that is not named is closed. What is "
	  "counted outside is reported apart. Empty when not known: then nothing is." },

	{ "camera.name", FIELD(camera.name), 0, 0, NULL, CONF_NAME,
	  "The camera's name in the plan, the database and on reports." },

	{ "analysis.max_px", FIELD(analysis.max_px), 10000, 4000000, "px", CONF_COUNTS,
	  "The picture is shrunk by a whole factor until it has at most this many pixels. More "
	  "see smaller people, and cost time in proportion." },

	{ "background.backend", FIELD(background.backend), 0, 0, NULL, CONF_COUNTS,
	  "How the scene is told from what moves in it." },
	{ "background.absorb", FIELD(background.absorb_s), 1, 86400, "s", CONF_COUNTS,
	  "Something new that stands still belongs to the scene after about this long." },
	{ "background.threshold", FIELD(background.threshold), 0, 100000, NULL, CONF_COUNTS,
	  "Squared distance, in grey levels, from which a pixel is not the scene's. 0 takes the "
	  "backend's own." },

	{ "mask.shadows", FIELD(mask.shadows), 0, 0, NULL, CONF_COUNTS,
	  "Take cast shadows out of the mask." },
	{ "mask.shadow_dark", FIELD(mask.shadow_dark), 0.05, 0.96, "share", CONF_COUNTS,
	  "The darkest shadow, as a share of the brightness without it." },
	{ "mask.shadow_chroma", FIELD(mask.shadow_chroma), 0, 127, "levels", CONF_COUNTS,
	  "How far a shadow's colour may be from the floor's." },
	{ "mask.median", FIELD(mask.median_px), 0, 31, "px", CONF_COUNTS | CONF_ODD,
	  "Window of the median filter that takes single pixels out; 0 for none." },
	{ "mask.close", FIELD(mask.close_px), 0, 63, "px", CONF_COUNTS,
	  "Gaps up to this size are closed; 0 for none." },
	{ "mask.min_area", FIELD(mask.min_area_px), 0, 1000000, "px", CONF_COUNTS,
	  "Smaller patches are nobody, pixels of the analysis picture." },

	{ "people.min_height", FIELD(people.min_height), 0.005, 1, "share", CONF_COUNTS,
	  "The smallest a person is, as a share of the picture's height." },
	{ "people.max_height", FIELD(people.max_height), 0.01, 1, "share", CONF_COUNTS,
	  "The tallest a person is, as a share of the picture's height." },
	{ "people.max_people", FIELD(people.max_people), 1, 1024, "people", CONF_COUNTS,
	  "Most people at once in one picture; the surest are kept." },

	{ "plate.evidence", FIELD(plate.evidence_s), 1, 604800, "s", 0,
	  "A pixel that nobody was near and that kept its colour for this long is scene. The "
	  "picture of the empty scene on reports is made of such pixels." },
	{ "plate.return", FIELD(plate.return_s), 0.1, 3600, "s", 0,
	  "A pixel that was covered now and then is scene when it came back to its colour all "
	  "through plate.evidence, and kept it for this long before being covered, and after." },

	{ "track.gate", FIELD(track.gate_bh), 0.05, 5, "body heights", CONF_COUNTS,
	  "How far a person may be from where the track expects him, and still be the same." },
	{ "track.confirm", FIELD(track.confirm_s), 0, 60, "s", CONF_COUNTS,
	  "Seen for this long before it counts as a person." },
	{ "track.forget", FIELD(track.forget_s), 0.1, 60, "s", CONF_COUNTS,
	  "Not seen for this long, a track ends." },
	{ "track.max_tracks", FIELD(track.max_tracks), 1, 1024, "tracks", CONF_COUNTS,
	  "Most tracks at once; the weakest yields." },

	{ "count.hysteresis", FIELD(count.hysteresis_m), 0, 10, "m", CONF_COUNTS,
	  "How far past a line a person must be before it counts. For cameras with a "
	  "calibration." },
	{ "count.hysteresis_body", FIELD(count.hysteresis_body), 0, 10, "body widths", CONF_COUNTS,
	  "The same for cameras without a calibration." },
	{ "count.uturn", FIELD(count.uturn_s), 0, 3600, "s", CONF_COUNTS,
	  "Who comes back over a line within this time went neither in nor out." },
	{ "count.gap", FIELD(count.gap_s), 0, 3600, "s", CONF_COUNTS,
	  "Away from a zone or unseen for less is still the same visit." },
	{ "count.max_frame", FIELD(count.max_frame_s), 0.01, 60, "s", CONF_COUNTS,
	  "When two frames are farther apart than this, and than twice their nominal length, the "
	  "time between was not observed." },
	{ "count.staff_hours", FIELD(count.staff_h), 0, 24, "h", CONF_COUNTS,
	  "Who is in view without a break for this long is staff; 0 for nobody. Staff are counted "
	  "apart, and stay in all other figures." },

	{ "report.k", FIELD(report.k), 1, 1000, "people", 0,
	  "Figures that follow people's ways through the store are shown from this many people on; "
	  "smaller ones are left out, with what would give them away by subtraction." },
	{ "report.retail_week_start", FIELD(calendar.week_start), 0, 0, "sun", 0,
	  "The weekday on which weeks of the retail calendar (4-5-4) begin." },
	{ "report.retail_pattern", FIELD(calendar.pattern), 0, 0, "4-5-4", 0,
	  "Weeks of the three months of a quarter: 4-5-4, 4-4-5 or 5-4-4." },
	{ "report.retail_year_month", FIELD(calendar.year_month), 1, 12, "month", 0,
	  "The retail year ends about the end of this month: 1 is January, as in the calendar of "
	  "the National Retail Federation." },
	{ "report.retail_year_end", FIELD(calendar.year_end), 0, 0, "nearest", 0,
	  "The retail year ends with the week whose last day is nearest to the month's end "
	  "(nearest), or is the last in the month (last)." },

	{ "files.plan", FIELD(files.plan), 0, 0, NULL, CONF_FILE,
	  "The plan: lines and zones, a JSON file. A name in a settings file is relative to that "
	  "file's folder. Empty for none." },
	{ "files.calib", FIELD(files.calib), 0, 0, NULL, CONF_FILE,
	  "The camera's calibration, a JSON file, named like the plan. Empty for none: then "
	  "distances are in body widths instead of metres." },
	{ "files.holidays", FIELD(calendar.holidays), 0, 0, NULL, CONF_FILE,
	  "Holidays and days with other hours, for reports: a CSV file with the columns date, "
	  "name, opens and closes; the last two are empty when the store is closed. Empty for "
	  "none." },

	{ "run.db", FIELD(run.db), 0, 0, NULL, CONF_FILE,
	  "The store's file that 'footfall run' counts into; made when it is not there." },
	{ "run.state", FIELD(run.state), 0, 0, NULL, CONF_FILE,
	  "A folder for what 'footfall run' wants to find again when it is started anew: what the "
	  "cameras' empty scenes look like, and which days were reported. 'footfall status' asks "
	  "there, too." },
	{ "run.reports", FIELD(run.reports), 0, 0, NULL, CONF_FILE,
	  "A folder in which each business day's report is written when it is over. Empty for "
	  "no reports." },
	{ "run.credentials", FIELD(run.credentials), 0, 0, NULL, CONF_FILE,
	  "A file that nobody else may read (mode 0600), with a section [NAME] for each camera "
	  "that wants a login, and user and password in it. Instead, FOOTFALL_LOGIN_NAME in the "
	  "environment may have user:password, with the camera's name in capitals and _ for all "
	  "but letters and digits. Empty for none." },
	{ "run.fps", FIELD(run.fps), 4, 60, "1/s", 0,
	  "Pictures a second that are looked at, of each camera. When the machine cannot keep up "
	  "it becomes less for all cameras alike, but not less than 4." },
	{ "run.stall", FIELD(run.stall_s), 1, 300, "s", 0,
	  "A camera of which no picture came for this long is connected to anew." },
	{ "run.keep_events", FIELD(run.keep_events_d), 1, 3650, "d", 0,
	  "Single crossings and visits are deleted after so many days; minutes stay." },
};
const size_t conf_n_items = sizeof(conf_items) / sizeof(conf_items[0]);

const struct conf_section conf_sections[] = {
	{ "store", "The store." },
	{ "camera", "The camera whose pictures are counted." },
	{ "analysis", "The picture that is worked on." },
	{ "background", "Telling the scene from what moves in it." },
	{ "mask", "Cleaning up what was found to move." },
	{ "people", "People in the cleaned mask." },
	{ "plate", "The picture of the empty scene, the only one that is kept." },
	{ "track", "Joining people over time." },
	{ "count", "Lines and zones." },
	{ "report", "Reports." },
	{ "files", "Files beside this one." },
	{ "run", "Counting day and night." },
};
const size_t conf_n_sections = sizeof(conf_sections) / sizeof(conf_sections[0]);

const char conf_camera_help[] =
	"A camera of 'footfall run'; there may be many. Any setting can be another for one "
	"camera, by its whole name: people.max_height = 0.5.";
const struct conf_camera_key conf_camera_keys[] = {
	{ "uri", "an address or a file's name", "",
	  "Where the pictures come from: rtsp://, rtsps://, http://, https://, a recorded file, or "
	  "a simulated camera, sim:SCENE#CAMERA; the last two are played over and over. A login "
	  "does not belong here: see run.credentials." },
	{ "transport", "tcp or udp", "tcp", "How rtsp:// brings the pictures." },
	{ "plan", "a file name or nothing", "",
	  "files.plan for this camera. Places that name another camera are left out." },
	{ "calib", "a file name or nothing", "", "files.calib for this camera." },
};
const size_t conf_n_camera_keys = sizeof(conf_camera_keys) / sizeof(conf_camera_keys[0]);
/* clang-format on */
