// SPDX-License-Identifier: GPL-3.0-or-later
#include "contract/printer/rig.h"
#include "yimen/base/text.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static const char SCRIPT[] = "app/demo/printer_rig.sh";

static void take_output(int from, char *out, size_t room)
{
    size_t used = 0;
    char more[512];
    for (ssize_t got; (got = read(from, more, sizeof more)) > 0;) {
        size_t fits = used + 1 < room ? room - 1 - used : 0;
        fits = (size_t)got < fits ? (size_t)got : fits;
        memcpy(out + used, more, fits);
        used += fits;
    }
    if (room)
        out[used] = '\0';
}

int rig_run(const char *const *arguments, char *out, size_t room)
{
    int ends[2];
    if (pipe(ends))
        return -1;
    (void)fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[1]);
        (void)execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    (void)close(ends[1]);
    take_output(ends[0], out, room);
    (void)close(ends[0]);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void say(const struct rig *rig, const char *action, const char *argument, char *out,
                size_t room)
{
    const char *const arguments[] = {SCRIPT, action, rig->folder, argument, NULL};
    int code = rig_run(arguments, out, room);
    if (code)
        fail_msg("printer rig: %s ended with %d", action, code);
}

void rig_start(struct rig *rig)
{
    char lines[256];
    (void)snprintf(rig->folder, sizeof rig->folder, "/tmp/yimen-rig-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    say(rig, "start", NULL, lines, sizeof lines);
    char *second = strchr(lines, '\n');
    assert_non_null(second);
    *second++ = '\0';
    second[strcspn(second, "\n")] = '\0';
    assert_true(text_copy(rig->printer, sizeof rig->printer, lines));
    assert_true(text_copy(rig->queue, sizeof rig->queue, second));
}

void rig_stop(struct rig *rig)
{
    if (!rig->folder[0])
        return;
    rig_do(rig, "stop", NULL);
    const char *const arguments[] = {"rm", "-rf", rig->folder, NULL};
    (void)rig_run(arguments, NULL, 0);
    rig->folder[0] = '\0';
}

void rig_do(const struct rig *rig, const char *action, const char *argument)
{
    say(rig, action, argument, NULL, 0);
}

int rig_pages(const struct rig *rig)
{
    char pattern[96];
    glob_t found = {0};
    (void)snprintf(pattern, sizeof pattern, "%s/paper/[0-9]*.pwg", rig->folder);
    int count = glob(pattern, 0, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    globfree(&found);
    return count;
}

void rig_page_path(const struct rig *rig, int number, char *out, size_t room)
{
    (void)snprintf(out, room, "%s/paper/%03d.pwg", rig->folder, number);
}
