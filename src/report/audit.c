/* SPDX-License-Identifier: Apache-2.0 */
/* audit.c -- how far counts may be from the truth, from what was counted by hand, too. */
#include "report/audit.h"

#include "base/str.h"

#include <math.h>
#include <stdlib.h>

int audits_read(struct audits *a, struct query *q, struct err *err)
{
	struct audit *v = NULL;
	int n = audit_query(q, &v, err);

	if (n < 0)
		return n;
	*a = (struct audits){ v, n };
	return 0;
}

void audits_clear(struct audits *a)
{
	free(a->v);
	*a = (struct audits){ 0 };
}

const struct audit *audits_at(const struct audits *a, int place, bool in, int64_t t_us)
{
	const struct audit *found = NULL;

	for (int i = 0; i < a->n; i++) {
		const struct audit *v = &a->v[i];

		if (v->place == place && v->in == in && v->from_us <= t_us &&
		    (!found || v->from_us >= found->from_us))
			found = v;
	}
	return found;
}

bool audit_interval(const struct audits *a, int place, bool in, int64_t t_us, int64_t count,
		    double *lo, double *hi)
{
	const struct audit *v = audits_at(a, place, in, t_us);
	struct equiv e;

	if (!v)
		return false;
	e = (struct equiv){ .samples = v->samples,
			    .manual = v->manual,
			    .machine = v->machine,
			    .bias = v->bias,
			    .lo = v->lo,
			    .hi = v->hi,
			    .spread = v->spread,
			    .df = v->df };
	return equiv_range(&e, count, lo, hi);
}

static void add_share(struct str *out, double share)
{
	double percent = fabs(share) * 100;

	if (percent < 0.05)
		str_add(out, "0 %");
	else
		str_addf(out, "%.1f %% too %s", percent, share < 0 ? "few" : "many");
}

void audit_words(struct str *out, const struct audit *a)
{
	double margin = a->margin * 100;

	if (a->verdict == EQUIV_PROVEN)
		str_addf(out, "proven within +-%g %%", margin);
	else if (a->verdict == EQUIV_MORE)
		str_addf(out, "%d more sample%s needed for +-%g %%", a->more,
			 a->more == 1 ? "" : "s", margin);
	else
		str_addf(out, "not proven within +-%g %%", margin);
	if (a->manual <= 0) {
		str_add(out, ": nobody was counted by hand");
		return;
	}
	str_add(out, ": counts ");
	add_share(out, a->bias);
	str_add(out, " (90 % interval: ");
	add_share(out, a->lo);
	str_add(out, " to ");
	add_share(out, a->hi);
	str_add(out, ")");
}
