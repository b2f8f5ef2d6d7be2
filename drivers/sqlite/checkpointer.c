// SPDX-License-Identifier: GPL-3.0-or-later
#include "checkpointer.h"

#include "database.h"

#include <pthread.h>
#include <stdlib.h>

enum {
    PAGES_EACH = 256, ///< 2 MB: often and little, for its syncs share a disk with the commits
    PAGES_BEHIND = 8000,
};

struct checkpointer {
    struct database database;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_wanted, ends, has_failed;
    int done; ///< pages of the log that are in the database
};

static void *run(void *context)
{
    struct checkpointer *checkpointer = context;
    pthread_mutex_lock(&checkpointer->lock);
    while (!checkpointer->ends) {
        int log = 0, done = 0;
        if (!checkpointer->is_wanted) {
            pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
            continue;
        }
        checkpointer->is_wanted = false;
        pthread_mutex_unlock(&checkpointer->lock);
        int code = sqlite3_wal_checkpoint_v2(checkpointer->database.handle, NULL,
                                             SQLITE_CHECKPOINT_PASSIVE, &log, &done);
        pthread_mutex_lock(&checkpointer->lock);
        bool is_other_s = (code & 0xFF) == SQLITE_BUSY; // another process is at it
        checkpointer->has_failed |= code != SQLITE_OK && !is_other_s;
        if (code == SQLITE_OK)
            checkpointer->done = done;
    }
    pthread_mutex_unlock(&checkpointer->lock);
    return NULL;
}

enum err checkpointer_open(const char *path, struct checkpointer **out, struct fail *why)
{
    static const char *const no_statements[] = {NULL};
    struct checkpointer *made = calloc(1, sizeof *made);
    if (!made)
        return fail_set(why, ERR_RETRY, "out of memory");
    const struct database_options options = {.path = path, .sql = no_statements};
    enum err err = database_open(&made->database, &options, why);
    if (err) {
        free(made);
        return err;
    }
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->changed, NULL);
    if (pthread_create(&made->thread, NULL, run, made) != 0) {
        database_close(&made->database);
        free(made);
        return fail_set(why, ERR_RETRY, "no thread");
    }
    *out = made;
    return ERR_OK;
}

void checkpointer_close(struct checkpointer *checkpointer)
{
    if (!checkpointer)
        return;
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->ends = true;
    pthread_cond_signal(&checkpointer->changed);
    pthread_mutex_unlock(&checkpointer->lock);
    pthread_join(checkpointer->thread, NULL);
    pthread_mutex_destroy(&checkpointer->lock);
    pthread_cond_destroy(&checkpointer->changed);
    database_close(&checkpointer->database);
    free(checkpointer);
}

bool checkpointer_wake(struct checkpointer *checkpointer, int pages)
{
    pthread_mutex_lock(&checkpointer->lock);
    if (pages < checkpointer->done)
        checkpointer->done = 0; // the log has begun anew
    bool keeps_up = !checkpointer->has_failed && pages - checkpointer->done < PAGES_BEHIND;
    checkpointer->has_failed = false;
    if (pages - checkpointer->done >= PAGES_EACH) {
        checkpointer->is_wanted = true;
        pthread_cond_signal(&checkpointer->changed);
    }
    pthread_mutex_unlock(&checkpointer->lock);
    return keeps_up;
}
