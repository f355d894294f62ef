/* A JSON value's checksum; see json_checksum.h. */
#include "mappings/json_checksum.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHA256_BYTES 32

int json_checksum(
    const json_t *tree, char hex[JSON_CHECKSUM_CHARS], struct error *err)
{
    char *text = json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS);
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned int n = 0;
    int ok = text != NULL &&
             EVP_Digest(text, strlen(text), sum, &n, EVP_sha256(), NULL) == 1;

    free(text);
    if (!ok || n != SHA256_BYTES) {
        return error_set(err, "cannot compute a SHA-256 checksum");
    }
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", (unsigned)sum[i]);
    }
    return 0;
}
