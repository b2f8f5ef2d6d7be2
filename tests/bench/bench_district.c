// SPDX-License-Identifier: GPL-3.0-or-later
// What an attacker costs the others: ten ordinary kiosks hand in cases and tell how they are, alone
// and beside one attacker of each kind, turn by turn in one run, so that what else the machine does
// is on both sides; of each kind the median round counts. Used by tests/bench/district.
//   bench_district measure DIR SERVER PUBLIC SECONDS ROUNDS KIND PID...   KIND "all" or one;
//                                                                 PID: the district's processes
//   bench_district attack DIR SERVER PUBLIC KIND
// An attacker sits on machines of its own. Here it shares the processor with the district, so it
// takes only time that nobody else wants (attackers.c); what it makes the district do is the
// district's own time, and is what is measured.
#include "attackers.h"
#include "guests.h"

#include "yimen/base/log.h"
#include "yimen/base/text.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    KIOSKS = 10,
    EVERY_MS = 200,
    SAMPLES = 1 << 15,
    SETTLE_S = 1,
    REST = -1,
    MEMORY_MB = 256,
    ROUNDS_MOST = 25,
    FIRST_PID = 8,
};
static const double ratio_allowed = 2.0;

static struct bench {
    struct town town;
    struct guest kiosks[KIOSKS];
    atomic_int turn; // which measure a request belongs to; REST: none
    atomic_bool ends;
    pthread_mutex_t lock;
    double samples[SAMPLES];
    size_t count;
    int turned_away; // of this turn
} bench = {.lock = PTHREAD_MUTEX_INITIALIZER, .turn = REST};

static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void keep(int turn, double took_ms, long status)
{
    pthread_mutex_lock(&bench.lock);
    if (turn != REST && turn == bench.turn && bench.count < SAMPLES) {
        bench.samples[bench.count++] = took_ms;
        bench.turned_away += status < 200 || status >= 300;
    }
    pthread_mutex_unlock(&bench.lock);
}

static long one_request(struct guest *kiosk, struct talk *talk, int at, double *took_ms)
{
    static const char beat[] = "{\"saves\":0,\"audit_head\":\"\",\"unsent\":[]}";
    struct sealed_case sealed;
    char url[600];
    if (at % 3 == 0) {
        (void)snprintf(url, sizeof url, "%s/v1/heartbeat", bench.town.server);
        double from = now_ms();
        long status = talk_ask(talk, "POST", url, NULL, beat, sizeof beat - 1);
        *took_ms = now_ms() - from;
        return status;
    }
    guest_case(kiosk, "urgent-relief", NULL, &sealed);
    double from = now_ms();
    long status = talk_post_case(talk, &sealed);
    *took_ms = now_ms() - from;
    guest_case_free(&sealed);
    return status;
}

static void *be_ordinary(void *context)
{
    struct guest *kiosk = context;
    struct talk talk;
    talk_open(&talk, &bench.town, kiosk);
    double due_ms = now_ms() + (double)(kiosk - bench.kiosks) * EVERY_MS / KIOSKS;
    for (int at = 0; !bench.ends; at++) {
        double wait_ms = due_ms - now_ms(), took_ms = 0;
        if (wait_ms > 0)
            usleep((useconds_t)(wait_ms * 1000));
        int turn = bench.turn;
        long status = one_request(kiosk, &talk, at, &took_ms);
        keep(turn, took_ms, status);
        due_ms = due_ms + EVERY_MS > now_ms() ? due_ms + EVERY_MS : now_ms();
    }
    talk_close(&talk);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return left < right ? -1 : left > right;
}

struct measured {
    double p95_ms;
    size_t count;
    int turned_away;
};

static struct measured measure(int turn, int seconds)
{
    sleep(SETTLE_S);
    pthread_mutex_lock(&bench.lock);
    bench.count = 0;
    bench.turned_away = 0;
    bench.turn = turn;
    pthread_mutex_unlock(&bench.lock);
    sleep((unsigned)seconds);
    pthread_mutex_lock(&bench.lock);
    bench.turn = REST;
    qsort(bench.samples, bench.count, sizeof *bench.samples, by_size);
    struct measured out = {bench.count ? bench.samples[bench.count * 95 / 100] : 1e9, bench.count,
                           bench.turned_away};
    pthread_mutex_unlock(&bench.lock);
    return out;
}

// The most memory that any of these processes has had, in MB.
static long peak_mb(char **pids)
{
    long most = 0;
    for (; *pids; pids++) {
        char path[64], line[200];
        (void)snprintf(path, sizeof path, "/proc/%s/status", *pids);
        FILE *file = fopen(path, "re");
        if (!file)
            give_up("a process of the district has ended", NULL);
        while (fgets(line, sizeof line, file))
            if (text_starts(line, "VmHWM:") && atol(line + 6) / 1024 > most)
                most = atol(line + 6) / 1024;
        fclose(file);
    }
    return most;
}

struct running {
    pid_t pid;
    FILE *says;
};

static struct running let_loose(char **argv, const char *name)
{
    int ends[2];
    char line[16];
    if (pipe(ends) != 0)
        give_up("no pipe", NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        execl(argv[0], argv[0], "attack", argv[2], argv[3], argv[4], name, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    struct running out = {pid, fdopen(ends[0], "r")};
    if (pid < 0 || !out.says || !fgets(line, sizeof line, out.says))
        give_up("the attacker did not start", NULL);
    return out;
}

static void call_off(struct running *running, char *line, size_t room)
{
    kill(running->pid, SIGTERM);
    if (!fgets(line, (int)room, running->says))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    waitpid(running->pid, NULL, 0);
    fclose(running->says);
}

struct round {
    double loud_ms, alone_ms, ratio;
};

static int by_ratio(const void *a, const void *b)
{
    const struct round *left = a, *right = b;
    return left->ratio < right->ratio ? -1 : left->ratio > right->ratio;
}

static struct round one_round(const struct attack *attack, char **argv, double *quiet_ms,
                              int *turned_away, char *line, size_t room)
{
    static int turn;
    int seconds = atoi(argv[5]);
    struct running attacker = let_loose(argv, attack->name);
    struct measured loud = measure(++turn, seconds);
    call_off(&attacker, line, room);
    struct measured after = measure(++turn, seconds);
    struct round out = {.loud_ms = loud.p95_ms, .alone_ms = (*quiet_ms + after.p95_ms) / 2};
    out.ratio = out.loud_ms / out.alone_ms;
    *quiet_ms = after.p95_ms;
    *turned_away += loud.turned_away;
    return out;
}

static bool beside(const struct attack *attack, char **argv, double *quiet_ms)
{
    struct round rounds[ROUNDS_MOST];
    char line[160];
    int count = atoi(argv[6]), turned_away = 0;
    for (int i = 0; i < count; i++)
        rounds[i] = one_round(attack, argv, quiet_ms, &turned_away, line, sizeof line);
    qsort(rounds, (size_t)count, sizeof rounds[0], by_ratio);
    const struct round *median = &rounds[count / 2];
    long memory = peak_mb(argv + FIRST_PID);
    (void)printf("%-8s p95 %6.1f ms beside %6.1f ms alone: %4.2f  (median of %d, %.2f to %.2f; %d "
                 "turned away; peak %ld MB)\n         %s: %s\n",
                 attack->name, median->loud_ms, median->alone_ms, median->ratio, count,
                 rounds[0].ratio, rounds[count - 1].ratio, turned_away, memory, attack->what, line);
    (void)fflush(stdout);
    return median->ratio <= ratio_allowed && memory < MEMORY_MB && turned_away == 0;
}

static int run(char **argv)
{
    pthread_t threads[KIOSKS];
    int beyond = 0, kinds = 0;
    for (int i = 0; i < KIOSKS; i++)
        guest_enrol(&bench.town, i + 1, &bench.kiosks[i]);
    for (int i = 0; i < KIOSKS; i++)
        if (pthread_create(&threads[i], NULL, be_ordinary, &bench.kiosks[i]) != 0)
            give_up("no thread", NULL);
    double quiet_ms = measure(0, atoi(argv[5])).p95_ms;
    for (size_t i = 0; i < attack_count; i++) {
        if (!text_equal(argv[7], "all") && !text_equal(argv[7], attacks[i].name))
            continue;
        kinds++;
        beyond += !beside(&attacks[i], argv, &quiet_ms);
    }
    bench.ends = true;
    for (int i = 0; i < KIOSKS; i++)
        pthread_join(threads[i], NULL);
    (void)printf("%d of %d beyond the aims: p95 within %.0fx, nobody turned away, below %d MB\n",
                 beyond, kinds, ratio_allowed, MEMORY_MB);
    return beyond || kinds == 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    log_set_level(LOG_ERROR);
    signal(SIGPIPE, SIG_IGN);
    if (argc < 6 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)fputs("usage: see tests/bench/district\n", stderr);
        return 2;
    }
    town_open(&bench.town, argv[2], argv[3], argv[4]);
    if (text_equal(argv[1], "measure")) {
        if (argc < FIRST_PID || atoi(argv[5]) < 1 || atoi(argv[6]) < 1 ||
            atoi(argv[6]) > ROUNDS_MOST)
            give_up("SECONDS and ROUNDS are numbers from 1, ROUNDS at most 25", NULL);
        return run(argv);
    }
    for (size_t i = 0; i < attack_count; i++)
        if (text_equal(attacks[i].name, argv[5]))
            return attack_for_ever(&attacks[i], &bench.town);
    return 2;
}
