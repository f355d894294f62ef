/* Words for findings; see finding_text.h. */
#include "verify/finding_text.h"

const struct finding_row finding_rows[] = {
    {"missing", {FINDING_NONE, FINDING_TOPIC_MISSING, FINDING_INDEX_MISSING}},
    {"extra", {FINDING_NONE, FINDING_TOPIC_EXTRA, FINDING_INDEX_EXTRA}},
    {"different",
        {FINDING_NONE, FINDING_TOPIC_DIFFERENT, FINDING_INDEX_DIFFERENT}},
    {"contradicting",
        {FINDING_CSV_CONTRADICTS, FINDING_TOPIC_CONTRADICTS, FINDING_NONE}},
    {"duplicated",
        {FINDING_CSV_REPEATED, FINDING_TOPIC_REPEATED, FINDING_INDEX_REPEATED}},
    {"without an id", {FINDING_NONE, FINDING_TOPIC_UNREADABLE, FINDING_NONE}},
    {"dead-lettered", {FINDING_NONE, FINDING_DEAD_LETTER, FINDING_NONE}},
    {"not ferried yet", {FINDING_NONE, FINDING_NONE, FINDING_PENDING}},
};
const size_t finding_rows_count =
    sizeof(finding_rows) / sizeof(finding_rows[0]);

static const struct {
    const char *key, *title;
} texts[FINDINGS] = {
    [FINDING_NONE] = {"none", "none"},
    [FINDING_CSV_REPEATED] = {"csv_duplicated",
        "duplicated in the CSV, with the same content"},
    [FINDING_CSV_CONTRADICTS] = {"csv_contradicting",
        "duplicated in the CSV, with different content"},
    [FINDING_TOPIC_MISSING] = {"topic_missing", "missing in the topic"},
    [FINDING_TOPIC_EXTRA] = {"topic_extra", "in the topic, not in the CSV"},
    [FINDING_TOPIC_DIFFERENT] = {"topic_different", "different in the topic"},
    [FINDING_TOPIC_REPEATED] = {"topic_duplicated",
        "duplicated in the topic, with the same content"},
    [FINDING_TOPIC_CONTRADICTS] = {"topic_contradicting",
        "duplicated in the topic, with different content"},
    [FINDING_TOPIC_UNREADABLE] = {"topic_without_id", "records without an id"},
    [FINDING_INDEX_MISSING] = {"index_missing", "missing in the index"},
    [FINDING_INDEX_EXTRA] = {"index_extra", "in the index, and should not be"},
    [FINDING_INDEX_DIFFERENT] = {"index_different", "different in the index"},
    [FINDING_INDEX_REPEATED] = {"index_duplicated", "in more than one index"},
    [FINDING_DEAD_LETTER] = {"dead_lettered", "dead-lettered"},
    [FINDING_PENDING] = {"pending",
        "not ferried yet, behind the group's committed offsets"},
};

const char *finding_title(enum finding f)
{
    return texts[f].title;
}

const char *finding_key(enum finding f)
{
    return texts[f].key;
}

bool finding_has_column(
    const struct verify_plan *plan, enum source_column column)
{
    switch (column) {
    case SOURCE_CSV:
        return plan->csv.input.n_paths > 0;
    case SOURCE_TOPIC:
        return plan->topic != NULL;
    case SOURCE_INDEX:
        return plan->index != NULL;
    case SOURCE_COLUMNS:
        break;
    }
    return false;
}

bool finding_applies(const struct verify_plan *plan, enum finding f)
{
    bool csv = finding_has_column(plan, SOURCE_CSV);
    bool topic = finding_has_column(plan, SOURCE_TOPIC);
    bool index = finding_has_column(plan, SOURCE_INDEX);

    switch (f) {
    case FINDING_NONE:
    case FINDINGS:
        return false;
    case FINDING_CSV_REPEATED:
    case FINDING_CSV_CONTRADICTS:
        return csv;
    case FINDING_TOPIC_MISSING:
    case FINDING_TOPIC_EXTRA:
    case FINDING_TOPIC_DIFFERENT:
        return csv && topic;
    case FINDING_TOPIC_REPEATED:
    case FINDING_TOPIC_CONTRADICTS:
    case FINDING_TOPIC_UNREADABLE:
        return topic;
    case FINDING_INDEX_MISSING:
    case FINDING_INDEX_EXTRA:
    case FINDING_INDEX_DIFFERENT:
    case FINDING_INDEX_REPEATED:
        return index;
    case FINDING_DEAD_LETTER:
        return plan->dead_letter != NULL;
    case FINDING_PENDING:
        return topic && index && plan->group != NULL;
    }
    return false;
}
