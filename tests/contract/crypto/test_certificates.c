// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/driver/certificates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DAY_MS = 86400000 };
static const int64_t now_ms = 1795449600000;

struct authority {
    struct certificates certificates;
    struct strbuf key, certificate;
};

static struct bytes as_bytes(const struct strbuf *text)
{
    return (struct bytes){text->data, text->length};
}

static int set_up(void **state)
{
    struct authority *ca = calloc(1, sizeof *ca);
    openssl_certificates_open(&ca->certificates);
    strbuf_init(&ca->key, 8192);
    strbuf_init(&ca->certificate, 8192);
    assert_int_equal(certificate_make_key(&ca->key, NULL), ERR_OK);
    struct bytes key = as_bytes(&ca->key);
    assert_int_equal(certificate_make_ca(&key, "Demo CA", now_ms, 3650, &ca->certificate, NULL),
                     ERR_OK);
    *state = ca;
    return 0;
}

static int tear_down(void **state)
{
    struct authority *ca = *state;
    strbuf_free(&ca->key);
    strbuf_free(&ca->certificate);
    free(ca);
    return 0;
}

static void make_request(struct strbuf *request)
{
    struct strbuf key;
    strbuf_init(&key, 8192);
    strbuf_init(request, 8192);
    assert_int_equal(certificate_make_key(&key, NULL), ERR_OK);
    struct bytes bytes = as_bytes(&key);
    assert_int_equal(certificate_make_request(&bytes, "what the asker wants", request, NULL),
                     ERR_OK);
    strbuf_free(&key);
}

static struct certificate_order order_for(struct authority *ca, const struct strbuf *request)
{
    return (struct certificate_order){.request = as_bytes(request),
                                      .ca_certificate = as_bytes(&ca->certificate),
                                      .ca_key = as_bytes(&ca->key),
                                      .common_name = "kiosk-007",
                                      .use = CERTIFICATE_CLIENT,
                                      .now_utc_ms = now_ms,
                                      .days = 90};
}

static void a_signed_request_carries_the_authoritys_name_and_dates(void **state)
{
    struct authority *ca = *state;
    const struct certificates *certificates = &ca->certificates;
    struct strbuf request, signed_one;
    struct certificate_info info;
    make_request(&request);
    strbuf_init(&signed_one, 8192);
    struct certificate_order order = order_for(ca, &request);
    assert_int_equal(certificates->ops->sign_request(certificates->self, &order, &signed_one, NULL),
                     ERR_OK);
    assert_int_equal(certificates->ops->info(certificates->self, signed_one.data, signed_one.length,
                                             &info, NULL),
                     ERR_OK);
    assert_string_equal(info.common_name, "kiosk-007"); // not what the asker wanted
    assert_string_equal(info.issuer, "Demo CA");
    assert_int_equal(strlen(info.fingerprint), 64);
    assert_int_equal(info.not_after_utc_ms, now_ms + (int64_t)90 * DAY_MS);
    assert_true(info.not_before_utc_ms < now_ms);
    struct bytes end = as_bytes(&signed_one), issuer = as_bytes(&ca->certificate);
    assert_int_equal(certificates->ops->issued_by(certificates->self, &end, &issuer, NULL), ERR_OK);
    strbuf_free(&request);
    strbuf_free(&signed_one);
}

static void another_authoritys_certificate_is_noticed(void **state)
{
    struct authority *ca = *state;
    const struct certificates *certificates = &ca->certificates;
    struct strbuf key, rogue;
    strbuf_init(&key, 8192);
    strbuf_init(&rogue, 8192);
    assert_int_equal(certificate_make_key(&key, NULL), ERR_OK);
    struct bytes bytes = as_bytes(&key);
    assert_int_equal(certificate_make_ca(&bytes, "Demo CA", now_ms, 10, &rogue, NULL), ERR_OK);
    struct bytes end = as_bytes(&rogue), issuer = as_bytes(&ca->certificate);
    assert_int_equal(certificates->ops->issued_by(certificates->self, &end, &issuer, NULL),
                     ERR_DENIED);
    strbuf_free(&key);
    strbuf_free(&rogue);
}

static void a_tampered_request_and_nonsense_are_refused(void **state)
{
    struct authority *ca = *state;
    const struct certificates *certificates = &ca->certificates;
    struct strbuf request, out;
    make_request(&request);
    strbuf_init(&out, 8192);
    char *middle = request.data + request.length / 2;
    *middle = *middle == 'A' ? 'B' : 'A';
    struct certificate_order order = order_for(ca, &request);
    struct fail why;
    assert_int_equal(certificates->ops->sign_request(certificates->self, &order, &out, &why),
                     ERR_INPUT);
    order.request = (struct bytes){"nonsense", 8};
    assert_int_equal(certificates->ops->sign_request(certificates->self, &order, &out, &why),
                     ERR_INPUT);
    struct certificate_info info;
    assert_int_equal(certificates->ops->info(certificates->self, "nonsense", 8, &info, &why),
                     ERR_INPUT);
    assert_int_equal(out.length, 0);
    strbuf_free(&request);
    strbuf_free(&out);
}

static void a_servers_hosts_may_be_names_and_addresses_but_no_configuration(void **state)
{
    struct authority *ca = *state;
    const struct certificates *certificates = &ca->certificates;
    struct strbuf request, out;
    make_request(&request);
    strbuf_init(&out, 8192);
    struct certificate_order order = order_for(ca, &request);
    order.use = CERTIFICATE_SERVER;
    order.hosts = (const char *const[]){"localhost", "127.0.0.1", "::1", NULL};
    assert_int_equal(certificates->ops->sign_request(certificates->self, &order, &out, NULL),
                     ERR_OK);
    order.hosts = (const char *const[]){"localhost,DNS:bank.example", NULL};
    assert_int_equal(certificates->ops->sign_request(certificates->self, &order, &out, NULL),
                     ERR_TECHNICIAN);
    strbuf_free(&request);
    strbuf_free(&out);
}

int main(void)
{
#define ON_CA(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        ON_CA(a_signed_request_carries_the_authoritys_name_and_dates),
        ON_CA(another_authoritys_certificate_is_noticed),
        ON_CA(a_tampered_request_and_nonsense_are_refused),
        ON_CA(a_servers_hosts_may_be_names_and_addresses_but_no_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
