// SPDX-License-Identifier: GPL-3.0-or-later
// One easy handle, kept between requests so that its connection and TLS session are used again.
#include "yimen/driver/curl.h"

#include "curl_internal.h"
#include "yimen/base/limits.h"
#include "yimen/base/text.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONNECT_TIMEOUT_MS = 10000 };

struct curl_client {
    CURL *handle;
    char *certificate, *key, *authority, *socket_path, *user, *password;
    long asked; // what the server asked for last, CURLAUTH_ bits; 0: it has not
    bool plain_http;
    const struct clock *clock;
    void (*judge_by)(void *tls, const struct when *now);
    bool (*is_ending)(void *context);
    void *context;
    bool used; // the first request decides which thread owns the handle
    pthread_t owner;
};

// Asked before, it is told at once: a large body would else go over the line twice. Until then
// what it asks for is looked at; Basic tells the password itself, so only inside TLS.
static void set_login(CURL *handle, const struct curl_client *client, const char *url)
{
    unsigned long basic = text_starts(url, "https:") ? CURLAUTH_BASIC : 0;
    unsigned long asked = (unsigned long)client->asked, digest = asked & CURLAUTH_DIGEST;
    unsigned long wanted = digest ? digest : asked & basic;
    curl_easy_setopt(handle, CURLOPT_USERNAME, client->user);
    curl_easy_setopt(handle, CURLOPT_PASSWORD, client->password);
    curl_easy_setopt(handle, CURLOPT_HTTPAUTH, (long)(wanted ? wanted : basic | CURLAUTH_DIGEST));
}

static CURLcode ready_tls(CURL *handle, void *tls, void *context)
{
    const struct curl_client *client = context;
    struct when now = clock_now(client->clock);
    (void)handle;
    client->judge_by(tls, &now);
    return CURLE_OK;
}

static void set_security(CURL *handle, const struct curl_client *client)
{
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, client->plain_http ? "https,http" : "https");
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(handle, CURLOPT_CAINFO, client->authority);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    if (client->socket_path)
        curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, client->socket_path);
    if (client->clock) {
        curl_easy_setopt(handle, CURLOPT_SSL_CTX_FUNCTION, ready_tls);
        curl_easy_setopt(handle, CURLOPT_SSL_CTX_DATA, (void *)client);
    }
    if (client->certificate) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, client->certificate);
        curl_easy_setopt(handle, CURLOPT_SSLKEY, client->key);
    }
}

static void set_transfer(CURL *handle, struct transfer *transfer, char *error_text)
{
    long timeout = transfer->request->timeout_ms;
    curl_easy_setopt(handle, CURLOPT_URL, transfer->request->url);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS,
                     timeout < CONNECT_TIMEOUT_MS ? timeout : (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error_text);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, transfer_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, transfer_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "Yimen");
}

static int look_for_the_end(void *context, curl_off_t down, curl_off_t down_now, curl_off_t up,
                            curl_off_t up_now)
{
    const struct curl_client *client = context;
    (void)down, (void)down_now, (void)up, (void)up_now;
    return client->is_ending(client->context);
}

// X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED.
static bool is_about_dates(CURL *handle)
{
    long result = 0;
    curl_easy_getinfo(handle, CURLINFO_SSL_VERIFYRESULT, &result);
    return result == 9 || result == 10;
}

// A certificate is out of date, or this machine's clock is wrong: whoever looks must know both.
static enum err by_clock(const struct curl_client *client, const char *text, struct fail *why)
{
    struct when now = clock_now(client->clock);
    char moment[32];
    when_format_utc(now.utc_ms, moment);
    if (now.quality == TIME_DISTRICT) // then it is the certificate
        return fail_set(why, ERR_DENIED, "%s", text);
    return fail_set(why, ERR_DENIED, "clock: at %s by this machine's clock (%s): %s", moment,
                    time_quality_name(now.quality), text);
}

static enum err exchange(struct curl_client *client, struct transfer *transfer, struct fail *why)
{
    char text[CURL_ERROR_SIZE] = "";
    curl_easy_reset(client->handle);
    set_security(client->handle, client);
    set_transfer(client->handle, transfer, text);
    if (client->user)
        set_login(client->handle, client, transfer->request->url);
    if (client->is_ending) {
        curl_easy_setopt(client->handle, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(client->handle, CURLOPT_XFERINFOFUNCTION, look_for_the_end);
        curl_easy_setopt(client->handle, CURLOPT_XFERINFODATA, client);
    }
    enum err err = transfer_prepare(client->handle, transfer, why);
    if (err)
        return err;
    CURLcode code = curl_easy_perform(client->handle);
    if (code != CURLE_OK) {
        err = transfer->too_long ? ERR_INPUT : transfer_err(code);
        if (client->clock && is_about_dates(client->handle))
            return by_clock(client, text, why);
        return fail_set(why, err, "%s: %s", transfer->request->method,
                        transfer->too_long ? "the answer is too long"
                        : text[0]          ? text
                                           : curl_easy_strerror(code));
    }
    long status = 0, asked = 0;
    curl_easy_getinfo(client->handle, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(client->handle, CURLINFO_HTTPAUTH_AVAIL, &asked);
    if (asked)
        client->asked = asked;
    transfer->response->status = (int)status;
    return ERR_OK;
}

static enum err perform(void *self, const struct http_request *request,
                        struct http_response *response, struct fail *why)
{
    struct curl_client *client = self;
    assert(request->url && request->method && request->timeout_ms > 0);
    if (!client->used)
        client->owner = pthread_self();
    client->used = true;
    assert(pthread_equal(client->owner, pthread_self()));
    response->status = 0;
    response->openrosa_version[0] = response->date[0] = response->location[0] = '\0';
    response->accept_length = -1;
    response->upload_offset = -1;
    response->retry_after_s = 0;
    strbuf_clear(&response->body);
    struct transfer transfer = {.request = request, .response = response};
    enum err err = exchange(client, &transfer, why);
    transfer_free(&transfer);
    return err;
}

static const struct http_client_ops operations = {.perform = perform};

static void forget(char *secret)
{
    if (secret)
        memory_wipe(secret, strlen(secret));
    free(secret);
}

static void client_free(struct curl_client *client)
{
    if (client->handle)
        curl_easy_cleanup(client->handle);
    free(client->certificate);
    free(client->key);
    free(client->authority);
    free(client->socket_path);
    forget(client->user);
    forget(client->password);
    free(client);
    curl_global_cleanup();
}

static enum err readable(const char *path, struct fail *why)
{
    if (path && access(path, R_OK) != 0)
        return fail_set(why, ERR_TECHNICIAN, "cannot read %s", path);
    return ERR_OK;
}

enum err curl_client_open(const struct curl_client_options *options, struct http_client *out,
                          struct fail *why)
{
    assert(!options->certificate_file == !options->key_file);
    assert(!options->clock == !options->judge_by);
    assert(!options->user == !options->password);
    enum err err = readable(options->certificate_file, why);
    if (!err)
        err = readable(options->key_file, why);
    if (!err)
        err = readable(options->ca_file, why);
    if (err)
        return err;
    struct curl_client *client = calloc(1, sizeof *client);
    if (!client || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        free(client);
        return fail_set(why, ERR_TECHNICIAN, "libcurl does not start");
    }
    client->handle = curl_easy_init();
    client->certificate =
        options->certificate_file ? text_duplicate(options->certificate_file) : NULL;
    client->key = options->key_file ? text_duplicate(options->key_file) : NULL;
    client->authority = options->ca_file ? text_duplicate(options->ca_file) : NULL;
    client->socket_path = options->socket_path ? text_duplicate(options->socket_path) : NULL;
    client->user = options->user ? text_duplicate(options->user) : NULL;
    client->password = options->user ? text_duplicate(options->password) : NULL;
    client->plain_http = options->plain_http;
    client->clock = options->clock;
    client->judge_by = options->judge_by;
    client->is_ending = options->is_ending;
    client->context = options->context;
    if (!client->handle) {
        client_free(client);
        return fail_set(why, ERR_TECHNICIAN, "libcurl has no handle");
    }
    *out = (struct http_client){.ops = &operations, .self = client};
    return ERR_OK;
}

void curl_client_close(struct http_client *client)
{
    if (!client || !client->self)
        return;
    assert(client->ops == &operations);
    client_free(client->self);
    *client = (struct http_client){0};
}
