// SPDX-License-Identifier: GPL-3.0-or-later
#include "guests.h"

#include "attackers.h"
#include "yimen/base/text.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    IDLE = 500,
    HALVES = 60, ///< unfinished requests
    FLOOD = 8,   ///< connections: as many as a certificate may have
    NAMES = 1000,
    PIECE = LIMIT_PIECE_BYTES, ///< as large as they are taken
    PART = 8 << 20,
    ATTACKERS_COUNTER = 900,
};

struct attacker {
    struct town *town;
    struct guest guest;
    atomic_long taken, refused, failed;
    atomic_int next;
};

static void note(struct attacker *attacker, long status)
{
    if (status == 0)
        attacker->failed++;
    else if (status >= 400)
        attacker->refused++;
    else
        attacker->taken++;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

static int silent_socket(const char *server)
{
    const char *colon = strrchr(server, ':');
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)atoi(colon + 1)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made >= 0 && connect(made, (struct sockaddr *)&address, sizeof address) == 0)
        return made;
    if (made >= 0)
        close(made);
    return -1;
}

static void *sit_there(void *context)
{
    struct attacker *attacker = context;
    static int sockets[IDLE];
    memset(sockets, -1, sizeof sockets);
    for (;; pause_ms(50))
        for (int i = 0; i < IDLE; i++) {
            char byte;
            if (sockets[i] >= 0 && recv(sockets[i], &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 0)
                continue;
            if (sockets[i] >= 0) {
                close(sockets[i]);
                attacker->refused++;
            }
            sockets[i] = silent_socket(attacker->town->server);
            attacker->taken += sockets[i] >= 0;
        }
    return NULL;
}

static bool begin_half(struct attacker *attacker, struct talk *talk)
{
    static const char begun[] = "POST /v1/enroll HTTP/1.1\r\nHost: localhost\r\n"
                                "Content-Type: application/json\r\nContent-Length: 16000\r\n\r\n";
    static char half[8000];
    size_t sent = 0;
    talk_open(talk, attacker->town, NULL);
    memset(half, ' ', sizeof half);
    curl_easy_setopt(talk->handle, CURLOPT_URL, attacker->town->server);
    curl_easy_setopt(talk->handle, CURLOPT_CONNECT_ONLY, 1L);
    bool good = curl_easy_perform(talk->handle) == CURLE_OK &&
                curl_easy_send(talk->handle, begun, sizeof begun - 1, &sent) == CURLE_OK &&
                curl_easy_send(talk->handle, half, sizeof half, &sent) == CURLE_OK;
    note(attacker, good ? 200 : 0);
    return good;
}

// A byte a second keeps each alive as long as the listener lets it.
static void *never_finish(void *context)
{
    struct attacker *attacker = context;
    static struct talk talks[HALVES];
    for (;; pause_ms(1000))
        for (int i = 0; i < HALVES; i++) {
            size_t sent = 0;
            if (talks[i].handle && curl_easy_send(talks[i].handle, " ", 1, &sent) == CURLE_OK)
                continue;
            if (talks[i].handle) {
                attacker->refused++;
                talk_close(&talks[i]);
            }
            if (!begin_half(attacker, &talks[i])) {
                talk_close(&talks[i]);
                talks[i].handle = NULL;
            }
        }
    return NULL;
}

static void *invent_names(void *context)
{
    struct attacker *attacker = context;
    struct talk talk;
    struct strbuf body;
    char url[600];
    strbuf_init(&body, 1 << 20);
    strbuf_adds(&body, "{\"day\":20415,\"instances\":[");
    for (int i = 0; i < NAMES; i++)
        strbuf_addf(&body, "%s\"uuid:invented-%d\"", i ? "," : "", i);
    strbuf_adds(&body, "]}");
    (void)snprintf(url, sizeof url, "%s/v1/reconcile", attacker->town->server);
    talk_open(&talk, attacker->town, &attacker->guest);
    for (;;)
        note(attacker, talk_ask(&talk, "POST", url, NULL, body.data, body.length));
    return NULL;
}

static void *invent_forms(void *context)
{
    struct attacker *attacker = context;
    struct talk talk;
    talk_open(&talk, attacker->town, &attacker->guest);
    for (;;) {
        struct sealed_case sealed;
        char version[64];
        (void)snprintf(version, sizeof version, "2020010101.%016d", attacker->next++);
        guest_case(&attacker->guest, "one-visit:minimum-living+medical-aid", version, &sealed);
        note(attacker, talk_post_case(&talk, &sealed));
        guest_case_free(&sealed);
    }
    return NULL;
}

static void *look_at_everything(void *context)
{
    struct attacker *attacker = context;
    struct talk talk;
    char url[600];
    talk_open(&talk, attacker->town, NULL);
    for (;;) {
        (void)snprintf(url, sizeof url, "%s/t/AAAAAAAAAAAAAAAA%06d", attacker->town->public_page,
                       attacker->next++ % 1000000);
        note(attacker, talk_ask(&talk, "GET", url, NULL, NULL, 0));
    }
    return NULL;
}

static void *fill_the_disk(void *context)
{
    struct attacker *attacker = context;
    struct talk talk;
    char url[600];
    char *piece = calloc(1, PIECE);
    if (!piece)
        abort();
    talk_open(&talk, attacker->town, &attacker->guest);
    for (;;) {
        long status = 200;
        (void)snprintf(url, sizeof url, "%s/v1/parts/%064x?size=%d", attacker->town->server,
                       attacker->next++, PART);
        for (int offset = 0; status == 200 && offset < PART; offset += PIECE) {
            char header[48];
            (void)snprintf(header, sizeof header, "Upload-Offset: %d", offset);
            do
                note(attacker, status = talk_ask(&talk, "PUT", url, header, piece, PIECE));
            while (status == 429); // at once again
        }
    }
    return NULL;
}

static void *guess(void *context)
{
    struct attacker *attacker = context;
    struct talk talk;
    char token_url[600], lookup_url[600], body[400];
    (void)snprintf(token_url, sizeof token_url, "%s/v1/token", attacker->town->server);
    (void)snprintf(lookup_url, sizeof lookup_url, "%s/v1/lookup", attacker->town->server);
    talk_open(&talk, attacker->town, &attacker->guest);
    for (;;) {
        int at = attacker->next++;
        (void)snprintf(body, sizeof body,
                       "{\"number\":\"370212001251123170019\",\"factor\":\"%04d\",\"instance\":"
                       "\"uuid:%d\",\"token\":\"%064d\",\"print\":2,\"sig\":\"AAAA\"}",
                       at % 10000, at, at);
        note(attacker,
             talk_ask(&talk, "POST", at % 2 ? token_url : lookup_url, NULL, body, strlen(body)));
    }
    return NULL;
}

const struct attack attacks[] = {
    {"idle", "500 sockets without a byte", sit_there, 1, false},
    {"halves", "60 unfinished enrolments", never_finish, 1, false},
    {"names", "lists of 1,000 invented cases", invent_names, FLOOD, true},
    {"forms", "cases of forms that nobody composes", invent_forms, FLOOD, true},
    {"looks", "a flood on the public page", look_at_everything, FLOOD, false},
    {"disk", "parts that no case claims", fill_the_disk, FLOOD, true},
    {"guesses", "wrong tokens and wrong second factors", guess, FLOOD, true},
};
const size_t attack_count = sizeof attacks / sizeof attacks[0];

int attack_for_ever(const struct attack *attack, struct town *town)
{
    static struct attacker attacker;
    sigset_t signals;
    int signal_;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    // An attacker has a machine of his own: of this one it takes what nobody else wants.
    if (sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){0}) != 0)
        give_up("the attacker would take the processor from the district", NULL);
    attacker.town = town;
    if (attack->enrolled)
        guest_enrol(town, ATTACKERS_COUNTER, &attacker.guest);
    for (int i = 0; i < attack->threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, attack->run, &attacker) != 0)
            give_up("no thread", NULL);
    }
    (void)puts("ready");
    (void)fflush(stdout);
    sigwait(&signals, &signal_);
    (void)printf("%ld taken, %ld refused, %ld without an answer\n", (long)attacker.taken,
                 (long)attacker.refused, (long)attacker.failed);
    (void)fflush(stdout);
    _exit(0);
}
