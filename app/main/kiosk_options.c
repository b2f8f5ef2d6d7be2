// SPDX-License-Identifier: GPL-3.0-or-later
#include "kiosk_options.h"
#include "yimen/base/text.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "yimen-kiosk --kiosk DIR [options]\n"
    "yimen-kiosk --preview FORM [options]   nothing is saved, sent or printed\n"
    "  --kiosk DIR           folder made by yimenctl provision\n"
    "  --printer NAME        CUPS queue or ipp:// address instead of the configured one\n"
    "  --code-device PATH    serial line or FIFO of the code reader instead of the configured one\n"
    "  --language LANG       zh, en or ko at the start of each visit\n"
    "  --width N --height N  window in pixels; without them the whole screen\n"
    "  --fullscreen          the whole screen, also when a size is configured\n"
    "  --mm-per-px X         measured size of a pixel\n"
    "  --look DIR            theme and icons\n"
    "  --latency-file FILE   milliseconds from touch to frame, one a line, at the end\n"
    "  --seconds N           close after so long\n"
    "on a demo kiosk only:\n"
    "  --assets DIR          unpacked content instead of the installed pack\n"
    "  --tree-socket PATH    answer with the semantic tree of the screen\n"
    "  --keep-receipts DIR   also write each receipt there as pwg, pdf and png\n"
    "  --idle-seconds N      inactivity alert after so long, and as long a countdown\n"
    "  --printer sim[:\"5000 paper-out, 20000 good\"]\n"
    "  --code-device sim:\"5000 YT1:...\"\n";

enum option_id {
    OPTION_KIOSK = 256,
    OPTION_PREVIEW,
    OPTION_ASSETS,
    OPTION_LOOK,
    OPTION_TREE,
    OPTION_PRINTER,
    OPTION_LANGUAGE,
    OPTION_LATENCY,
    OPTION_KEEP,
    OPTION_WIDTH,
    OPTION_HEIGHT,
    OPTION_SECONDS,
    OPTION_IDLE,
    OPTION_MM,
    OPTION_FULLSCREEN,
    OPTION_CODE,
    OPTION_HELP,
};

static const struct option table[] = {
    {"kiosk", required_argument, NULL, OPTION_KIOSK},
    {"preview", required_argument, NULL, OPTION_PREVIEW},
    {"assets", required_argument, NULL, OPTION_ASSETS},
    {"look", required_argument, NULL, OPTION_LOOK},
    {"tree-socket", required_argument, NULL, OPTION_TREE},
    {"printer", required_argument, NULL, OPTION_PRINTER},
    {"language", required_argument, NULL, OPTION_LANGUAGE},
    {"latency-file", required_argument, NULL, OPTION_LATENCY},
    {"keep-receipts", required_argument, NULL, OPTION_KEEP},
    {"width", required_argument, NULL, OPTION_WIDTH},
    {"height", required_argument, NULL, OPTION_HEIGHT},
    {"seconds", required_argument, NULL, OPTION_SECONDS},
    {"idle-seconds", required_argument, NULL, OPTION_IDLE},
    {"mm-per-px", required_argument, NULL, OPTION_MM},
    {"fullscreen", no_argument, NULL, OPTION_FULLSCREEN},
    {"code-device", required_argument, NULL, OPTION_CODE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

static bool take_number(const char *text, int *out)
{
    int64_t number;
    if (!text_to_int64(text, &number) || number < 0 || number > 1000000)
        return false;
    *out = (int)number;
    return true;
}

static bool take_millimetres(const char *text, double *out)
{
    char *end;
    *out = strtod(text, &end);
    return end != text && !*end && *out > 0.01 && *out < 10;
}

static bool take(struct kiosk_options *out, int id, const char *text)
{
    switch (id) {
    case OPTION_KIOSK: out->kiosk = text; break;
    case OPTION_PREVIEW: out->preview = text; break;
    case OPTION_ASSETS: out->assets = text; break;
    case OPTION_LOOK: out->look = text; break;
    case OPTION_TREE: out->tree_socket = text; break;
    case OPTION_PRINTER: out->printer = text; break;
    case OPTION_LANGUAGE: out->language = text; break;
    case OPTION_LATENCY: out->latency_file = text; break;
    case OPTION_KEEP: out->keep_receipts = text; break;
    case OPTION_CODE: out->code_device = text; break;
    case OPTION_WIDTH: return take_number(text, &out->width);
    case OPTION_HEIGHT: return take_number(text, &out->height);
    case OPTION_SECONDS: return take_number(text, &out->seconds);
    case OPTION_IDLE: return take_number(text, &out->idle_seconds);
    case OPTION_MM: return take_millimetres(text, &out->mm_per_px);
    case OPTION_FULLSCREEN: out->fullscreen = true; break;
    default: return false;
    }
    return true;
}

bool kiosk_options_read(int argc, char **argv, struct kiosk_options *out, int *code)
{
    memset(out, 0, sizeof *out);
    *code = 2;
    for (int id; (id = getopt_long(argc, argv, "", table, NULL)) != -1;) {
        if (id == OPTION_HELP) {
            (void)fputs(usage, stdout);
            *code = 0;
            return false;
        }
        if (id == '?')
            return false;
        if (!take(out, id, optarg)) {
            (void)fprintf(stderr, "yimen-kiosk: %s is not a good value here\n", optarg);
            return false;
        }
    }
    if (!out->kiosk == !out->preview || optind < argc) {
        (void)fputs(usage, stderr);
        return false;
    }
    return true;
}

const char *kiosk_options_demo_only(const struct kiosk_options *options)
{
    if (options->assets)
        return "--assets";
    if (options->tree_socket)
        return "--tree-socket";
    if (options->keep_receipts)
        return "--keep-receipts";
    if (options->idle_seconds)
        return "--idle-seconds";
    if (options->code_device && text_starts(options->code_device, "sim:"))
        return "--code-device sim";
    return options->printer && text_starts(options->printer, "sim") ? "--printer sim" : NULL;
}
