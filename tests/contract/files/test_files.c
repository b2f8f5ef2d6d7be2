// SPDX-License-Identifier: GPL-3.0-or-later
// The files port on the real driver and on the one in memory.
#include "fakes/fakes_files.h"
#include "yimen/driver/system.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct subject {
    char folder[64];
    struct files real;
    struct fake_files *fake;
    const struct files *files;
};

static int open_real(void **state)
{
    struct subject *subject = calloc(1, sizeof *subject);
    snprintf(subject->folder, sizeof subject->folder, "/tmp/yimen-files-XXXXXX");
    assert_non_null(mkdtemp(subject->folder));
    assert_int_equal(system_files_open(subject->folder, &subject->real, NULL), ERR_OK);
    subject->files = &subject->real;
    *state = subject;
    return 0;
}

static int open_fake(void **state)
{
    struct subject *subject = calloc(1, sizeof *subject);
    subject->fake = fake_files_new();
    subject->files = &subject->fake->files;
    *state = subject;
    return 0;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

static int close_any(void **state)
{
    struct subject *subject = *state;
    if (subject->fake)
        fake_files_free(subject->fake);
    else {
        system_files_close(&subject->real);
        assert_int_equal(nftw(subject->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
    }
    free(subject);
    return 0;
}

static const struct files *files_of(void **state)
{
    return ((struct subject *)*state)->files;
}

static enum err put(const struct files *files, const char *path, const char *text, bool secret)
{
    return files->ops->write(files->self, path, text, strlen(text), secret, NULL);
}

static void expect(const struct files *files, const char *path, const char *text)
{
    struct strbuf out;
    strbuf_init(&out, 1000);
    assert_int_equal(files->ops->read(files->self, path, &out, NULL), ERR_OK);
    assert_string_equal(strbuf_text(&out), text);
    strbuf_free(&out);
}

static void what_is_written_is_read_and_replaced_whole(void **state)
{
    const struct files *files = files_of(state);
    assert_int_equal(put(files, "a/b/c.txt", "first, longer", false), ERR_OK);
    expect(files, "a/b/c.txt", "first, longer");
    assert_int_equal(put(files, "a/b/c.txt", "second", false), ERR_OK);
    expect(files, "a/b/c.txt", "second");
    assert_int_equal(put(files, "empty", "", true), ERR_OK);
    expect(files, "empty", "");
}

static void what_is_not_there_is_not_found(void **state)
{
    const struct files *files = files_of(state);
    struct strbuf out;
    struct fail why;
    strbuf_init(&out, 10);
    assert_int_equal(files->ops->read(files->self, "nothing", &out, &why), ERR_NOT_FOUND);
    assert_int_equal(files->ops->read(files->self, "no/folder/here", &out, &why), ERR_NOT_FOUND);
    assert_int_equal(files->ops->remove(files->self, "nothing", &why), ERR_NOT_FOUND);
    assert_int_equal(put(files, "there", "x", false), ERR_OK);
    assert_int_equal(files->ops->remove(files->self, "there", &why), ERR_OK);
    assert_int_equal(files->ops->read(files->self, "there", &out, &why), ERR_NOT_FOUND);
    strbuf_free(&out);
}

static void a_folder_goes_when_it_is_empty(void **state)
{
    const struct files *files = files_of(state);
    assert_int_equal(put(files, "full/of/it", "x", false), ERR_OK);
    assert_int_not_equal(files->ops->remove(files->self, "full", NULL), ERR_OK);
    expect(files, "full/of/it", "x");
    assert_int_equal(files->ops->remove(files->self, "full/of/it", NULL), ERR_OK);
    enum err of = files->ops->remove(files->self, "full/of", NULL);
    enum err full = files->ops->remove(files->self, "full", NULL);
    assert_true(of == ERR_OK || of == ERR_NOT_FOUND); // one without folders has none now
    assert_true(full == of);
    assert_int_equal(put(files, "full", "a file", false), ERR_OK);
    expect(files, "full", "a file");
}

static void a_file_longer_than_asked_for_is_refused(void **state)
{
    const struct files *files = files_of(state);
    struct strbuf out;
    strbuf_init(&out, 9);
    assert_int_equal(put(files, "ten", "0123456789", false), ERR_OK);
    assert_int_equal(files->ops->read(files->self, "ten", &out, NULL), ERR_FULL);
    strbuf_free(&out);
}

static void paths_that_leave_the_root_are_refused(void **state)
{
    const struct files *files = files_of(state);
    static const char *const paths[] = {"../x", "a/../../x", "/etc/passwd", "a//b",
                                        "",     "a/",        "./a"};
    for (size_t at = 0; at < sizeof paths / sizeof paths[0]; at++) {
        struct strbuf out;
        strbuf_init(&out, 100);
        assert_int_not_equal(put(files, paths[at], "x", false), ERR_OK);
        assert_int_not_equal(files->ops->read(files->self, paths[at], &out, NULL), ERR_OK);
        strbuf_free(&out);
    }
}

static void add_name(void *context, const char *name)
{
    strbuf_addf(context, "%s ", name);
}

static void a_folder_lists_its_names_sorted(void **state)
{
    const struct files *files = files_of(state);
    struct strbuf names;
    strbuf_init(&names, 1000);
    assert_int_equal(put(files, "d/z", "", false), ERR_OK);
    assert_int_equal(put(files, "d/a", "", false), ERR_OK);
    assert_int_equal(put(files, "d/m/inner", "", false), ERR_OK);
    assert_int_equal(files->ops->list(files->self, "d", add_name, &names, NULL), ERR_OK);
    assert_string_equal(names.data, "a m z ");
    strbuf_free(&names);
}

static void the_space_is_told(void **state)
{
    const struct files *files = files_of(state);
    int64_t free_bytes, total;
    assert_int_equal(files->ops->space(files->self, &free_bytes, &total, NULL), ERR_OK);
    assert_true(free_bytes > 0 && total >= free_bytes);
}

static void links_are_not_followed(void **state)
{
    struct subject *subject = *state;
    char path[128];
    struct strbuf out;
    strbuf_init(&out, 10000);
    snprintf(path, sizeof path, "%s/passwd", subject->folder);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/etc", subject->folder);
    assert_int_equal(symlink("/etc", path), 0);
    assert_int_not_equal(subject->files->ops->read(subject->files->self, "passwd", &out, NULL),
                         ERR_OK);
    assert_int_not_equal(
        subject->files->ops->read(subject->files->self, "etc/hostname", &out, NULL), ERR_OK);
    assert_int_not_equal(put(subject->files, "etc/yimen-test", "x", false), ERR_OK);
    assert_int_equal(out.length, 0);
    strbuf_free(&out);
}

static void secrets_are_for_their_owner_only_and_no_scrap_is_left(void **state)
{
    struct subject *subject = *state;
    struct stat about;
    char path[128];
    struct strbuf names;
    strbuf_init(&names, 1000);
    assert_int_equal(put(subject->files, "keys/root.key", "k", true), ERR_OK);
    snprintf(path, sizeof path, "%s/keys/root.key", subject->folder);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    assert_int_equal(
        subject->files->ops->list(subject->files->self, "keys", add_name, &names, NULL), ERR_OK);
    assert_string_equal(names.data, "root.key ");
    strbuf_free(&names);
}

int main(void)
{
#define ON(test, open) cmocka_unit_test_setup_teardown(test, open, close_any)
#define ON_BOTH(test) ON(test, open_real), ON(test, open_fake)
    const struct CMUnitTest tests[] = {
        ON_BOTH(what_is_written_is_read_and_replaced_whole),
        ON_BOTH(what_is_not_there_is_not_found),
        ON_BOTH(a_folder_goes_when_it_is_empty),
        ON_BOTH(a_file_longer_than_asked_for_is_refused),
        ON_BOTH(paths_that_leave_the_root_are_refused),
        ON_BOTH(a_folder_lists_its_names_sorted),
        ON_BOTH(the_space_is_told),
        ON(links_are_not_followed, open_real),
        ON(secrets_are_for_their_owner_only_and_no_scrap_is_left, open_real),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
