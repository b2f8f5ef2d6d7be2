// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into a program: counts the calls that make something last or go out, and ends the
// process at one of them, as a pulled plug or the kernel's memory killer does.
//   KILL_AT=N         at the N-th (from 1)
//   KILL_AFTER=1      when it has been done; otherwise before
//   KILL_COUNT=FILE   writes how many there were, at the end
// Standard input, output and error do not count: the watching test speaks through them.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

static long calls;

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text ? strtol(text, NULL, 10) : 0;
}

static void end(void)
{
    (void)kill(getpid(), SIGKILL);
}

// Counts a call; true: it is the one that is to be done first.
static int counted(int file)
{
    if (file >= 0 && file <= STDERR_FILENO)
        return 0;
    if (++calls != number_of("KILL_AT"))
        return 0;
    if (!number_of("KILL_AFTER"))
        end();
    return 1;
}

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

// One wrapper: result type, name, file (or -1), parameters, arguments.
#define WRAP(type, name, file, parameters, arguments)                                              \
    EXPORT type name parameters;                                                                   \
    EXPORT type name parameters                                                                    \
    {                                                                                              \
        type(*call) parameters = (type(*) parameters)real(#name);                                  \
        int is_last = counted(file);                                                               \
        type result = call arguments;                                                              \
        if (is_last)                                                                               \
            end();                                                                                 \
        return result;                                                                             \
    }

WRAP(ssize_t, write, fd, (int fd, const void *data, size_t length), (fd, data, length))
WRAP(ssize_t, pwrite, fd, (int fd, const void *data, size_t length, off_t at),
     (fd, data, length, at))
WRAP(ssize_t, pwrite64, fd, (int fd, const void *data, size_t length, off64_t at),
     (fd, data, length, at))
WRAP(int, fsync, fd, (int fd), (fd))
WRAP(int, fdatasync, fd, (int fd), (fd))
WRAP(int, ftruncate, fd, (int fd, off_t length), (fd, length))
WRAP(int, ftruncate64, fd, (int fd, off64_t length), (fd, length))
WRAP(int, rename, -1, (const char *from, const char *to), (from, to))
WRAP(int, unlink, -1, (const char *path), (path))
WRAP(int, connect, fd, (int fd, const struct sockaddr *address, socklen_t length),
     (fd, address, length))
WRAP(ssize_t, send, fd, (int fd, const void *data, size_t length, int flags),
     (fd, data, length, flags))
WRAP(ssize_t, sendto, fd,
     (int fd, const void *data, size_t length, int flags, const struct sockaddr *address,
      socklen_t address_length),
     (fd, data, length, flags, address, address_length))
WRAP(ssize_t, sendmsg, fd, (int fd, const struct msghdr *message, int flags), (fd, message, flags))

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("KILL_COUNT");
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
    if (file >= 0) {
        (void)dprintf(file, "%ld\n", calls);
        (void)close(file);
    }
}
