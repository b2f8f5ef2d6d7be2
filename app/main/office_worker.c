// SPDX-License-Identifier: GPL-3.0-or-later
#include "office_worker.h"

#include "yimen/district/composing.h"

#include <sys/resource.h>
#include <unistd.h>

enum { NICE = 10 };

static void *compose(void *context)
{
    struct office_worker *worker = context;
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), NICE); // of this thread alone
    while (district_compose_next(worker->room.district, -1)) {
    }
    return NULL;
}

enum err office_worker_start(const struct office *office, struct office_worker *out,
                             struct fail *why)
{
    enum err err = office_room_open(office, OFFICE_INGEST, &out->room, why);
    if (err)
        return err;
    out->runs = pthread_create(&out->thread, NULL, compose, out) == 0;
    return out->runs ? ERR_OK : fail_set(why, ERR_TECHNICIAN, "no thread to compose forms");
}

void office_worker_stop(const struct office *office, struct office_worker *worker)
{
    if (office->composing)
        composing_close(office->composing);
    if (worker->runs)
        pthread_join(worker->thread, NULL);
    office_room_close(&worker->room);
    *worker = (struct office_worker){0};
}
