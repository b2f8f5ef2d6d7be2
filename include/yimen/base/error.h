// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// What went wrong, named after the reaction it asks of the caller, and why, as a chain of causes.
///
/// A fallible function returns `enum err` (must be used) and takes `struct fail *why` last, which
/// may be NULL. The floor that finds the fault sets the text; each floor above may put its task in
/// front: "saving the case: writing part 2: disk is full". The floor that decides what to do logs
/// it, once. Texts are for technicians and the log: English, never an answer, a name or a number of
/// a resident. Thread: a `struct fail` belongs to its caller.

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

enum err {
    ERR_OK = 0,     ///< done
    ERR_RETRY,      ///< not now: the same call may succeed later (network away, device busy)
    ERR_INPUT,      ///< what was given is wrong: ask the person, or refuse the bytes
    ERR_DENIED,     ///< not allowed: wrong PIN, wrong signature, wrong certificate
    ERR_FULL,       ///< a stated maximum or the disk is reached
    ERR_NOT_FOUND,  ///< there is no such thing
    ERR_CONFLICT,   ///< it is there already, and different
    ERR_UNKNOWN,    ///< may have happened, may not: never repeat by yourself (printing)
    ERR_TECHNICIAN, ///< needs somebody with a key: missing file, wrong configuration, broken device
    ERR_CORRUPT,    ///< stored bytes are not what was stored
    ERR_UNSUPPORTED, ///< understood, but not offered here
    ERR_BUG,         ///< cannot happen; report it
};

struct fail {
    enum err err;
    char text[480]; ///< "task: task: cause", cut at the end when too long
};

/// Short constant name of an error ("retry", "input", ...), for logs and JSON.
const char *err_name(enum err err);

/// Record the cause. Returns `err`, so that `return fail_set(why, ERR_INPUT, ...)` reads well. NULL
/// is fine.
enum err fail_set(struct fail *why, enum err err, const char *format, ...) PRINTF_LIKE(3, 4);

/// Put the caller's task in front of what is there. Returns `err` unchanged.
enum err fail_prefix(struct fail *why, enum err err, const char *format, ...) PRINTF_LIKE(3, 4);

// The static analyser reads one file at a time: it would not know what these two return.
#ifdef __clang_analyzer__
/// Never called: takes the words of the two, so that what is only said in them counts as used.
void fail_words(const char *format, ...) PRINTF_LIKE(1, 2);
#define fail_set(why, code, ...) ((void)(why), fail_words(__VA_ARGS__), (enum err)(code))
#define fail_prefix(why, code, ...) ((void)(why), fail_words(__VA_ARGS__), (enum err)(code))
#endif
