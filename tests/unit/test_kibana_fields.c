/* Which fields a search body asks for, wherever the query DSL has them. */
#include "kibana/used_fields.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A body, and the fields in it, sorted. */
static const struct {
    const char *body, *fields;
} cases[] = {
    {"{}", ""},
    {"{'size':0,'track_total_hits':true}", ""},
    {"{'aggs':{'a':{'avg':{'field':'Close'}}}}", "Close"},
    {"{'aggs':{'field':{'terms':{'field':'Code','order':{'Marcap':'desc'}}}}}",
        "Code"},
    {"{'aggs':{'d':{'date_histogram':{'field':'Date','calendar_interval':'1d'},"
     "'aggs':{'m':{'moving_fn':{'buckets_path':'close','window':5,'script':"
     "'MovingFunctions.unweightedAvg(values)'}},'close':{'max':{'field':"
     "'Close'}}}}}}",
        "Close Date"},
    {"{'aggs':{'c':{'composite':{'sources':[{'x':{'terms':{'field':'Market'}}},"
     "{'y':{'date_histogram':{'field':'Date'}}}]}}}}",
        "Date Market"},
    {"{'aggs':{'t':{'top_hits':{'size':1,'sort':[{'Date':'desc'}],'_source':"
     "['Name','Close']}}}}",
        "Close Date Name"},
    {"{'aggs':{'t':{'top_hits':{'_source':{'includes':['Name','Mar*']}}}}}",
        "Name"},
    {"{'aggs':{'s':{'bucket_sort':{'sort':[{'total':{'order':'desc'}}]}}}}",
        ""},
    {"{'aggs':{'b':{'bucket_script':{'buckets_path':{'a':'x','b':'y'},"
     "'script':'params.a / params.b'}}}}",
        ""},
    {"{'aggs':{'m':{'missing':{'field':'Dept'}}}}", "Dept"},
    {"{'aggs':{'w':{'weighted_avg':{'value':{'field':'Close'},'weight':{"
     "'field':'Volume'}}}}}",
        "Close Volume"},
    {"{'aggs':{'m':{'top_metrics':{'metrics':{'field':'Close'},'sort':{'Date':"
     "'desc'}}}}}",
        "Close Date"},
    {"{'query':{'bool':{'must':['%dashboard_context-must_clause%'],'filter':["
     "{'range':{'Date':{'%timefilter%':true}}},{'term':{'Code':'005930'}}]}}}",
        "Code Date"},
    {"{'query':{'terms':{'Code':['a','b']}}}", "Code"},
    {"{'query':{'exists':{'field':'Rank'}}}", "Rank"},
    {"{'query':{'match':{'Name.ko':'x'}}}", "Name.ko"},
    {"{'query':{'match_phrase':{'Name':{'query':'x'}}}}", "Name"},
    {"{'query':{'wildcard':{'Name':'x*'}}}", "Name"},
    {"{'sort':['Rank',{'Date':{'order':'asc'}},'_score','_doc']}", "Date Rank"},
    {"{'sort':'Rank'}", "Rank"},
    {"{'_source':'Close','docvalue_fields':[{'field':'Date','format':'x'},"
     "'Open']}",
        "Close Date Open"},
    {"{'_source':false}", ""},
    {"{'fields':['High','*']}", "High"},
    {"{'script_fields':{'x':{'script':{'source':\"doc['Close'].value - "
     "doc['Open'].value + params._source['High'] + params['k']\"}}}}",
        "Close High Open"},
    {"{'aggs':{'x':{'sum':{'script':\"doc['Volume'].value\"}}}}", "Volume"},
    {"{'collapse':{'field':'Code'}}", "Code"},
};

/* Single quotes outside of double ones become double: easier to read here. */
static json_t *parse(const char *text)
{
    char json[1024];
    bool in_text = false;
    size_t n = 0;
    json_error_t slip;
    json_t *body;

    for (; *text != '\0' && n < sizeof(json) - 1; text++) {
        in_text = *text == '"' ? !in_text : in_text;
        json[n++] = *text == '\'' && !in_text ? '"' : *text;
    }
    json[n] = '\0';
    body = json_loads(json, 0, &slip);
    if (body == NULL) {
        fail_msg("%s in %s", slip.text, json);
    }
    return body;
}

static void fields_are_found_where_the_dsl_has_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *body = parse(cases[i].body), *fields = json_object(), *value;
        json_t *sorted;
        char found[256] = "";
        const char *field;
        char *text;

        used_fields_of_body(body, fields);
        /* jansson keeps the order of insertion; a dump with sorted keys not. */
        text = json_dumps(fields, JSON_SORT_KEYS | JSON_COMPACT);
        sorted = json_loads(text, 0, NULL);
        json_object_foreach(sorted, field, value)
        {
            size_t len = strlen(found);

            (void)snprintf(found + len, sizeof(found) - len, "%s%s",
                len > 0 ? " " : "", field);
        }
        if (strcmp(found, cases[i].fields) != 0) {
            fail_msg("%s\nwanted: %s\ngot:    %s", cases[i].body,
                cases[i].fields, found);
        }
        free(text);
        json_decref(sorted);
        json_decref(fields);
        json_decref(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found_where_the_dsl_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
