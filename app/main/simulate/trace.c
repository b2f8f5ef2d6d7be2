// SPDX-License-Identifier: GPL-3.0-or-later
// What happened, line by line: the same for the same seed. Receipt numbers and instance ids of
// made-up cases, never a byte of what is sealed.
#include "simulate.h"

#include <stdarg.h>
#include <string.h>

static void stamp(const struct sim *sim, int kiosk, char *line, size_t room)
{
    int64_t since = sim->now_ms - sim->start_ms;
    char who[24] = "district";
    if (kiosk >= 0)
        (void)snprintf(who, sizeof who, "kiosk %d", kiosk + 1);
    (void)snprintf(line, room, "%03d %02d:%02d:%02d.%03d %s ", (int)(since / SIM_DAY),
                   (int)(since / SIM_HOUR % 24), (int)(since / SIM_MINUTE % 60),
                   (int)(since / 1000 % 60), (int)(since % 1000), who);
}

void sim_trace(struct sim *sim, int kiosk, const char *format, ...)
{
    char *line = sim->trace[sim->trace_count++ % SIM_TRACE_LINES];
    stamp(sim, kiosk, line, SIM_TRACE_LINE);
    size_t length = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(line + length, SIM_TRACE_LINE - length, format, arguments);
    va_end(arguments);
    for (const char *at = line; *at; at++)
        sim->trace_hash = (sim->trace_hash ^ (uint8_t)*at) * 0x100000001B3u;
    if (sim->plan.trace)
        (void)fprintf(sim->plan.trace, "%s\n", line);
}

void sim_trace_print(const struct sim *sim, FILE *out)
{
    long first = sim->trace_count > SIM_TRACE_LINES ? sim->trace_count - SIM_TRACE_LINES : 0;
    for (long i = first; i < sim->trace_count; i++)
        (void)fprintf(out, "%s\n", sim->trace[i % SIM_TRACE_LINES]);
}

void sim_violate(struct sim *sim, const char *format, ...)
{
    if (sim->violation[0])
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(sim->violation, sizeof sim->violation, format, arguments);
    va_end(arguments);
    sim_trace(sim, -1, "VIOLATION %s", sim->violation);
}
