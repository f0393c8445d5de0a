/*
 * Loaded before the C library into a desk under test (LD_PRELOAD): it knows what a disk would keep.
 *
 * Of each file of the folder POWER_FOLDER, what was in it when it was last synced is kept in POWER_KEPT/files under its
 * number, and the numbers and names in the folder when that was last synced in POWER_KEPT/names. While a file POWER_KEPT/arm says N, the N-th call
 * from then on that writes to the folder or syncs something in it does not end: a write is done by half, and the process
 * is gone as with kill -9.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static char folder[PATH_MAX], kept[PATH_MAX - 300];
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static long left;

static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);

__attribute__((constructor)) static void begin(void)
{
    const char *in = getenv("POWER_FOLDER"), *out = getenv("POWER_KEPT");
    if (in == NULL || out == NULL || realpath(in, folder) == NULL)
        folder[0] = '\0';
    else
        snprintf(kept, sizeof kept, "%s", out);
    real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");
    real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
    real_write = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    real_pwrite = (ssize_t (*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite64");
}

/* The name in the folder of what is open there: "" is the folder itself, NULL something elsewhere. */
static const char *name_in(char *path)
{
    size_t length = strlen(folder);
    if (length == 0 || strncmp(path, folder, length) != 0)
        return NULL;
    if (path[length] == '\0')
        return "";
    if (path[length] != '/' || strchr(path + length + 1, '/') != NULL || strstr(path, " (deleted)") != NULL)
        return NULL;
    return path + length + 1;
}

static const char *name_of(int fd, char path[PATH_MAX])
{
    char link[64];
    if (folder[0] == '\0')
        return NULL;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0)
        return NULL;
    path[length] = '\0';
    return name_in(path);
}

/* Whether this call is the one that does not end. What maps memory to see who reads (-shm) is on no disk. */
static int is_the_last(const char *name)
{
    char path[PATH_MAX];
    const char *shared = strstr(name, "-shm");
    int last = 0;
    if (shared != NULL && shared[4] == '\0')
        return 0;
    pthread_mutex_lock(&one_at_a_time);
    if (left == 0) {
        snprintf(path, sizeof path, "%s/arm", kept);
        FILE *armed = fopen(path, "re");
        if (armed != NULL) {
            if (fscanf(armed, "%ld", &left) != 1)
                left = 0;
            fclose(armed);
        }
    }
    if (left > 0)
        last = --left == 0;
    pthread_mutex_unlock(&one_at_a_time);
    return last;
}

static void dies(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* Ends without a word: whoever looks misses what should have been kept. */
static void wrong(const char *what)
{
    perror(what);
    dies();
}

static int half_made(const char *name, char half[PATH_MAX], char whole[PATH_MAX])
{
    snprintf(whole, PATH_MAX, "%s/%s", kept, name);
    snprintf(half, PATH_MAX, "%s.%ld", whole, (long)syscall(SYS_gettid));
    int made = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (made < 0)
        wrong(half);
    return made;
}

static void put(int made, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t done = real_write(made, bytes, count);
        if (done <= 0)
            wrong("write");
        bytes += done;
        count -= (size_t)done;
    }
}

/* Read through what is open already: closing another descriptor of the file would end SQLite's locks on it. */
static void keep(int fd)
{
    char half[PATH_MAX], whole[PATH_MAX], inside[64];
    static __thread char bytes[1 << 16];
    struct stat file;
    if (fstat(fd, &file) != 0)
        wrong("fstat");
    snprintf(inside, sizeof inside, "files/%lu", (unsigned long)file.st_ino);
    int made = half_made(inside, half, whole);
    off_t at = 0;
    ssize_t count;
    while ((count = pread(fd, bytes, sizeof bytes, at)) > 0) {
        put(made, bytes, (size_t)count);
        at += count;
    }
    if (count < 0)
        wrong("pread");
    close(made);
    if (rename(half, whole) != 0)
        wrong("rename");
}

static void keep_names(void)
{
    char half[PATH_MAX], whole[PATH_MAX];
    int made = half_made("names", half, whole);
    DIR *all = opendir(folder);
    struct dirent *one;
    if (all == NULL)
        wrong(folder);
    while ((one = readdir(all)) != NULL) {
        char line[NAME_MAX + 32];
        int length = snprintf(line, sizeof line, "%lu %s\n", (unsigned long)one->d_ino, one->d_name);
        put(made, line, (size_t)length);
    }
    closedir(all);
    close(made);
    if (rename(half, whole) != 0)
        wrong("rename");
}

static int synced(int fd, int (*real)(int))
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (name != NULL && is_the_last(name))
        dies();
    int done = real(fd);
    if (done == 0 && name != NULL) {
        if (name[0] == '\0')
            keep_names();
        else
            keep(fd);
    }
    return done;
}

int fsync(int fd)
{
    return synced(fd, real_fsync);
}

int fdatasync(int fd)
{
    return synced(fd, real_fdatasync);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (name != NULL && is_the_last(name)) {
        real_write(fd, bytes, count / 2);
        dies();
    }
    return real_write(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (name != NULL && is_the_last(name)) {
        real_pwrite(fd, bytes, count / 2, at);
        dies();
    }
    return real_pwrite(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return pwrite64(fd, bytes, count, at);
}

int ftruncate64(int fd, off_t length)
{
    char path[PATH_MAX];
    const char *name = name_of(fd, path);
    if (name != NULL && is_the_last(name))
        dies();
    return real_ftruncate(fd, length);
}

int ftruncate(int fd, off_t length)
{
    return ftruncate64(fd, length);
}

int unlink(const char *file)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", file);
    const char *name = name_in(path);
    if (name != NULL && is_the_last(name))
        dies();
    return real_unlink(file);
}
