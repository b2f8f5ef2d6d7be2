// SPDX-License-Identifier: GPL-3.0-or-later
// By which time a TLS connection judges certificates: the clock port's, not the machine's, whose
// battery may be dead while the district has told what time it is.
#include "yimen/driver/certificates.h"

#include <openssl/ssl.h>

// An unknown time is never later than the truth: what is not valid yet by it may well be.
static int accept_early(int good, X509_STORE_CTX *store)
{
    if (good || X509_STORE_CTX_get_error(store) != X509_V_ERR_CERT_NOT_YET_VALID)
        return good;
    X509_STORE_CTX_set_error(store, X509_V_OK);
    return 1;
}

void certificates_judge_by(void *tls, const struct when *now)
{
    SSL_CTX *context = tls;
    X509_VERIFY_PARAM_set_time(SSL_CTX_get0_param(context), (time_t)(now->utc_ms / 1000));
    if (now->quality == TIME_UNKNOWN)
        SSL_CTX_set_verify(context, SSL_CTX_get_verify_mode(context), accept_early);
}
