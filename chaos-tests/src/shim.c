/* Stands between Obole and its disk and clock (LD_PRELOAD): the Nth write or fsync of the database's
 * files dies, tears, or fails; every write and fsync can be traced, for power cuts; the clock can be
 * moved while the program runs. Told by the environment and by a page that the harness shares:
 * CHAOS_FILES    how the paths of the database's files begin
 * CHAOS_CONTROL  the shared page
 * CHAOS_TRACE    where to trace to; not set: nothing is traced */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { FILES_MAX = 4096, SYNC = 1, WRITE = 2 };
enum { DIE_BEFORE = 1, DIE_AFTER = 2, TEAR = 3, FAIL_IO = 4, FAIL_FULL = 5 };
enum { T_OPEN = 1, T_WRITE = 2, T_CUT = 3, T_SYNC = 4, T_UNLINK = 5, T_LOST = 6 };

/* The shared page; the harness writes the first part, the shim the second. */
struct control {
    volatile int64_t what;      /* SYNC, WRITE or both; 0 for nothing */
    volatile int64_t action;
    volatile int64_t countdown; /* strikes when it reaches zero */
    volatile int64_t length;    /* how many in a row fail */
    volatile int64_t clock;     /* nanoseconds to add to the clock */
    volatile int64_t syncs;
    volatile int64_t writes;
    volatile int64_t struck;
};

struct record {
    uint64_t kind;
    uint64_t file;
    uint64_t offset; /* of a write; the new length; where the trace was when a sync began */
    uint64_t length; /* of what follows */
};

static struct control nothing;
static struct control *control = &nothing;
static const char *files;
static int trace = -1;
static uint64_t traced;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* 0: not the database's; else the number of its path, plus one. */
static unsigned char known[FILES_MAX];
static char *names[16];

static int (*real_open)(const char *, int, ...);
static int (*real_openat)(int, const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    real_open = dlsym(RTLD_NEXT, "open");
    real_openat = dlsym(RTLD_NEXT, "openat");
    real_close = dlsym(RTLD_NEXT, "close");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    files = getenv("CHAOS_FILES");
    const char *path = getenv("CHAOS_CONTROL");
    int page = path ? real_open(path, O_RDWR) : -1;
    if (page >= 0) {
        void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, page, 0);
        if (shared != MAP_FAILED) control = shared;
        real_close(page);
    }
    path = getenv("CHAOS_TRACE");
    if (path) trace = real_open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (trace >= 0) traced = lseek(trace, 0, SEEK_END);
}

static int number_of(const char *path) {
    if (!files || !path || strncmp(path, files, strlen(files)) != 0) return 0;
    /* The index of the log is made anew when it is missing, and is never waited for. */
    const char *rest = path + strlen(files);
    if (strcmp(rest, "") != 0 && strcmp(rest, "-wal") != 0 && strcmp(rest, "-journal") != 0) return 0;
    for (int number = 0; number < 16; number++) {
        if (!names[number]) names[number] = strdup(path);
        if (strcmp(names[number], path) == 0) return number + 1;
    }
    return 0;
}

static int number(int fd) { return fd >= 0 && fd < FILES_MAX ? known[fd] : 0; }

/* Appends to the trace; the lock is held. */
static void note(uint64_t kind, int file, uint64_t offset, const void *data, uint64_t length) {
    if (trace < 0) return;
    struct record head = {kind, (uint64_t)file, offset, length};
    struct iovec parts[2] = {{&head, sizeof head}, {(void *)data, length}};
    ssize_t written = writev(trace, parts, length ? 2 : 1);
    if (written != (ssize_t)(sizeof head + length)) abort();
    traced += sizeof head + length;
}

static void opened(int fd, const char *path, int flags) {
    if (fd < 0 || fd >= FILES_MAX) return;
    int file = number_of(path);
    known[fd] = (unsigned char)file;
    if (!file) return;
    pthread_mutex_lock(&lock);
    note(T_OPEN, file, (flags & O_TRUNC) != 0, path, strlen(path));
    pthread_mutex_unlock(&lock);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* What is to happen to this operation: 0 for nothing out of the ordinary. */
static int strike(int what) {
    __sync_fetch_and_add(what == SYNC ? &control->syncs : &control->writes, 1);
    if (!(control->what & what)) return 0;
    int64_t left = __sync_sub_and_fetch(&control->countdown, 1);
    if (left > 0 || -left >= control->length) return 0;
    __sync_fetch_and_add(&control->struck, 1);
    return (int)control->action;
}

static int failed(int action) {
    errno = action == FAIL_FULL ? ENOSPC : EIO;
    return -1;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int fd = real_open(path, flags, mode);
    opened(fd, path, flags);
    return fd;
}

int open64(const char *path, int flags, ...) __attribute__((alias("open")));

int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int fd = real_openat(folder, path, flags, mode);
    opened(fd, path, flags);
    return fd;
}

int openat64(int folder, const char *path, int flags, ...) __attribute__((alias("openat")));

int close(int fd) {
    if (fd >= 0 && fd < FILES_MAX) known[fd] = 0;
    return real_close(fd);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    int file = number(fd);
    if (!file) return real_pwrite(fd, data, length, offset);
    int action = strike(WRITE);
    if (action == DIE_BEFORE) die();
    if (action >= FAIL_IO) return failed(action);
    pthread_mutex_lock(&lock);
    if (action == TEAR) {
        real_pwrite(fd, data, length / 2, offset);
        die();
    }
    ssize_t written = real_pwrite(fd, data, length, offset);
    if (written > 0) note(T_WRITE, file, (uint64_t)offset, data, (uint64_t)written);
    pthread_mutex_unlock(&lock);
    if (action == DIE_AFTER) die();
    return written;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset)
    __attribute__((alias("pwrite")));

ssize_t write(int fd, const void *data, size_t length) {
    if (!number(fd)) return real_write(fd, data, length);
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t written = pwrite(fd, data, length, offset);
    if (written > 0) lseek(fd, offset + written, SEEK_SET);
    return written;
}

int ftruncate(int fd, off_t length) {
    int file = number(fd);
    if (!file) return real_ftruncate(fd, length);
    int action = strike(WRITE);
    if (action == DIE_BEFORE || action == TEAR) die();
    if (action >= FAIL_IO) return failed(action);
    pthread_mutex_lock(&lock);
    int cut = real_ftruncate(fd, length);
    if (cut == 0) note(T_CUT, file, (uint64_t)length, NULL, 0);
    pthread_mutex_unlock(&lock);
    if (action == DIE_AFTER) die();
    return cut;
}

int ftruncate64(int fd, off_t length) __attribute__((alias("ftruncate")));

static int sync_with(int fd, int (*real)(int)) {
    int file = number(fd);
    if (!file) return real(fd);
    int action = strike(SYNC);
    if (action == DIE_BEFORE || action == TEAR) die();
    pthread_mutex_lock(&lock);
    uint64_t began = traced;
    /* What a failed sync should have written is marked as written by some kernels, and lost. */
    if (action >= FAIL_IO) note(T_LOST, file, began, NULL, 0);
    pthread_mutex_unlock(&lock);
    if (action >= FAIL_IO) return failed(action);
    /* Traced, the disk is the trace: the harness gives back what was synced before it was cut. */
    int synced = trace >= 0 ? 0 : real(fd);
    pthread_mutex_lock(&lock);
    if (synced == 0) note(T_SYNC, file, began, NULL, 0);
    pthread_mutex_unlock(&lock);
    if (action == DIE_AFTER) die();
    return synced;
}

int fsync(int fd) { return sync_with(fd, real_fsync); }

int fdatasync(int fd) { return sync_with(fd, real_fdatasync); }

int unlink(const char *path) {
    int file = number_of(path);
    int gone = real_unlink(path);
    if (file && gone == 0) {
        pthread_mutex_lock(&lock);
        note(T_UNLINK, file, 0, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return gone;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!real_clock_gettime) real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    int told = real_clock_gettime(clock, time);
    if (told == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanos = time->tv_nsec + control->clock % 1000000000;
        time->tv_sec += control->clock / 1000000000;
        if (nanos >= 1000000000) nanos -= 1000000000, time->tv_sec += 1;
        if (nanos < 0) nanos += 1000000000, time->tv_sec -= 1;
        time->tv_nsec = nanos;
    }
    return told;
}
