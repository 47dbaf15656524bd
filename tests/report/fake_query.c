/* SPDX-License-Identifier: Apache-2.0 */
/* fake_query.c -- a store in memory that answers store/query.h, filled by hand. */
#include "fake_query.h"

#include "base/clock.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct heat_minute {
	int camera;
	int64_t start_us;
	struct heat_cell cell;
};

struct fake_params {
	int64_t t_us;
	char id[17];
};

struct floor_minute {
	int camera;
	int64_t start_us;
	struct floor_cell cell;
};

struct query {
	struct store_info info;
	VEC(struct query_camera) cameras;
	VEC(struct query_place) places;
	VEC(struct minute_cover) covers;
	VEC(struct minute_line) lines;
	VEC(struct minute_zone) zones;
	VEC(struct heat_minute) heats;
	VEC(struct fake_params) params;
	VEC(struct audit) audits;
	VEC(struct minute_value) values;
	VEC(struct floor_minute) floors;
	int64_t unmeasured_us; /* 0: never */
	int unwatched;         /* place */
	struct {
		void *png;
		size_t len;
		int64_t t_us;
	} plate[16];
};

static struct query fake;

void fake_free(void)
{
	VEC_FREE(&fake.cameras);
	VEC_FREE(&fake.places);
	VEC_FREE(&fake.covers);
	VEC_FREE(&fake.lines);
	VEC_FREE(&fake.zones);
	VEC_FREE(&fake.heats);
	VEC_FREE(&fake.params);
	VEC_FREE(&fake.audits);
	VEC_FREE(&fake.values);
	VEC_FREE(&fake.floors);
	for (size_t i = 0; i < sizeof(fake.plate) / sizeof(fake.plate[0]); i++)
		free(fake.plate[i].png);
	fake = (struct query){ 0 };
}

struct query *fake_new(const char *name, const char *zone, int business_day_start_s)
{
	fake_free();
	str_copy(fake.info.name, sizeof(fake.info.name), name);
	str_copy(fake.info.zone, sizeof(fake.info.zone), zone);
	fake.info.business_day_start_s = business_day_start_s;
	return &fake;
}

int fake_camera(const char *name)
{
	struct query_camera *c = VEC_PUSH(&fake.cameras);

	*c = (struct query_camera){ .id = 7 * (int)fake.cameras.n };
	str_copy(c->name, sizeof(c->name), name);
	return c->id;
}

static struct query_place *add_place(int camera, const char *name, enum place_kind kind)
{
	struct query_place *p = VEC_PUSH(&fake.places);

	*p = (struct query_place){ .id = 100 + (int)fake.places.n, .camera = camera };
	str_copy(p->info.name, sizeof(p->info.name), name);
	p->info.kind = kind;
	p->info.geometry = "{}";
	return p;
}

int fake_line(int camera, const char *name, enum line_role role)
{
	struct query_place *p = add_place(camera, name, PLACE_LINE);

	p->info.role = role;
	str_copy(p->info.in_label, sizeof(p->info.in_label), "in");
	str_copy(p->info.out_label, sizeof(p->info.out_label), "out");
	return p->id;
}

int fake_zone(int camera, const char *name, double engaged_s)
{
	struct query_place *p = add_place(camera, name, PLACE_ZONE);

	p->info.engaged_s = engaged_s;
	return p->id;
}

int fake_place(int camera, const char *name, enum place_kind kind)
{
	int id = add_place(camera, name, kind)->id;

	fake_labels("left", "right");
	return id;
}

void fake_value(int camera, int place, int64_t start_us, enum measure m, int key, int64_t value)
{
	*VEC_PUSH(&fake.values) =
		(struct minute_value){ camera, place, start_us, m, key, value };
}

void fake_unmeasured(int64_t t_us)
{
	fake.unmeasured_us = t_us;
}

void fake_floor(int camera, int64_t start_us, int x, int y, uint32_t person_ms, int stops)
{
	*VEC_PUSH(&fake.floors) = (struct floor_minute){
		camera, start_us, { (int16_t)x, (int16_t)y, person_ms, (uint16_t)stops }
	};
}

void fake_geometry(const char *text)
{
	fake.places.v[fake.places.n - 1].info.geometry = text;
}

void fake_labels(const char *in, const char *out)
{
	struct place_info *info = &fake.places.v[fake.places.n - 1].info;

	str_copy(info->in_label, sizeof(info->in_label), in);
	str_copy(info->out_label, sizeof(info->out_label), out);
}

void fake_audit(const struct audit *a)
{
	*VEC_PUSH(&fake.audits) = *a;
}

int audit_query(struct query *q, struct audit **v, struct err *err)
{
	(void)err;
	*v = xcalloc(q->audits.n + 1, sizeof(**v));
	for (size_t i = 0; i < q->audits.n; i++)
		(*v)[i] = q->audits.v[i];
	return (int)q->audits.n;
}

void fake_unwatched(int place)
{
	fake.unwatched = place;
}

void fake_cover(int camera, int64_t start_us, double observed_s)
{
	*VEC_PUSH(&fake.covers) = (struct minute_cover){
		.camera = camera,
		.start_us = start_us,
		.from_us = start_us,
		.to_us = start_us + (int64_t)(observed_s * 1e6),
		.observed_s = observed_s,
	};
}

void fake_lines(const struct minute_line *m)
{
	*VEC_PUSH(&fake.lines) = *m;
}

void fake_zones(const struct minute_zone *m)
{
	*VEC_PUSH(&fake.zones) = *m;
}

void fake_heat(int camera, int64_t start_us, int cell, float person_s)
{
	*VEC_PUSH(&fake.heats) =
		(struct heat_minute){ camera, start_us, { (uint16_t)cell, person_s } };
}

void fake_params(int64_t t_us, const char *params_id)
{
	struct fake_params *p = VEC_PUSH(&fake.params);

	p->t_us = t_us;
	str_copy(p->id, sizeof(p->id), params_id);
}

void fake_plate(int camera, void *png, size_t len, int64_t t_us)
{
	int i = camera / 7;

	free(fake.plate[i].png);
	fake.plate[i].png = png;
	fake.plate[i].len = len;
	fake.plate[i].t_us = t_us;
}

int query_open(struct query **q, const char *path, struct err *err)
{
	(void)path;
	(void)err;
	*q = &fake;
	return 0;
}

void query_close(struct query *q)
{
	(void)q;
}

int query_store(struct query *q, struct store_info *info, struct err *err)
{
	(void)err;
	*info = q->info;
	return 0;
}

int query_cameras(struct query *q, const struct query_camera **v, struct err *err)
{
	(void)err;
	*v = q->cameras.v;
	return (int)q->cameras.n;
}

int query_places(struct query *q, const struct query_place **v, struct err *err)
{
	(void)err;
	*v = q->places.v;
	return (int)q->places.n;
}

int query_span(struct query *q, int64_t *from_us, int64_t *to_us, struct err *err)
{
	(void)err;
	*from_us = *to_us = CLOCK_NONE;
	for (size_t i = 0; i < q->covers.n; i++) {
		const struct minute_cover *m = &q->covers.v[i];

		if (*from_us == CLOCK_NONE || m->from_us < *from_us)
			*from_us = m->from_us;
		if (m->to_us > *to_us)
			*to_us = m->to_us;
	}
	return 0;
}

#define WITHIN(m) ((m)->start_us >= from_us && (m)->start_us < to_us)

static bool has_row(const struct query *q, int place, int64_t start_us)
{
	for (size_t i = 0; i < q->lines.n; i++)
		if (q->lines.v[i].place == place && q->lines.v[i].start_us == start_us)
			return true;
	for (size_t i = 0; i < q->zones.n; i++)
		if (q->zones.v[i].place == place && q->zones.v[i].start_us == start_us)
			return true;
	return place == q->unwatched;
}

/* A minute of zeros for each place that was watched and had nothing. */
static void quiet_minutes(struct query *q, const struct minute_cover *m,
			  const struct query_minutes *fn)
{
	for (size_t i = 0; i < q->places.n; i++) {
		const struct query_place *p = &q->places.v[i];

		if (p->camera != m->camera || has_row(q, p->id, m->start_us))
			continue;
		if (p->info.kind > PLACE_ZONE ||
		    (p->info.kind == PLACE_LINE ? !fn->line : !fn->zone))
			continue;
		if (p->info.kind == PLACE_LINE)
			fn->line(fn->arg,
				 &(struct minute_line){ .place = p->id,
							.start_us = m->start_us },
				 "");
		else
			fn->zone(fn->arg,
				 &(struct minute_zone){ .place = p->id,
							.start_us = m->start_us },
				 "");
	}
}

static int by_start(const void *a, const void *b)
{
	const struct minute_cover *x = a, *y = b;

	return x->start_us != y->start_us ? (x->start_us > y->start_us ? 1 : -1)
					  : (x->camera > y->camera) - (x->camera < y->camera);
}

/* What was given of the minute at start_us. */
static void given_minutes(struct query *q, int64_t start_us, const struct query_minutes *fn)
{
	for (size_t i = 0; fn->line && i < q->lines.n; i++)
		if (q->lines.v[i].start_us == start_us)
			fn->line(fn->arg, &q->lines.v[i], "");
	for (size_t i = 0; fn->zone && i < q->zones.n; i++)
		if (q->zones.v[i].start_us == start_us)
			fn->zone(fn->arg, &q->zones.v[i], "");
	for (size_t i = 0; fn->heat && i < q->heats.n; i++) {
		const struct heat_minute *h = &q->heats.v[i];
		struct minute_heat m = { h->camera, h->start_us, 1, &h->cell };

		if (h->start_us == start_us)
			fn->heat(fn->arg, &m);
	}
}

/* Who was measured in the minute of a cover. */
static void watched_places(struct query *q, const struct minute_cover *m,
			   const struct query_minutes *fn)
{
	if (!fn->watched || (q->unmeasured_us && m->start_us >= q->unmeasured_us))
		return;
	for (size_t i = 0; i < q->places.n; i++)
		if (q->places.v[i].camera == m->camera && q->places.v[i].id != q->unwatched)
			fn->watched(fn->arg, m->camera, q->places.v[i].id, m->start_us);
}

static void given_measures(struct query *q, int64_t start_us, const struct query_minutes *fn)
{
	for (size_t i = 0; fn->floor && i < q->floors.n; i++) {
		const struct floor_minute *f = &q->floors.v[i];
		struct minute_floor m = { f->camera, f->start_us, 1, &f->cell };

		if (f->start_us == start_us)
			fn->floor(fn->arg, &m);
	}
	for (size_t i = 0; fn->value && i < q->values.n; i++)
		if (q->values.v[i].start_us == start_us)
			fn->value(fn->arg, &q->values.v[i]);
}

int query_minutes(struct query *q, int64_t from_us, int64_t to_us,
		  const struct query_minutes *fn, struct err *err)
{
	(void)err;
	if (q->covers.n)
		qsort(q->covers.v, q->covers.n, sizeof(*q->covers.v), by_start);
	for (size_t i = 0; i < q->covers.n; i++) {
		const struct minute_cover *m = &q->covers.v[i];

		if (!WITHIN(m))
			continue;
		if (fn->cover)
			fn->cover(fn->arg, m);
		if (i + 1 < q->covers.n && m[1].start_us == m->start_us)
			continue;
		for (size_t k = 0; k <= i; k++)
			if (q->covers.v[k].start_us == m->start_us)
				quiet_minutes(q, &q->covers.v[k], fn);
		given_minutes(q, m->start_us, fn);
		for (size_t k = 0; k <= i; k++)
			if (q->covers.v[k].start_us == m->start_us)
				watched_places(q, &q->covers.v[k], fn);
		given_measures(q, m->start_us, fn);
	}
	return 0;
}

int query_params(struct query *q, int camera, int64_t from_us, int64_t to_us, char *buf,
		 size_t size, struct err *err)
{
	struct str ids = STR_INIT;

	(void)camera;
	(void)err;
	for (size_t i = 0; i < q->params.n; i++)
		if (q->params.v[i].t_us < to_us &&
		    (i + 1 == q->params.n || q->params.v[i + 1].t_us > from_us))
			str_addf(&ids, "%s%s", ids.len ? "," : "", q->params.v[i].id);
	str_copy(buf, size, ids.s);
	str_clear(&ids);
	return 0;
}

int query_plate(struct query *q, int camera, void **png, size_t *len, int64_t *t_us,
		struct err *err)
{
	int i = camera / 7;

	(void)err;
	*png = NULL;
	if (!q->plate[i].png)
		return 0;
	*png = xmalloc(q->plate[i].len);
	memcpy(*png, q->plate[i].png, q->plate[i].len);
	*len = q->plate[i].len;
	*t_us = q->plate[i].t_us;
	return 0;
}
