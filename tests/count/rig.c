/* SPDX-License-Identifier: Apache-2.0 */
/* rig.c -- a counter with places, fed frame by frame, and all that came out of it. */
#include "rig.h"

#include <stdio.h>

void rig_init(struct rig *r)
{
	*r = (struct rig){ .plan = { .place = r->place }, .t_us = MIDNIGHT_US };
}

void rig_add(struct rig *r, enum place_kind kind, const struct pt_floor *v, int n)
{
	struct place *p = &r->place[r->plan.n];

	assert_true(r->plan.n < RIG_PLACES);
	*p = (struct place){ .kind = kind, .n = n, .engaged_s = 30 };
	snprintf(p->name, sizeof(p->name), "%d", r->plan.n);
	memcpy(r->v[r->plan.n++], v, (size_t)n * sizeof(*v));
}

void rig_pair(struct rig *r, enum place_kind kind, int first, int second)
{
	struct place *p = &r->place[r->plan.n];

	assert_true(r->plan.n < RIG_PLACES);
	*p = (struct place){ .kind = kind };
	snprintf(p->name, sizeof(p->name), "%d", r->plan.n++);
	snprintf(p->part[0], sizeof(p->part[0]), "%d", first);
	snprintf(p->part[1], sizeof(p->part[1]), "%d", second);
}

void rig_start(struct rig *r, const struct count_opts *o, bool metric)
{
	const struct count_opts usual = COUNT_OPTS_DEFAULT;
	const struct pt_floor *at[RIG_PLACES];

	for (int i = 0; i < RIG_PLACES; i++)
		at[i] = r->v[i];
	r->c = counter_new(o ? o : &usual, 3, &r->plan, at, metric);
}

void rig_clear(struct rig *r)
{
	counter_free(r->c);
	VEC_FREE(&r->event);
	VEC_FREE(&r->why);
	VEC_FREE(&r->cover);
	VEC_FREE(&r->line);
	VEC_FREE(&r->zone);
	VEC_FREE(&r->heat);
	VEC_FREE(&r->value);
	VEC_FREE(&r->floor);
}

/* Whether minute a of place p may come before minute b of place q in one answer. */
static bool in_order(int64_t a, int p, int64_t b, int q)
{
	return a < b || (a == b && p <= q);
}

static void collect(struct rig *r, const struct count_out *out)
{
	for (int i = 0; i < out->n_event; i++)
		*VEC_PUSH(&r->event) = out->event[i];
	for (int i = 0; i < out->n_why; i++)
		*VEC_PUSH(&r->why) = out->why[i];
	for (int i = 0; i < out->n_cover; i++) {
		assert_int_equal(out->cover[i].camera, 3);
		assert_true(r->cover.n == 0 ||
			    r->cover.v[r->cover.n - 1].start_us < out->cover[i].start_us);
		*VEC_PUSH(&r->cover) = out->cover[i];
	}
	for (int i = 0; i < out->n_line; i++) {
		if (i > 0)
			assert_true(in_order(out->line[i - 1].start_us, out->line[i - 1].place,
					     out->line[i].start_us, out->line[i].place));
		*VEC_PUSH(&r->line) = out->line[i];
	}
	for (int i = 0; i < out->n_zone; i++) {
		if (i > 0)
			assert_true(in_order(out->zone[i - 1].start_us, out->zone[i - 1].place,
					     out->zone[i].start_us, out->zone[i].place));
		*VEC_PUSH(&r->zone) = out->zone[i];
	}
	for (int i = 0; i < out->n_value; i++) {
		assert_int_equal(out->value[i].camera, 3);
		assert_true(out->value[i].value > 0);
		if (i > 0)
			assert_true(in_order(out->value[i - 1].start_us,
					     out->value[i - 1].place, out->value[i].start_us,
					     out->value[i].place));
		*VEC_PUSH(&r->value) = out->value[i];
	}
	for (int i = 0; i < out->n_floor; i++)
		for (int k = 0; k < out->floor[i].n; k++)
			*VEC_PUSH(&r->floor) = out->floor[i].cells[k];
	for (int i = 0; i < out->n_heat; i++)
		for (int k = 0; k < out->heat[i].n; k++)
			*VEC_PUSH(&r->heat) =
				(struct cell_s){ out->heat[i].start_us, out->heat[i].cells[k] };
}

void rig_frame(struct rig *r, int64_t t_us, int64_t dur_us, const struct sighting *who, int n)
{
	struct count_out out;
	int cell[64];

	assert_true(n <= 64);
	for (int i = 0; i < n; i++)
		cell[i] = (int)who[i].track % (HEAT_COLS * HEAT_ROWS);
	assert_int_equal(counter_step(r->c, t_us, dur_us, who, cell, n, &out), 0);
	collect(r, &out);
}

void rig_end(struct rig *r)
{
	struct count_out out;

	counter_end(r->c, &out);
	collect(r, &out);
}

void rig_see(struct rig *r, int64_t track, double x, double y)
{
	struct sighting s = {
		.camera = 3, .track = track, .t_us = r->t_us, .at = { x, y }, .body = 0.5
	};

	rig_frame(r, r->t_us, FRAME_US, &s, 1);
	r->t_us += FRAME_US;
}

void rig_nobody(struct rig *r, int frames)
{
	for (int i = 0; i < frames; i++) {
		rig_frame(r, r->t_us, FRAME_US, NULL, 0);
		r->t_us += FRAME_US;
	}
}

void rig_walk(struct rig *r, int64_t track, double x0, double y0, double x1, double y1, int n)
{
	for (int i = 0; i <= n; i++)
		rig_see(r, track, x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n);
}

struct minute_line rig_line_sum(const struct rig *r, int place)
{
	struct minute_line sum = { .place = place };

	for (size_t i = 0; i < r->line.n; i++) {
		const struct minute_line *m = &r->line.v[i];

		if (m->place != place)
			continue;
		sum.crossings_in += m->crossings_in;
		sum.crossings_out += m->crossings_out;
		sum.persons_in += m->persons_in;
		sum.persons_out += m->persons_out;
		sum.uturns += m->uturns;
	}
	return sum;
}

struct minute_zone rig_zone_sum(const struct rig *r, int place)
{
	struct minute_zone sum = { .place = place };

	for (size_t i = 0; i < r->zone.n; i++) {
		if (r->zone.v[i].place != place)
			continue;
		sum.begun += r->zone.v[i].begun;
		sum.ended += r->zone.v[i].ended;
		sum.person_s += r->zone.v[i].person_s;
	}
	return sum;
}

double rig_dwell_sum(const struct rig *r, int place)
{
	double sum = 0;

	for (size_t i = 0; i < r->zone.n; i++)
		for (int k = 0; r->zone.v[i].place == place && k < r->zone.v[i].n_dwell; k++)
			sum += (double)r->zone.v[i].dwell_s[k];
	return sum;
}

int rig_dwells(const struct rig *r, int place)
{
	int sum = 0;

	for (size_t i = 0; i < r->zone.n; i++)
		if (r->zone.v[i].place == place)
			sum += r->zone.v[i].n_dwell;
	return sum;
}

int64_t rig_value(const struct rig *r, int place, enum measure m, int key)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->value.n; i++)
		if (r->value.v[i].place == place && r->value.v[i].measure == m &&
		    r->value.v[i].key == key)
			sum += r->value.v[i].value;
	return sum;
}

int64_t rig_values(const struct rig *r, int place, enum measure m)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->value.n; i++)
		if (r->value.v[i].place == place && r->value.v[i].measure == m)
			sum += r->value.v[i].value;
	return sum;
}

int64_t rig_key_sum(const struct rig *r, int place, enum measure m)
{
	int64_t sum = 0;

	for (size_t i = 0; i < r->value.n; i++)
		if (r->value.v[i].place == place && r->value.v[i].measure == m)
			sum += r->value.v[i].key * r->value.v[i].value;
	return sum;
}

double rig_observed_s(const struct rig *r)
{
	double sum = 0;

	for (size_t i = 0; i < r->cover.n; i++)
		sum += r->cover.v[i].observed_s;
	return sum;
}
