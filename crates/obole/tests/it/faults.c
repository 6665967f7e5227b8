// Makes the disk of a database fail when a test says so: a file `full` in the folder FAULTS makes
// writes end with "no space left", a file `sync` makes syncs end with an I/O error. Only files whose
// name has `obole.db` in it are touched. Preloaded by disk.rs.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_on(const char *name, int fd) {
    const char *folder = getenv("FAULTS");
    char path[4096], link[64];
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (access(path, F_OK) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strstr(path, "obole.db") != NULL;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    static ssize_t (*next)(int, const void *, size_t);
    if (!next) next = dlsym(RTLD_NEXT, "write");
    if (is_on("full", fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, length);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    static ssize_t (*next)(int, const void *, size_t, off64_t);
    if (!next) next = dlsym(RTLD_NEXT, "pwrite64");
    if (is_on("full", fd)) { errno = ENOSPC; return -1; }
    return next(fd, bytes, length, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    return pwrite64(fd, bytes, length, at);
}

int fsync(int fd) {
    static int (*next)(int);
    if (!next) next = dlsym(RTLD_NEXT, "fsync");
    if (is_on("sync", fd)) { errno = EIO; return -1; }
    return next(fd);
}

int fdatasync(int fd) {
    static int (*next)(int);
    if (!next) next = dlsym(RTLD_NEXT, "fdatasync");
    if (is_on("sync", fd)) { errno = EIO; return -1; }
    return next(fd);
}
