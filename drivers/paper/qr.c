// SPDX-License-Identifier: GPL-3.0-or-later
// Level Q survives a blot on a tenth of the code, which L and M do not.
#include "paper_internal.h"
#include <qrencode.h>
#include <string.h>

enum { VERSION_MAXIMUM = 12 };

enum err qr_encode(const char *text, struct qr_code *out, struct fail *why)
{
    if (!text || !*text)
        return fail_set(why, ERR_INPUT, "a QR code of nothing");
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q);
    if (!code || code->version > VERSION_MAXIMUM) {
        QRcode_free(code);
        return fail_set(why, ERR_INPUT, "QR text of %zu bytes is longer than version %d holds",
                        strlen(text), VERSION_MAXIMUM);
    }
    out->side = code->width;
    for (int i = 0; i < code->width * code->width; i++)
        out->modules[i] = code->data[i] & 1;
    QRcode_free(code);
    return ERR_OK;
}

enum err paper_qr_modules(const char *text, unsigned char *modules, size_t room, int *side,
                          struct fail *why)
{
    struct qr_code code = {0};
    enum err err = qr_encode(text, &code, why);
    if (err)
        return err;
    size_t count = (size_t)code.side * (size_t)code.side;
    if (count > room)
        return fail_set(why, ERR_FULL, "a QR code of %d modules a side needs %zu bytes", code.side,
                        count);
    memcpy(modules, code.modules, count);
    *side = code.side;
    return ERR_OK;
}
