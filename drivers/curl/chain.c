// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a server's certificates without believing them.
#include "yimen/driver/curl.h"

#include "yimen/base/text.h"

#include <curl/curl.h>
#include <string.h>

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    (void)context;
    return size * count;
}

static void collect(const struct curl_certinfo *chain, struct strbuf *pem)
{
    for (int i = 0; i < chain->num_of_certs; i++)
        for (const struct curl_slist *line = chain->certinfo[i]; line; line = line->next)
            if (text_starts(line->data, "Cert:")) {
                strbuf_adds(pem, line->data + strlen("Cert:"));
                strbuf_addc(pem, '\n');
            }
}

static enum err look(CURL *handle, const char *url, int timeout_ms, struct strbuf *pem,
                     struct fail *why)
{
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_3);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(handle, CURLOPT_CERTINFO, 1L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    CURLcode code = curl_easy_perform(handle);
    if (code != CURLE_OK)
        return fail_set(why, ERR_RETRY, "%s", curl_easy_strerror(code));
    struct curl_certinfo *chain = NULL;
    if (curl_easy_getinfo(handle, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain)
        return fail_set(why, ERR_INPUT, "the server shows no certificate");
    collect(chain, pem);
    return strbuf_result(pem, why);
}

enum err curl_server_chain(const char *url, int timeout_ms, struct strbuf *pem, struct fail *why)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return fail_set(why, ERR_TECHNICIAN, "libcurl does not start");
    CURL *handle = curl_easy_init();
    enum err err = handle ? look(handle, url, timeout_ms, pem, why)
                          : fail_set(why, ERR_TECHNICIAN, "libcurl has no handle");
    if (handle)
        curl_easy_cleanup(handle);
    curl_global_cleanup();
    return err;
}
