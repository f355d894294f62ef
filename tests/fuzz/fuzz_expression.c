/* Any text as one of NiFi's expressions: compiled, told about, evaluated. */
#include "bridge/nifi/expression.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static bool attribute(void *arg, struct slice name, struct slice *value)
{
    (void)arg;
    if (name.len % 3 == 2) {
        return false;
    }
    *value = name.len % 3 == 0 ? slice_of("2021-02-09") : slice_of("42");
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct expression_env env = {attribute, NULL, 1612843382005, NULL};
    char *text = malloc(size + 1);
    struct error err = {""};
    struct expression *e;
    struct buf out;

    if (text == NULL) {
        abort();
    }
    memcpy(text, data, size);
    text[size] = '\0';
    e = expression_new(text, &err);
    if (e == NULL && err.text[0] == '\0') {
        abort();
    }
    if (e != NULL) {
        buf_init(&out, (size_t)4 << 20);
        err.text[0] = '\0';
        if (expression_eval(e, &env, &out, &err) != 0 && err.text[0] == '\0') {
            abort();
        }
        if (expression_constant(e) != NULL &&
            strcmp(expression_constant(e), buf_str(&out)) != 0) {
            abort();
        }
        buf_fini(&out);
    }
    expression_free(e);
    free(text);
    return 0;
}
