/* Figures of what was sent; see manifest.h. The SHA-256 is libcrypto's. */
#include "replay/manifest.h"

#include "common/buf.h"
#include "common/civil.h"
#include "common/json_write.h"
#include "replay/output_file.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#define SHA256_BYTES 32
#define GATHERED_BYTES ((size_t)64 * 1024)
#define GATHERED_MAX_BYTES ((size_t)256 << 20)
#define JSON_MAX_BYTES ((size_t)16 * 1024)
#define MS_PER_DAY INT64_C(86400000)
#define TIME_BYTES 48

struct manifest {
    EVP_MD_CTX *sha;
    struct buf gathered; /* few large updates cost less than many small ones */
    int64_t records;
    uint64_t key_bytes, value_bytes;
    int64_t first_ms, last_ms;
};

struct manifest *manifest_new(void)
{
    struct manifest *m = calloc(1, sizeof(*m));

    if (m == NULL) {
        return NULL;
    }
    buf_init(&m->gathered, GATHERED_MAX_BYTES);
    m->sha = EVP_MD_CTX_new();
    if (m->sha == NULL || EVP_DigestInit_ex(m->sha, EVP_sha256(), NULL) != 1) {
        manifest_free(m);
        return NULL;
    }
    return m;
}

void manifest_free(struct manifest *m)
{
    if (m != NULL) {
        EVP_MD_CTX_free(m->sha);
        buf_fini(&m->gathered);
        free(m);
    }
}

static int flush(struct manifest *m)
{
    int ok = EVP_DigestUpdate(m->sha, m->gathered.data, m->gathered.len_bytes);

    buf_clear(&m->gathered);
    return ok == 1 ? 0 : -1;
}

static int put_text(struct manifest *m, struct slice text)
{
    const unsigned char length[4] = {(unsigned char)(text.len >> 24),
        (unsigned char)(text.len >> 16), (unsigned char)(text.len >> 8),
        (unsigned char)text.len};

    return buf_append(&m->gathered, length, sizeof(length)) == 0
               ? buf_append_slice(&m->gathered, text)
               : -1;
}

int manifest_add(struct manifest *m, const struct out_record *record)
{
    if (put_text(m, record->key) != 0 || put_text(m, record->value) != 0) {
        return -1;
    }
    if (m->records++ == 0) {
        m->first_ms = m->last_ms = record->event_ms;
    }
    m->first_ms =
        record->event_ms < m->first_ms ? record->event_ms : m->first_ms;
    m->last_ms = record->event_ms > m->last_ms ? record->event_ms : m->last_ms;
    m->key_bytes += record->key.len;
    m->value_bytes += record->value.len;
    return m->gathered.len_bytes >= GATHERED_BYTES ? flush(m) : 0;
}

/* "2022-01-02T15:00:00.000Z" in quotes, or null. */
static const char *time_text(
    const struct manifest *m, int64_t ms, char out[TIME_BYTES])
{
    int64_t day = ms / MS_PER_DAY - (ms % MS_PER_DAY < 0 ? 1 : 0);
    int rest = (int)(ms - day * MS_PER_DAY);
    char date[CIVIL_DATE_BYTES + 1];

    if (m->records == 0) {
        return "null";
    }
    civil_format(day, date);
    (void)snprintf(out, TIME_BYTES,
        "\"%s"
        "T%02d:%02d:%02d.%03dZ\"",
        date, rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
    return out;
}

static int put_json(
    struct manifest *m, const char *dataset, bool complete, struct buf *out)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char hex[2 * SHA256_BYTES + 1];
    char first[TIME_BYTES], last[TIME_BYTES];

    if (flush(m) != 0 || EVP_DigestFinal_ex(m->sha, sum, &n) != 1 ||
        n != SHA256_BYTES) {
        return -1;
    }
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)sum[i]);
    }
    if (buf_append_str(out, "{\n  \"dataset\": ") != 0 ||
        json_write_string(out, slice_of(dataset)) != 0) {
        return -1;
    }
    return buf_printf(out,
        ",\n  \"complete\": %s,\n  \"records\": %" PRId64
        ",\n  \"key_bytes\": %" PRIu64 ",\n  \"value_bytes\": %" PRIu64
        ",\n  \"first_event\": %s,\n  \"last_event\": %s,\n"
        "  \"sha256\": \"%s\"\n}\n",
        complete ? "true" : "false", m->records, m->key_bytes, m->value_bytes,
        time_text(m, m->first_ms, first), time_text(m, m->last_ms, last), hex);
}

int manifest_write(struct manifest *m, const char *path, const char *dataset,
    bool complete, struct error *err)
{
    struct output_file *file;
    struct buf text;
    int result = -1;

    buf_init(&text, JSON_MAX_BYTES);
    if (put_json(m, dataset, complete, &text) != 0) {
        buf_fini(&text);
        return error_set(err, "--manifest: cannot compute it");
    }
    file = output_file_open(path, false, err);
    if (file != NULL &&
        output_file_write(file, text.data, text.len_bytes, err) == 0) {
        result = output_file_finish(file, err);
    }
    output_file_free(file);
    buf_fini(&text);
    return result;
}
