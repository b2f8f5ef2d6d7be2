// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_internal.h"

#include "yimen/base/limits.h"
#include "yimen/base/text.h"
#include "yimen/driver/sim_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LATE_AT_MOST = 16, REPLY_BYTES = 20 << 20, VALUE_BYTES = 256 };

struct sim_network {
    struct sim_network_options options;
    struct sim_network_faults faults;
    struct sim_random random;
    struct late_request late[LATE_AT_MOST];
    size_t late_count;
};

// One delivery: what the handler asks its exchange about.
struct delivery {
    const struct late_request *request;
    char path[512], value[VALUE_BYTES];
};

static const char *find_header(const struct http_exchange *exchange, const char *name)
{
    const struct delivery *delivery = exchange->driver;
    size_t length = strlen(name);
    for (char **at = delivery->request->headers; *at; at++)
        if (strncasecmp(*at, name, length) == 0 && (*at)[length] == ':')
            return *at + length + 1 + strspn(*at + length + 1, " ");
    return NULL;
}

static const char *find_query(const struct http_exchange *exchange, const char *name)
{
    struct delivery *delivery = exchange->driver;
    const char *at = strchr(delivery->request->url, '?');
    size_t length = strlen(name);
    for (; at; at = strchr(at, '&')) {
        at++;
        if (strncmp(at, name, length) != 0 || at[length] != '=')
            continue;
        size_t value = strcspn(at + length + 1, "&");
        (void)snprintf(delivery->value, sizeof delivery->value, "%.*s", (int)value,
                       at + length + 1);
        return delivery->value;
    }
    return NULL;
}

// "https://host:port/path?query" -> "/path"
static void take_path(struct delivery *delivery)
{
    const char *host = strstr(delivery->request->url, "://");
    const char *path = strchr(host ? host + 3 : delivery->request->url, '/');
    (void)snprintf(delivery->path, sizeof delivery->path, "%.*s",
                   (int)strcspn(path ? path : "/", "?"), path ? path : "/");
}

static void deliver(const struct sim_network *network, const struct late_request *request,
                    struct http_exchange *exchange)
{
    struct delivery delivery = {.request = request};
    take_path(&delivery);
    *exchange = (struct http_exchange){
        .method = request->method,
        .path = delivery.path,
        .peer_device = network->options.device,
        .peer_fingerprint = network->options.fingerprint,
        .peer_address = "192.0.2.1",
        .body = request->body,
        .length = request->length,
        .parts = request->parts,
        .part_count = request->part_count,
        .is_cut = request->is_cut,
        .query = find_query,
        .header = find_header,
        .driver = &delivery,
    };
    strbuf_init(&exchange->reply, REPLY_BYTES);
    network->options.handle(network->options.context, exchange);
    exchange->path = NULL;
    exchange->driver = NULL;
}

static void put_date(const struct sim_network *network, struct http_response *response)
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct calendar at = calendar_from_utc(clock_now(network->options.server_clock).utc_ms, 0);
    (void)snprintf(response->date, sizeof response->date, "%s, %02d %s %04d %02d:%02d:%02d GMT",
                   days[at.weekday], at.day, months[at.month - 1], at.year, at.hour, at.minute,
                   at.second);
}

static void read_header(const char *line, struct http_response *response)
{
    const char *colon = strchr(line, ':');
    int64_t number;
    if (!colon)
        return;
    const char *value = colon + 1 + strspn(colon + 1, " ");
    if (strncasecmp(line, "X-OpenRosa-Version:", 19) == 0)
        text_copy(response->openrosa_version, sizeof response->openrosa_version, value);
    else if (strncasecmp(line, "Location:", 9) == 0)
        text_copy(response->location, sizeof response->location, value);
    else if (strncasecmp(line, "X-OpenRosa-Accept-Content-Length:", 33) == 0 &&
             text_to_int64(value, &number))
        response->accept_length = (long)number;
    else if (strncasecmp(line, "Upload-Offset:", 14) == 0 && text_to_int64(value, &number))
        response->upload_offset = number;
    else if (strncasecmp(line, "Retry-After:", 12) == 0 && text_to_int64(value, &number))
        response->retry_after_s = (int)number;
}

static void empty_response(struct http_response *response)
{
    strbuf_clear(&response->body);
    response->status = 0;
    response->openrosa_version[0] = response->date[0] = response->location[0] = '\0';
    response->accept_length = response->upload_offset = -1;
    response->retry_after_s = 0;
}

static void answer(const struct sim_network *network, const struct http_exchange *exchange,
                   bool is_cut, struct http_response *response)
{
    response->status = exchange->status;
    for (size_t i = 0; i < sizeof exchange->reply_headers / sizeof exchange->reply_headers[0]; i++)
        read_header(exchange->reply_headers[i], response);
    put_date(network, response);
    size_t length = is_cut ? exchange->reply.length / 2 : exchange->reply.length;
    if (!text_equal(exchange->method, "HEAD") && length > 0)
        strbuf_add(&response->body, exchange->reply.data, length);
}

static void keep_late(struct sim_network *network, const struct http_request *request)
{
    if (network->late_count < LATE_AT_MOST &&
        late_copy(request, &network->late[network->late_count], NULL) == ERR_OK)
        network->late_count++;
}

static enum err pass(struct sim_network *network, const struct http_request *request, bool is_heard,
                     bool is_cut, struct http_response *response, struct fail *why)
{
    struct late_request copy;
    struct http_exchange exchange;
    enum err err = late_copy(request, &copy, why);
    if (err)
        return err;
    deliver(network, &copy, &exchange);
    if (exchange.status == 0) // the server's end fell down over it
        err = fail_set(why, ERR_RETRY, "the connection was closed");
    else if (is_heard)
        answer(network, &exchange, is_cut, response);
    else
        err = fail_set(why, ERR_RETRY, "no answer in time");
    strbuf_free(&exchange.reply);
    late_clear(&copy);
    return err;
}

// A part's first bytes arrive, and nobody hears of it.
static enum err cut(const struct sim_network *network, const struct http_request *request,
                    struct fail *why)
{
    struct late_request copy;
    struct http_exchange exchange;
    const char *path = network->options.resumable_path;
    if (path && text_equal(request->method, "PUT") && strstr(request->url, path) &&
        request->length > 1 && late_copy(request, &copy, NULL) == ERR_OK) {
        copy.length = copy.length / 2;
        copy.is_cut = true;
        deliver(network, &copy, &exchange);
        strbuf_free(&exchange.reply);
        late_clear(&copy);
    }
    return fail_set(why, ERR_RETRY, "no answer in time");
}

static enum err proxy_error(struct sim_network *network, const struct http_request *request,
                            struct http_response *response, struct fail *why)
{
    static const int statuses[] = {500, 502, 503, 504};
    if (sim_random_chance(&network->random, 500)) // it had passed the request on
        (void)pass(network, request, false, false, response, why);
    response->status = statuses[sim_random_below(&network->random, 4)];
    strbuf_adds(&response->body, "<html><body>error</body></html>");
    return ERR_OK;
}

static enum err portal(struct sim_network *network, struct http_response *response)
{
    static const int statuses[] = {200, 204, 302};
    response->status = statuses[sim_random_below(&network->random, 3)];
    if (response->status != 204)
        strbuf_adds(&response->body, "<html><body>Log in to this network</body></html>");
    return ERR_OK;
}

enum fate {
    FATE_NO_REQUEST,
    FATE_NO_ANSWER,
    FATE_LATE,
    FATE_TWICE,
    FATE_CUT_REQUEST,
    FATE_CUT_ANSWER,
    FATE_PROXY,
    FATE_PORTAL,
    FATE_GOOD
};

static enum fate draw(struct sim_network *network)
{
    const struct sim_network_faults *faults = &network->faults;
    const int chances[FATE_GOOD] = {[FATE_NO_REQUEST] = faults->drop_request,
                                    [FATE_NO_ANSWER] = faults->drop_answer,
                                    [FATE_LATE] = faults->delay,
                                    [FATE_TWICE] = faults->duplicate,
                                    [FATE_CUT_REQUEST] = faults->cut_request,
                                    [FATE_CUT_ANSWER] = faults->cut_answer,
                                    [FATE_PROXY] = faults->server_error,
                                    [FATE_PORTAL] = faults->portal};
    int64_t drawn = sim_random_below(&network->random, 1000);
    for (int i = 0; i < FATE_GOOD; i++) {
        if (drawn < chances[i])
            return (enum fate)i;
        drawn -= chances[i];
    }
    return FATE_GOOD;
}

static enum err perform(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why)
{
    struct sim_network *network = self;
    empty_response(response);
    if (network->faults.is_down)
        return fail_set(why, ERR_RETRY, "no connection");
    switch (draw(network)) {
    case FATE_CUT_REQUEST: return cut(network, request, why);
    case FATE_NO_REQUEST: return fail_set(why, ERR_RETRY, "no answer in time");
    case FATE_NO_ANSWER: return pass(network, request, false, false, response, why);
    case FATE_LATE:
        keep_late(network, request);
        return fail_set(why, ERR_RETRY, "no answer in time");
    case FATE_TWICE:
        keep_late(network, request);
        return pass(network, request, true, false, response, why);
    case FATE_CUT_ANSWER: return pass(network, request, true, true, response, why);
    case FATE_PROXY: return proxy_error(network, request, response, why);
    case FATE_PORTAL: return portal(network, response);
    case FATE_GOOD: return pass(network, request, true, false, response, why);
    }
    return fail_set(why, ERR_BUG, "no such fate");
}

enum err sim_network_open(const struct sim_network_options *options, struct http_client *out,
                          struct fail *why)
{
    static const struct http_client_ops ops = {.perform = perform};
    struct sim_network *network = calloc(1, sizeof *network);
    if (!network)
        return fail_set(why, ERR_RETRY, "no memory for the network");
    network->options = *options;
    network->random = sim_random_begin(options->seed, 1);
    *out = (struct http_client){&ops, network};
    return ERR_OK;
}

void sim_network_close(struct http_client *client)
{
    if (!client || !client->self)
        return;
    struct sim_network *network = client->self;
    for (size_t i = 0; i < network->late_count; i++)
        late_clear(&network->late[i]);
    free(network);
    *client = (struct http_client){0};
}

void sim_network_set(struct http_client *client, const struct sim_network_faults *faults)
{
    struct sim_network *network = client->self;
    network->faults = *faults;
}

size_t sim_network_late(const struct http_client *client)
{
    const struct sim_network *network = client->self;
    return network->late_count;
}

void sim_network_deliver(struct http_client *client)
{
    struct sim_network *network = client->self;
    if (network->late_count == 0)
        return;
    size_t which = (size_t)sim_random_below(&network->random, (int64_t)network->late_count);
    struct late_request request = network->late[which];
    network->late[which] = network->late[--network->late_count];
    struct http_exchange exchange;
    deliver(network, &request, &exchange);
    strbuf_free(&exchange.reply);
    late_clear(&request);
}
