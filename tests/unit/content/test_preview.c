// SPDX-License-Identifier: GPL-3.0-or-later
// A form outside any pack: its name may be as long as a pack has room for, and not a byte more.
#include "app/main/preview_content.h"
#include "yimen/driver/crypto.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

enum { NAME_MOST = LIMIT_PACK_PATH - 1 - 6 }; // behind "forms/"

static struct crypto crypto;

// A copy of a small form under a name of `length` bytes; its path is the caller's to free.
static char *form_named(const char *folder, size_t length)
{
    char *path = calloc(1, strlen(folder) + length + 2), bytes[4096];
    size_t used = (size_t)sprintf(path, "%s/", folder);
    memset(path + used, 'a', length);
    memcpy(path + used + length - 4, ".xml", 4);
    FILE *from = fopen("assets/forms/withdraw.xml", "rb"), *to = fopen(path, "wb");
    assert_non_null(from);
    assert_non_null(to);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, from)) > 0;)
        assert_int_equal(fwrite(bytes, 1, n, to), n);
    assert_int_equal(fclose(from), 0);
    assert_int_equal(fclose(to), 0);
    return path;
}

static void a_name_has_the_room_that_a_pack_has(void **state)
{
    (void)state;
    char folder[] = "/tmp/yimen-preview-XXXXXX", wanted[64];
    struct preview_content content;
    struct fail why = {0};
    assert_non_null(mkdtemp(folder));
    char *fits = form_named(folder, NAME_MOST), *too_long = form_named(folder, NAME_MOST + 1);
    if (preview_content_open(&content, fits, "assets", &crypto, &why) != ERR_OK)
        fail_msg("%s", why.text);
    assert_string_equal(catalogue_service(content.catalogue, content.service)->form + 6,
                        fits + strlen(folder) + 1);
    preview_content_close(&content);
    assert_int_equal(preview_content_open(&content, too_long, "assets", &crypto, &why), ERR_INPUT);
    snprintf(wanted, sizeof wanted, "longer than the %d bytes", NAME_MOST);
    if (!strstr(why.text, wanted))
        fail_msg("%s", why.text);
    assert_int_equal(unlink(fits), 0);
    assert_int_equal(unlink(too_long), 0);
    assert_int_equal(rmdir(folder), 0);
    free(fits);
    free(too_long);
}

static int open_crypto(void **state)
{
    struct fail why = {0};
    (void)state;
    return sodium_crypto_open(&crypto, &why) == ERR_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_has_the_room_that_a_pack_has),
    };
    return cmocka_run_group_tests(tests, open_crypto, NULL);
}
