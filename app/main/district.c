// SPDX-License-Identifier: GPL-3.0-or-later
// yimen-district: opens the listeners of its role, each with a thread and a store handle of its
// own, and in between opens what waits sealed. Ends cleanly at SIGTERM.
#include "office_worker.h"
#include "version.h"
#include "wipe.h"
#include "yimen/base/log.h"
#include "yimen/base/text.h"
#include "yimen/district/composing.h"
#include "yimen/district/owner.h"
#include "yimen/driver/crypto.h"
#include "yimen/driver/curl.h"
#include "yimen/driver/mhd.h"
#include "yimen/driver/sqlite_district.h"
#include "yimen/driver/system.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    USAGE = 2,
    SUBMISSION_BYTES = DISTRICT_ACCEPT_LENGTH + (4 << 20),
    ENROL_BYTES = 16 << 10,      // a certificate request is below 1 KiB
    BODIES_IN_MEMORY = 32 << 20, // of a listener, at most 256 KiB each
    PUBLIC_BYTES = 4 << 10,
    OWNER_BYTES = 4 << 10,
    DEVICE_DEADLINE_MS = 120000,
    PUBLIC_DEADLINE_MS = 10000,
    OPENER_PAUSE_MS = 300,
    OPENER_REST = 100, // pauses
    STORE_PAUSE_S = 2, // until it is looked for again
    PUBLIC_NICE = 5,   // a flood of visitors leaves the processor to kiosks and desk
};

struct arguments {
    const char *folder;
    int roles;
    bool print_ports;
};

struct listener {
    struct office_room room;
    struct http_server server;
};

struct program {
    struct office office;
    struct listener device, public, owner;
    struct office_worker worker;          // composes forms for the device listener
    struct office_room opener, answering; // answering: owners who ask, in this process
    struct http_client far;               // or in another
    struct owner_desk owners;
    bool is_told_to_end; // before it was ready
};

static int usage(void)
{
    (void)fputs(
        "usage: yimen-district --dir DIR [--role ingest|opener|public|owner|all] [--print-ports]\n"
        "  --print-ports  write DIR/ports.json when listening\n",
        stderr);
    return USAGE;
}

static int role_of(const char *name)
{
    static const struct {
        const char *name;
        int roles;
    } roles[] = {{"ingest", OFFICE_INGEST},
                 {"opener", OFFICE_OPENER},
                 {"public", OFFICE_PUBLIC},
                 {"owner", OFFICE_OWNER},
                 {"all", OFFICE_ALL}};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (text_equal(roles[i].name, name))
            return roles[i].roles;
    return 0;
}

static bool read_arguments(int argc, char **argv, struct arguments *out)
{
    *out = (struct arguments){.roles = OFFICE_ALL};
    for (int i = 1; i < argc; i++) {
        if (text_equal(argv[i], "--print-ports"))
            out->print_ports = true;
        else if (text_equal(argv[i], "--dir") && i + 1 < argc)
            out->folder = argv[++i];
        else if (text_equal(argv[i], "--role") && i + 1 < argc)
            out->roles = role_of(argv[++i]);
        else
            return false;
    }
    return out->folder && out->roles;
}

static enum err open_listener(struct program *program, int role, struct listener *out,
                              struct fail *why)
{
    struct office *office = &program->office;
    char certificate[1024], key[1024], authority[1024];
    bool device = role == OFFICE_INGEST;
    office_path(office, "keys/server.crt", certificate);
    office_path(office, "keys/server.key", key);
    office_path(office, "keys/ca.crt", authority);
    enum err err = office_room_open(office, role, &out->room, why);
    if (!err && device)
        err = sqlite_district_relieve(&out->room.store, why);
    if (err)
        return err;
    if (device)
        out->room.store.ops->commits_wait(out->room.store.self);
    const char *proxies[HTTP_SERVER_PROXIES + 1] = {NULL};
    for (int i = 0; i < HTTP_SERVER_PROXIES && office->settings.proxies[i][0]; i++)
        proxies[i] = office->settings.proxies[i];
    struct http_server_config config = {
        .address = office->settings.address,
        .trusted_proxies = proxies,
        .proxy_header = office->settings.proxy_header,
        .port = device ? office->settings.device_port : office->settings.public_port,
        .tls = true,
        .client_certificates = device,
        .open_path = device ? "/v1/enroll" : NULL,
        .certificate_file = certificate,
        .key_file = key,
        .ca_file = authority,
        .body_maximum = device ? SUBMISSION_BYTES : PUBLIC_BYTES,
        .open_maximum = ENROL_BYTES,
        .memory_maximum = BODIES_IN_MEMORY,
        .spool_folder = office->folder,
        .resumable_path = device ? DISTRICT_RESUMABLE_PATH : NULL,
        .put_maximum = DISTRICT_PIECE_MAXIMUM,
        .deadline_ms = device ? DEVICE_DEADLINE_MS : PUBLIC_DEADLINE_MS,
        .end_turn = device ? district_end_turn : NULL,
        .handle = device ? district_handle_device : district_handle_public,
        .context = out->room.district,
    };
    return mhd_server_open(&config, &out->server, why);
}

// Verifiers and lock-outs are in a process that only the public one can reach.
static enum err open_owner(struct program *program, struct fail *why)
{
    struct office *office = &program->office;
    enum err err = office_room_open(office, OFFICE_OWNER, &program->owner.room, why);
    if (err)
        return err;
    struct http_server_config config = {
        .socket_path = office->settings.owner_socket,
        .body_maximum = OWNER_BYTES,
        .deadline_ms = PUBLIC_DEADLINE_MS,
        .handle = district_handle_owner,
        .context = program->owner.room.district,
    };
    return mhd_server_open(&config, &program->owner.server, why);
}

// With both roles the same questions are answered in this process.
static enum err find_owners(struct program *program, struct fail *why)
{
    struct office *office = &program->office;
    enum err err;
    if (office->roles & OFFICE_OWNER) {
        err = office_room_open(office, OFFICE_OWNER, &program->answering, why);
        if (!err)
            owner_desk_here(program->answering.district, &program->owners);
    } else {
        struct curl_client_options options = {.plain_http = true,
                                              .socket_path = office->settings.owner_socket};
        err = curl_client_open(&options, &program->far, why);
        if (!err)
            owner_desk_far(&program->far, &program->owners);
    }
    office->owners = &program->owners;
    return err;
}

static int port_of(const struct listener *listener)
{
    return listener->server.ops ? listener->server.ops->port(listener->server.self) : 0;
}

static enum err print_ports(const struct program *program, struct fail *why)
{
    char text[128];
    int length = snprintf(text, sizeof text, "{\"device\": %d, \"public\": %d}\n",
                          port_of(&program->device), port_of(&program->public));
    const struct files *files = &program->office.files;
    return files->ops->write(files->self, "ports.json", text, (size_t)length, false, why);
}

// Who only reads cannot bring a store up to date, or make one: it waits for whoever writes. False:
// the program is to end.
static bool wait_for_store(struct program *program, const sigset_t *signals, enum err err,
                           const struct fail *cause)
{
    const struct timespec pause = {.tv_sec = STORE_PAUSE_S};
    bool may_come = err == ERR_RETRY || err == ERR_NOT_FOUND;
    if (!may_come || program->office.roles != OFFICE_PUBLIC)
        return false;
    log_fail(LOG_WARNING, "district", "store-not-ready", cause);
    program->is_told_to_end = sigtimedwait(signals, NULL, &pause) >= 0;
    return !program->is_told_to_end;
}

static enum err open_store(struct program *program, const sigset_t *signals, struct fail *why)
{
    for (;;) {
        struct fail cause = {0};
        enum err err =
            office_room_open(&program->office, program->office.roles, &program->opener, &cause);
        if (!err || !wait_for_store(program, signals, err, &cause)) {
            *why = cause;
            return err;
        }
    }
}

// The forms that are in force must be known before the first kiosk asks.
static enum err begin(struct program *program, const struct arguments *arguments,
                      const sigset_t *signals, struct fail *why)
{
    if (arguments->roles & OFFICE_INGEST)
        program->office.composing = composing_new();
    enum err err = open_store(program, signals, why);
    if (!err && (arguments->roles & OFFICE_INGEST))
        err = office_publish(&program->office, program->opener.district, why);
    if (!err && (arguments->roles & OFFICE_INGEST))
        err = office_worker_start(&program->office, &program->worker, why);
    if (!err && (arguments->roles & OFFICE_INGEST))
        err = open_listener(program, OFFICE_INGEST, &program->device, why);
    if (!err && (arguments->roles & OFFICE_PUBLIC))
        err = find_owners(program, why);
    else if (!err && (arguments->roles & OFFICE_OWNER))
        err = open_owner(program, why);
    if (!err && (arguments->roles & OFFICE_PUBLIC))
        err = open_listener(program, OFFICE_PUBLIC, &program->public, why);
    if (!err && arguments->print_ports)
        err = print_ports(program, why);
    return err;
}

// What is in the way now is tried again after a while, not three times a second.
static int open_waiting(struct program *program)
{
    int opened = 0;
    struct fail why = {0};
    enum err err = district_open_waiting(program->opener.district, &opened, &why);
    wipe_stack();
    if (err)
        log_fail(LOG_WARNING, "district", "opener", &why);
    if (opened > 0)
        log_event(LOG_INFO, "district", "opened", "cases=%d", opened);
    return err ? OPENER_REST : 0;
}

static void work(struct program *program, const sigset_t *signals)
{
    const struct timespec pause = {.tv_nsec = OPENER_PAUSE_MS * 1000000L};
    int rest = program->office.roles & OFFICE_OPENER ? 0 : -1;
    while (sigtimedwait(signals, NULL, &pause) < 0) {
        if (errno == EAGAIN && rest == 0)
            rest = open_waiting(program);
        else if (rest > 0)
            rest--;
    }
}

static void close_listener(struct listener *listener)
{
    if (listener->server.ops)
        listener->server.ops->close(listener->server.self);
    office_room_close(&listener->room);
}

static enum err run(struct program *program, const struct arguments *arguments,
                    const sigset_t *signals, struct fail *why)
{
    enum err err = begin(program, arguments, signals, why);
    if (!err) {
        log_event(LOG_INFO, "district", "listening", "device=%d public=%d",
                  port_of(&program->device), port_of(&program->public));
        system_notify_ready();
        work(program, signals);
        system_notify_stopping();
        log_event(LOG_INFO, "district", "ending", "%s", "");
    }
    close_listener(&program->public);
    close_listener(&program->device);
    close_listener(&program->owner);
    office_worker_stop(&program->office, &program->worker);
    curl_client_close(&program->far);
    office_room_close(&program->answering);
    office_room_close(&program->opener);
    composing_free(program->office.composing);
    program->office.composing = NULL;
    return program->is_told_to_end ? ERR_OK : err;
}

int main(int argc, char **argv)
{
    struct arguments arguments;
    if (version_asked(argc, argv, "yimen-district"))
        return 0;
    if (!read_arguments(argc, argv, &arguments))
        return usage();
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); // before any thread is made: all inherit it
    signal(SIGPIPE, SIG_IGN);
    wipe_forbid_dumps();
    if (arguments.roles == OFFICE_PUBLIC)
        (void)setpriority(PRIO_PROCESS, 0, PUBLIC_NICE);
    if ((arguments.roles & OFFICE_OPENER) && !wipe_lock_all())
        log_event(LOG_WARNING, "district", "memory-not-locked", "%s",
                  "opened records may reach the swap");
    struct crypto crypto;
    struct clock clock = {0};
    struct program program = {0};
    struct fail why = {0};
    enum err err = sodium_crypto_open(&crypto, &why);
    if (!err)
        err = system_clock_open(&clock, &why);
    if (!err)
        err =
            office_open(&program.office, arguments.folder, arguments.roles, &crypto, &clock, &why);
    if (!err) {
        err = run(&program, &arguments, &signals, &why);
        office_close(&program.office);
    }
    if (err)
        log_fail(LOG_ERROR, "district", "failed", &why);
    system_clock_close(&clock);
    return err ? 1 : 0;
}
