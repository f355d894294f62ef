/*
 * Completion for bash. What the driver asks for are the functions
 *
 *   _naru_commands               the commands
 *   _naru_actions COMMAND        its actions, if it has any
 *   _naru_options COMMAND ACTION its options
 *   _naru_value COMMAND OPTION   what the option's value is; 1: a flag
 *   _naru_operand COMMAND        what its operands are
 *   _naru_settings               section.key of all settings
 *   _naru_setting KEY            the words that a setting takes
 *   _naru_datasets               the built-in datasets
 *
 * Everything they print is words of [a-z0-9_.-], so nothing needs quoting.
 */
#include "reference/completion.h"

#include "reference/usage.h"

#include <stdbool.h>
#include <string.h>

extern const unsigned char completion_bash_driver[];

static void put_choices(FILE *to, const char *choices)
{
    struct slice word;

    for (size_t i = 0; usage_word(choices, i, &word); i++) {
        (void)fprintf(to, " " SLICE_FMT, SLICE_ARG(word));
    }
}

static void put_commands(const struct book *b, FILE *to)
{
    (void)fputs("_naru_commands() { echo", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        if (b->commands[i].help != NULL) {
            (void)fprintf(to, " %s", b->commands[i].name);
        }
    }
    (void)fputs("; }\n", to);
}

static void put_actions(const struct book *b, FILE *to)
{
    (void)fputs("_naru_actions() {\n    case $1 in\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        struct slice actions[USAGE_MOST_ACTIONS];
        size_t n = usage_actions(b->commands[i].options, actions);

        if (n == 0 || b->commands[i].help == NULL) {
            continue;
        }
        (void)fprintf(to, "    %s) echo", b->commands[i].name);
        for (size_t k = 0; k < n; k++) {
            (void)fprintf(to, " " SLICE_FMT, SLICE_ARG(actions[k]));
        }
        (void)fputs(" ;;\n", to);
    }
    (void)fputs("    esac\n}\n", to);
}

static void put_options_of(
    FILE *to, const struct book_command *c, struct slice action)
{
    const struct option_table *own = book_action(c, action);
    const struct option_table *t = own != NULL ? own : c->options;

    (void)fprintf(
        to, "    '%s " SLICE_FMT "') echo", c->name, SLICE_ARG(action));
    for (size_t i = 0; i < t->n_rows; i++) {
        if (action.len == 0 || own != NULL ||
            usage_is_for(t, &t->rows[i], action)) {
            (void)fprintf(to, " --%s", t->rows[i].name);
        }
    }
    (void)fputs(" ;;\n", to);
}

static void put_options(const struct book *b, FILE *to)
{
    (void)fputs("_naru_options() {\n    case \"$1 $2\" in\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        const struct book_command *c = &b->commands[i];
        struct slice actions[USAGE_MOST_ACTIONS];
        size_t n = usage_actions(c->options, actions);

        if (c->help == NULL) {
            continue;
        }
        put_options_of(to, c, (struct slice){"", 0});
        for (size_t k = 0; k < n; k++) {
            put_options_of(to, c, actions[k]);
        }
    }
    (void)fputs("    esac\n}\n", to);
}

static void put_value(FILE *to, const char *arg)
{
    static const char *const names[] = {[VALUE_NONE] = "none",
        [VALUE_ANY] = "any",
        [VALUE_FILE] = "file",
        [VALUE_FOLDER] = "folder",
        [VALUE_DATASET] = "dataset",
        [VALUE_SETTING] = "setting",
        [VALUE_COMMAND] = "command",
        [VALUE_WORDS] = "words"};
    enum value_kind kind = usage_value_kind(arg);

    (void)fprintf(to, "echo %s", names[kind]);
    if (kind == VALUE_WORDS) {
        put_choices(to, arg);
    }
}

static void put_values(const struct book *b, FILE *to)
{
    (void)fputs("_naru_value() {\n    case \"$1 $2\" in\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        const struct book_command *c = &b->commands[i];

        const struct option_row *row;

        for (size_t k = 0; c->help != NULL && (row = book_option(c, k)) != NULL;
             k++) {
            if (row->arg == NULL || row->arg[0] == '[') {
                continue;
            }
            (void)fprintf(to, "    '%s --%s'", c->name, row->name);
            if (row->letter != '\0') {
                (void)fprintf(to, " | '%s -%c'", c->name, row->letter);
            }
            (void)fputs(") ", to);
            put_value(to, row->arg);
            (void)fputs(" ;;\n", to);
        }
    }
    (void)fputs("    *) return 1 ;;\n    esac\n}\n", to);
}

static void put_operands(const struct book *b, FILE *to)
{
    static const struct {
        enum value_kind kind;
        const char *name;
    } kinds[] = {{VALUE_FILE, " file"}, {VALUE_FOLDER, " folder"},
        {VALUE_DATASET, " dataset"}, {VALUE_COMMAND, " command"}};

    (void)fputs("_naru_operand() {\n    case $1 in\n", to);
    for (size_t i = 0; i < b->n_commands; i++) {
        const struct book_command *c = &b->commands[i];

        if (c->help == NULL) {
            continue;
        }
        (void)fprintf(to, "    %s) echo", c->name);
        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
            if (book_takes(c, kinds[k].kind)) {
                (void)fputs(kinds[k].name, to);
            }
        }
        (void)fputs(" ;;\n", to);
    }
    (void)fputs("    esac\n}\n", to);
}

/* transform.step.N stands for step.1, step.2 and so on: the first is offered.
 */
static void put_name(FILE *to, const char *name)
{
    size_t n = strlen(name);
    bool is_numbered = n > 2 && strcmp(name + n - 2, ".N") == 0;

    (void)fprintf(to, " %.*s%s", (int)(is_numbered ? n - 1 : n), name,
        is_numbered ? "1" : "");
}

static void put_settings(const struct book *b, FILE *to)
{
    (void)fputs("_naru_settings() {\n    echo kafka.bootstrap.servers "
                "kafka.group.id",
        to);
    for (size_t t = 0; t < b->n_tables; t++) {
        for (size_t k = 0; k < b->tables[t].n_keys; k++) {
            put_name(to, b->tables[t].keys[k].name);
        }
    }
    (void)fputs("\n}\n_naru_setting() {\n    case $1 in\n", to);
    for (size_t t = 0; t < b->n_tables; t++) {
        for (size_t k = 0; k < b->tables[t].n_keys; k++) {
            const struct config_key *key = &b->tables[t].keys[k];

            if (key->type == CONFIG_BOOL || key->type == CONFIG_CHOICE) {
                (void)fprintf(to, "    %s) echo", key->name);
                put_choices(
                    to, key->type == CONFIG_BOOL ? "true|false" : key->choices);
                (void)fputs(" ;;\n", to);
            }
        }
    }
    (void)fputs("    esac\n}\n", to);
}

static void put_datasets(const struct book *b, FILE *to)
{
    (void)fputs("_naru_datasets() { echo", to);
    for (size_t i = 0; b->datasets[i] != NULL; i++) {
        (void)fprintf(to, " %s", b->datasets[i]);
    }
    (void)fputs("; }\n", to);
}

void completion_bash(const struct book *b, FILE *to)
{
    (void)fprintf(to,
        "# bash completion for naru %s, written by: naru completion bash\n"
        "# shellcheck shell=bash\n"
        "# shellcheck disable=SC2046 # what is printed below has no spaces\n",
        b->version);
    put_commands(b, to);
    put_actions(b, to);
    put_options(b, to);
    put_values(b, to);
    put_operands(b, to);
    put_settings(b, to);
    put_datasets(b, to);
    (void)fputs((const char *)completion_bash_driver, to);
}
