/* See date_names.h. */
#include "bridge/nifi/date_names.h"

const char *const date_months[12] = {"January", "February", "March", "April",
    "May", "June", "July", "August", "September", "October", "November",
    "December"};
const char *const date_weekdays[7] = {"Sunday", "Monday", "Tuesday",
    "Wednesday", "Thursday", "Friday", "Saturday"};
const char *const date_halves[2] = {"AM", "PM"};
