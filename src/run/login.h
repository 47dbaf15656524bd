/* SPDX-License-Identifier: Apache-2.0 */
/* login.h -- the cameras' logins: from a file that nobody else may read, or the environment. */
#ifndef RUN_LOGIN_H
#define RUN_LOGIN_H

#include "base/err.h"

struct login {
	char *user, *password; /* NULL: none */
};

/* What run.credentials says of it: path "" is no file. ERR_CONFIG when others may read the file
 * or it is no settings file; no message has a login in it. The caller's to clear. */
int login_find(struct login *l, const char *path, const char *camera, struct err *err);
void login_clear(struct login *l); /* overwrites them */

#endif
