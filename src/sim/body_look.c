/* SPDX-License-Identifier: Apache-2.0 */
/* body_look.c -- what people wear and carry.
 *
 * Skin is one of ten tones (Monk, "The Monk Skin Tone Scale", 2019).
 */
#include "sim/body_parts.h"

struct tone {
	uint8_t r, g, b;
	uint8_t share; /* relative to the others of its table */
};

static const struct tone skins[] = {
	{ 246, 237, 228, 6 },  { 243, 231, 219, 10 }, { 247, 234, 208, 14 },
	{ 234, 218, 186, 16 }, { 215, 189, 150, 16 }, { 160, 126, 86, 12 },
	{ 130, 92, 67, 10 },   { 96, 65, 52, 8 },     { 58, 49, 42, 5 },
	{ 41, 36, 32, 3 },
};

static const struct tone hairs[] = {
	{ 20, 18, 18, 40 },   { 48, 34, 26, 24 },   { 86, 60, 40, 12 }, { 178, 146, 96, 8 },
	{ 140, 138, 136, 8 }, { 214, 212, 206, 4 }, { 128, 64, 36, 3 },
};

/* Coats, shirts, jackets; also caps and scarves. */
static const struct tone tops[] = {
	{ 22, 22, 24, 18 },    { 58, 60, 64, 10 },  { 118, 120, 122, 8 }, { 176, 176, 174, 6 },
	{ 232, 232, 228, 12 }, { 28, 36, 66, 12 },  { 46, 92, 158, 8 },   { 176, 34, 40, 7 },
	{ 96, 30, 44, 3 },     { 36, 110, 62, 4 },  { 88, 92, 58, 4 },    { 204, 184, 150, 6 },
	{ 104, 74, 52, 4 },    { 224, 184, 48, 2 }, { 222, 112, 40, 2 },  { 224, 148, 164, 4 },
	{ 104, 62, 128, 3 },   { 32, 128, 132, 3 },
};

static const struct tone bottoms[] = {
	{ 42, 56, 88, 25 },   { 94, 122, 160, 12 }, { 24, 24, 26, 25 },
	{ 84, 86, 90, 10 },   { 26, 32, 54, 8 },    { 190, 170, 134, 10 },
	{ 226, 224, 218, 2 }, { 82, 84, 60, 4 },    { 92, 68, 50, 4 },
};

static const struct tone shoes[] = {
	{ 24, 22, 22, 50 },
	{ 228, 228, 226, 24 },
	{ 96, 62, 42, 14 },
	{ 110, 110, 114, 12 },
};

static uint8_t limited(int x, int lo, int hi)
{
	return (uint8_t)(x < lo ? lo : x > hi ? hi : x);
}

/* Limited range BT.601, with luma shifted by dy. */
static struct colour colour_of(const struct tone *t, int dy)
{
	int r = t->r, g = t->g, b = t->b;

	return (struct colour){
		limited(16 + dy + ((66 * r + 129 * g + 25 * b + 128) >> 8), 16, 235),
		(uint8_t)(128 + ((-38 * r - 74 * g + 112 * b + 128) >> 8)),
		(uint8_t)(128 + ((112 * r - 94 * g - 18 * b + 128) >> 8)),
	};
}

#define PICK(rng, table) pick(rng, table, (int)(sizeof(table) / sizeof((table)[0])))

static struct colour pick(struct rng *r, const struct tone *t, int n)
{
	uint32_t sum = 0, x;
	int i = 0;

	for (int k = 0; k < n; k++)
		sum += t[k].share;
	x = rng_below(r, sum);
	while (x >= t[i].share)
		x -= t[i++].share;
	return colour_of(&t[i], (int)rng_below(r, 13) - 6);
}

static enum cloth cloth_of(struct rng *r)
{
	static const enum cloth kind[] = { CLOTH_FOLDS, CLOTH_RINGS, CLOTH_STRIPES,
					   CLOTH_CHECKS, CLOTH_PRINT };

	return rng_chance(r, 0.6) ? CLOTH_FOLDS : kind[1 + rng_below(r, 4)];
}

/* Within a few levels of another colour. */
static struct colour near_colour(struct rng *r, struct colour c)
{
	return (struct colour){ limited(c.y + (int)rng_below(r, 7) - 3, 16, 235),
				limited(c.u + (int)rng_below(r, 3) - 1, 16, 240),
				limited(c.v + (int)rng_below(r, 3) - 1, 16, 240) };
}

static void dress(struct rng *r, struct look *l)
{
	bool sleeves = rng_chance(r, 0.65), trousers = rng_chance(r, 0.94);

	l->top = PICK(r, tops);
	l->top_cloth = cloth_of(r);
	l->bottom = PICK(r, bottoms);
	l->bottom_cloth = CLOTH_FOLDS;
	l->skirt = rng_chance(r, 0.14);
	l->coat = rng_chance(r, 0.25);
	if (l->skirt)
		l->bottom = PICK(r, tops);
	l->sleeve = sleeves || l->coat ? l->top : l->skin;
	l->calf = l->skirt || !trousers ? l->skin : l->bottom;
	if (l->skirt && rng_chance(r, 0.4))
		l->calf = PICK(r, shoes); /* tights */
	l->shoe = PICK(r, shoes);
}

static void wear_head(struct rng *r, struct look *l)
{
	static const enum hair_kind kind[] = { HAIR_SHORT, HAIR_SHORT, HAIR_SHORT, HAIR_SHORT,
					       HAIR_LONG,  HAIR_LONG,  HAIR_LONG,  HAIR_BUN,
					       HAIR_NONE,  HAIR_CAP };

	l->skin = PICK(r, skins);
	l->hair = PICK(r, hairs);
	l->hair_kind = kind[rng_below(r, 10)];
	if (rng_chance(r, 0.05))
		l->hair_kind = HAIR_SCARF;
	if (l->hair_kind == HAIR_SCARF || l->hair_kind == HAIR_CAP)
		l->hair = PICK(r, tops);
	if (l->hair_kind == HAIR_NONE)
		l->hair = l->skin;
}

static void carry(struct rng *r, const struct persona *p, struct look *l)
{
	static const enum load_kind kind[] = { LOAD_NONE,         LOAD_NONE,
					       LOAD_NONE,         LOAD_NONE,
					       LOAD_BACKPACK,     LOAD_BACKPACK,
					       LOAD_SHOULDER_BAG, LOAD_SHOULDER_BAG,
					       LOAD_CARRIER,      LOAD_BASKET };

	l->load = PICK(r, tops);
	l->load_kind = kind[rng_below(r, 10)];
	if (p->kind == PERSON_STAFF || p->body == BODY_WHEELCHAIR)
		l->load_kind = LOAD_NONE;
	if (p->kind == PERSON_PASSER && l->load_kind == LOAD_BASKET)
		l->load_kind = LOAD_CARRIER;
	if ((p->trolley || p->body == BODY_CHILD) &&
	    (l->load_kind == LOAD_BASKET || l->load_kind == LOAD_CARRIER))
		l->load_kind = LOAD_NONE;
	if (l->load_kind == LOAD_BASKET)
		l->load = (struct colour){ 90, 110, 190 };
	/* What is carried leaves the better hand free. */
	l->load_hand =
		l->load_kind == LOAD_CARRIER || l->load_kind == LOAD_BASKET ? 1 - l->side : -1;
}

void look_of(const struct persona *p, const struct scene *s, struct look *l)
{
	struct rng r;

	rng_init(&r, p->look, 1);
	*l = (struct look){ .side = rng_chance(&r, 0.12) ? LEFT : RIGHT };
	l->frame = (struct colour){ 150, 129, 127 };
	wear_head(&r, l);
	dress(&r, l);
	carry(&r, p, l);
	if (p->kind == PERSON_STAFF) {
		struct rng uniform;

		rng_init(&uniform, s->seed, 77);
		l->top = l->sleeve = PICK(&uniform, tops);
		l->top_cloth = CLOTH_FOLDS;
		l->coat = false;
	}
	if (p->low_contrast) {
		l->top = l->sleeve = near_colour(&r, s->floor.colour);
		l->bottom = l->calf = near_colour(&r, s->floor.colour);
		l->top_cloth = l->bottom_cloth = CLOTH_PLAIN;
	}
	if (p->walker >= 0 && p->walker < s->n_walkers && s->walker[p->walker].coloured) {
		l->top = l->sleeve = l->bottom = l->calf = s->walker[p->walker].clothes;
		l->top_cloth = l->bottom_cloth = CLOTH_FOLDS;
	}
}
