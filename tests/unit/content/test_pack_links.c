// SPDX-License-Identifier: GPL-3.0-or-later
// A pack comes from a stick: what is a link in it leads nowhere, however well all of it is signed.
#include "pack_samples.h"
#include "yimen/driver/system.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH = 320 };

struct stick {
    char folder[32], outside[32]; // both of this test
    struct pack_samples samples;
    struct fake_files *pack;
    struct files files;
};

static void path_in(const char *folder, const char *name, char out[PATH])
{
    snprintf(out, PATH, "%s/%s", folder, name);
}

static void write_into(const char *folder, const struct fake_file *file)
{
    char path[PATH];
    path_in(folder, file->path, path);
    for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700); // it may be there
        *slash = '/';
    }
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(file->data, 1, file->length, out), file->length);
    assert_int_equal(fclose(out), 0);
}

// The whole pack in both places, so that a link finds the very bytes that are signed.
static void stick_open(struct stick *stick)
{
    memset(stick, 0, sizeof *stick);
    strcpy(stick->folder, "/tmp/yimen-stick-XXXXXX");
    strcpy(stick->outside, "/tmp/yimen-beside-XXXXXX");
    assert_non_null(mkdtemp(stick->folder));
    assert_non_null(mkdtemp(stick->outside));
    samples_open(&stick->samples);
    stick->pack = sample_pack(&stick->samples, "1", "2026-01-01", "first");
    for (size_t i = 0; i < stick->pack->count; i++) {
        write_into(stick->folder, &stick->pack->entries[i]);
        write_into(stick->outside, &stick->pack->entries[i]);
    }
    assert_int_equal(system_files_open(stick->folder, &stick->files, NULL), ERR_OK);
}

static void remove_all(const struct stick *stick, const char *folder)
{
    char path[PATH];
    for (size_t i = 0; i < stick->pack->count; i++) {
        path_in(folder, stick->pack->entries[i].path, path);
        (void)remove(path);
    }
    static const char *const folders[] = {"forms", "i18n/zh", "i18n"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        path_in(folder, folders[i], path);
        (void)remove(path);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void stick_close(struct stick *stick)
{
    system_files_close(&stick->files);
    remove_all(stick, stick->folder);
    remove_all(stick, stick->outside);
    fake_files_free(stick->pack);
    samples_close(&stick->samples);
}

static enum err install(struct stick *stick)
{
    struct pack_info info = {0};
    return pack_install(&stick->files, &stick->samples.content->files, &stick->samples.options,
                        &info, NULL);
}

static void link_to_outside(const struct stick *stick, const char *name)
{
    char here[PATH], aside[PATH], there[PATH];
    path_in(stick->folder, name, here);
    path_in(stick->outside, name, there);
    snprintf(aside, sizeof aside, "%.300s.aside", here);
    assert_int_equal(rename(here, aside), 0);
    assert_int_equal(symlink(there, here), 0);
}

static void put_back(const struct stick *stick, const char *name)
{
    char here[PATH], aside[PATH];
    path_in(stick->folder, name, here);
    snprintf(aside, sizeof aside, "%.300s.aside", here);
    assert_int_equal(unlink(here), 0);
    assert_int_equal(rename(aside, here), 0);
}

static void a_pack_with_a_link_in_it_is_refused_before_the_first_write(void **state)
{
    static const char *const links[] = {"services.json", "forms/help.xml", "manifest.json",
                                        "manifest.sig",  "forms",          "i18n"};
    struct stick stick;
    struct pack_info info;
    (void)state;
    stick_open(&stick);
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        link_to_outside(&stick, links[i]);
        if (install(&stick) == ERR_OK || stick.samples.content->writes)
            fail_msg("%s: taken", links[i]);
        assert_int_not_equal(pack_verify(&stick.files, &stick.samples.options.trust, &info, NULL),
                             ERR_OK);
        put_back(&stick, links[i]);
    }
    assert_int_equal(install(&stick), ERR_OK); // the links alone were what was wrong
    stick_close(&stick);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_with_a_link_in_it_is_refused_before_the_first_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
