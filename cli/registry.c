/* The book of this program, from its tables; see registry.h. */
#include "cli/registry.h"

#include "bridge/metric_table.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "mappings/dataset.h"

#include <stdlib.h>

int registry_open(struct book *b)
{
    struct book_command *all = calloc(n_commands, sizeof(*all));

    if (all == NULL) {
        return -1;
    }
    for (size_t i = 0; i < n_commands; i++) {
        all[i] = (struct book_command){commands[i].name, commands[i].help,
            commands[i].options, commands[i].actions};
    }
    *b = (struct book){.commands = all,
        .n_commands = n_commands,
        .metrics = metric_table,
        .n_metrics = METRIC_COUNT,
        .datasets = dataset_builtin_names(),
        .version = NARU_VERSION,
        .date = NARU_RELEASE_DATE};
    b->tables = settings_tables(&b->n_tables);
    return 0;
}

void registry_close(struct book *b)
{
    /* Ours, and only borrowed by the book. */
    free((struct book_command *)(uintptr_t)b->commands);
}
