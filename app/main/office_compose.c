// SPDX-License-Identifier: GPL-3.0-or-later
// Forms of several services, composed from the district's own content: from the release in force
// or, for a kiosk that was away, from an earlier one that is still there.
#include "office.h"
#include "yimen/base/text.h"
#include "yimen/weave/pack_compose.h"

#include <string.h>

enum { RELEASES = 64, VERSION_MARK = 96 };

struct releases {
    size_t count;
    char versions[RELEASES][PACK_VERSION];
};

static void note_release(void *context, const char *version)
{
    struct releases *releases = context;
    if (releases->count == RELEASES) { // the oldest gives way
        memmove(releases->versions, releases->versions + 1,
                sizeof releases->versions - sizeof releases->versions[0]);
        releases->count--;
    }
    text_copy(releases->versions[releases->count++], PACK_VERSION, version);
}

// The version ends in a digest of the whole form: the same version is the same text.
static bool is_version(const struct strbuf *xml, const char *version)
{
    struct strbuf mark;
    strbuf_init(&mark, VERSION_MARK);
    strbuf_adds(&mark, " version=\"");
    strbuf_add_xml(&mark, version);
    strbuf_adds(&mark, "\">");
    bool found = !mark.failed && strstr(strbuf_text(xml), strbuf_text(&mark)) != NULL;
    strbuf_free(&mark);
    return found;
}

static enum err compose_from(const struct pack_source *pack, const char *form_id,
                             const char *version, struct strbuf *out, struct fail *why)
{
    strbuf_clear(out);
    enum err err = pack_compose(pack, form_id, out, why);
    if (!err && !is_version(out, version))
        err = fail_set(why, ERR_NOT_FOUND, "%s: this release composes another version", form_id);
    return err;
}

static enum err compose_from_release(const struct office *office, const char *release,
                                     const char *form_id, const char *version, struct strbuf *out)
{
    const struct pack_trust trust = {office->crypto, office->content_public, 1};
    struct pack_source source = {0};
    struct catalogue *catalogue = NULL;
    struct texts *texts = NULL;
    struct pack *pack = NULL;
    enum err err = pack_open_version(&office->content, &trust, release, &pack, NULL);
    if (!err)
        err = catalogue_load(pack_files(pack), &catalogue, NULL);
    if (!err)
        err = texts_load(pack_files(pack), &texts, NULL);
    if (!err) {
        source = (struct pack_source){pack_files(pack), catalogue, texts};
        err = compose_from(&source, form_id, version, out, NULL);
    }
    texts_free(texts);
    catalogue_free(catalogue);
    pack_close(pack);
    return err;
}

enum err office_compose(void *context, const char *form_id, const char *version, struct strbuf *out,
                        struct fail *why)
{
    const struct office *office = context;
    struct releases releases = {0};
    const struct pack_source now = {pack_files(office->pack), office->catalogue, office->texts};
    enum err err = compose_from(&now, form_id, version, out, why);
    if (err != ERR_NOT_FOUND)
        return err;
    if (pack_versions(&office->content, note_release, &releases, NULL) != ERR_OK)
        return err;
    for (size_t i = releases.count; i-- > 0;)
        if (!text_equal(releases.versions[i], pack_about(office->pack)->version) &&
            compose_from_release(office, releases.versions[i], form_id, version, out) == ERR_OK)
            return ERR_OK;
    return err;
}
