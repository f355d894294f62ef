/* What the machine lets a bridge have; see limits.h. */
#include "bridge/limits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* Beside requests: the admin port's 64, librdkafka's few per broker, for as
 * many brokers as a large cluster has, and what every process has open. */
#define FILES_BESIDE 320
/* A bridge of 16 MB holds 96 in all (tests/bench): code, libraries, Kafka's
 * queue, and holes between blocks. */
#define BYTES_BESIDE ((int64_t)72 << 20)
#define LINE_BYTES 512

enum limits_verdict limits_judge(const struct limits *have,
    const struct limits_needs *need, struct error *err)
{
    int64_t most = have->memory_bytes < have->free_bytes ? have->memory_bytes
                                                         : have->free_bytes;

    if (need->held_bytes >= have->memory_bytes) {
        (void)error_set(err,
            "bridge.memory_bytes is %lld MB, and the control group that we "
            "run in may have %lld MB in all: the kernel would end us; set less",
            (long long)(need->held_bytes >> 20),
            (long long)(have->memory_bytes >> 20));
        return LIMITS_TOO_FEW;
    }
    if (need->all_bytes > most) {
        (void)error_set(err,
            "memory may not be enough: with bridge.memory_bytes at %lld MB a "
            "bridge grows to about %lld MB, and %s",
            (long long)(need->held_bytes >> 20),
            (long long)(need->all_bytes >> 20),
            have->memory_bytes <= have->free_bytes
                ? "our control group may not have so much"
                : "the machine has less to give now");
        return LIMITS_SCARCE;
    }
    if (need->files > have->files) {
        (void)error_set(err,
            "%lld files may be open at once, and a bridge with these settings "
            "may need %lld: raise the limit (ulimit -n, or LimitNOFILE= of "
            "systemd)",
            (long long)have->files, (long long)need->files);
        return LIMITS_SCARCE;
    }
    return LIMITS_ENOUGH;
}

struct limits_needs limits_needs_of(const struct config *c)
{
    int64_t held = config_number(c, "bridge.memory_bytes");

    return (struct limits_needs){
        .files = config_number(c, "bridge.max_in_flight") + FILES_BESIDE,
        .held_bytes = held,
        .all_bytes = held + held / 2 + BYTES_BESIDE,
    };
}

static int64_t read_files(int64_t wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return LIMITS_NONE;
    }
    if (limit.rlim_cur < (rlim_t)wanted && limit.rlim_cur < limit.rlim_max) {
        rlim_t before = limit.rlim_cur;

        limit.rlim_cur =
            limit.rlim_max < (rlim_t)wanted ? limit.rlim_max : (rlim_t)wanted;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
            limit.rlim_cur = before;
        }
    }
    return limit.rlim_cur < (rlim_t)INT64_MAX ? (int64_t)limit.rlim_cur
                                              : LIMITS_NONE;
}

/* The first number of a file; "max" and no file are LIMITS_NONE. */
static int64_t read_number(const char *path)
{
    FILE *f = fopen(path, "re");
    long long n = 0;
    bool found = f != NULL && fscanf(f, "%lld", &n) == 1 && n > 0;

    if (f != NULL) {
        (void)fclose(f);
    }
    return found ? n : LIMITS_NONE;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Version 2's line is "0::/PATH", version 1's "N:memory:/PATH". The limit may
 * stand at any group above ours, too. */
static int64_t read_group(void)
{
    FILE *f = fopen("/proc/self/cgroup", "re");
    char line[LINE_BYTES], path[LINE_BYTES + 64];
    int64_t most = LIMITS_NONE;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        bool is_v2 = strncmp(line, "0::", 3) == 0;
        char *at = is_v2 ? line + 3 : strstr(line, ":memory:");

        if (at == NULL) {
            continue;
        }
        at += is_v2 ? 0 : strlen(":memory:");
        at[strcspn(at, "\n")] = '\0';
        for (;;) {
            char *slash = strrchr(at, '/');

            (void)snprintf(path, sizeof(path),
                is_v2 ? "/sys/fs/cgroup%s/memory.max"
                      : "/sys/fs/cgroup/memory%s/memory.limit_in_bytes",
                at);
            most = least(most, read_number(path));
            if (slash == NULL) {
                break;
            }
            *slash = '\0';
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    /* Version 1 says a huge number for none. */
    return most > ((int64_t)1 << 60) ? LIMITS_NONE : most;
}

static int64_t read_available(void)
{
    FILE *f = fopen("/proc/meminfo", "re");
    char line[LINE_BYTES];
    long long kb;
    int64_t bytes = LIMITS_NONE;

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (sscanf(line, "MemAvailable: %lld kB", &kb) == 1) {
            bytes = kb * 1024;
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return bytes;
}

struct limits limits_read(int64_t wanted_files)
{
    return (struct limits){.files = read_files(wanted_files),
        .memory_bytes = read_group(),
        .free_bytes = read_available()};
}
