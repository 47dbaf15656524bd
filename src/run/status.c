/* SPDX-License-Identifier: Apache-2.0 */
/* status.c -- what 'footfall status' is told. */
#include "run/status.h"

#include "base/file.h"
#include "base/str.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_S 10 /* nobody waits longer for an answer */

static int address(struct sockaddr_un *a, const char *dir, struct err *err)
{
	char *path = file_join(dir, STATUS_SOCKET);
	bool fits;

	*a = (struct sockaddr_un){ .sun_family = AF_UNIX };
	fits = str_copy(a->sun_path, sizeof(a->sun_path), path);
	free(path);
	return fits ? 0
		    : err_set(err, ERR_CONFIG,
			      "run.state '%s' is too long a name for a socket in it", dir);
}

/* A socket that is connected to whoever listens, or -1 and errno. */
static int connected(const struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && connect(fd, (const struct sockaddr *)a, sizeof(*a)) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int status_listen(const char *dir, struct err *err)
{
	struct sockaddr_un a;
	int fd, rc = address(&a, dir, err);

	if (rc < 0)
		return rc;
	fd = connected(&a);
	if (fd >= 0) {
		close(fd);
		return err_set(err, ERR_STATE, "'footfall run' is at work in '%s' already",
			       dir);
	}
	unlink(a.sun_path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 &&
	    chmod(a.sun_path, 0660) == 0 && listen(fd, 8) == 0)
		return fd;
	rc = err_set(err, ERR_IO, "cannot listen at '%s': %s", a.sun_path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc;
}

void status_answer(int fd, const char *text, size_t len)
{
	int one;

	while ((one = accept(fd, NULL, NULL)) >= 0) {
		int bytes = (int)len + 4096;

		/* It fits the socket's memory, or whoever asked gets a part of it. */
		setsockopt(one, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
		(void)!send(one, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		close(one);
	}
}

void status_close(int fd, const char *dir)
{
	struct sockaddr_un a;

	if (fd < 0)
		return;
	close(fd);
	if (address(&a, dir, NULL) == 0)
		unlink(a.sun_path);
}

static int read_answer(int fd, char **text, size_t *len)
{
	struct timeval limit = { .tv_sec = ANSWER_S };
	struct str s = STR_INIT;
	char buf[4096];
	ssize_t n;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	while ((n = read(fd, buf, sizeof(buf))) > 0 && s.len < STATUS_BYTES_MAX)
		str_add_n(&s, buf, (size_t)n);
	if (n < 0 || !s.len) {
		str_clear(&s);
		return ERR_IO;
	}
	*len = s.len;
	*text = str_take(&s);
	return 0;
}

int status_ask(const char *dir, char **text, size_t *len, struct err *err)
{
	struct sockaddr_un a;
	int fd, rc = address(&a, dir, err);

	if (rc < 0)
		return rc;
	fd = connected(&a);
	if (fd < 0 && (errno == ENOENT || errno == ECONNREFUSED))
		return err_set(err, ERR_STATE, "'footfall run' is not at work in '%s'", dir);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot ask at '%s': %s", a.sun_path,
			       strerror(errno));
	rc = read_answer(fd, text, len);
	close(fd);
	return rc < 0 ? err_set(err, ERR_IO, "'footfall run' in '%s' does not answer", dir) : 0;
}

int64_t status_memory(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	int64_t size, resident = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%" SCNd64 " %" SCNd64, &size, &resident) != 2)
		resident = 0;
	fclose(f);
	return resident * (int64_t)sysconf(_SC_PAGESIZE);
}
