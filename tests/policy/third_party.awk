# SPDX-License-Identifier: GPL-3.0-or-later
# Where each library's headers may be included: one folder each, so that it can be replaced there.

BEGIN {
    where["SDL"] = "^ui/|^drivers/(speech|sound)/"
    where["pango"] = "^ui/|^drivers/paper/"
    where["cairo"] = "^ui/|^drivers/paper/"
    where["librsvg"] = "^ui/"
    where["fontconfig"] = "^ui/|^drivers/(paper|pinyin)/"
    where["glib"] = "^ui/|^drivers/(paper|pinyin)/"
    where["sqlite3"] = "^drivers/sqlite/"
    where["libpq"] = "^drivers/pg/"
    where["qrencode"] = "^drivers/paper/"
    where["cups"] = "^drivers/(cups|paper)/"
    where["libxml"] = "^(include/yimen|app)/(xml|xpath|form|record|weave)/"
    where["pcre2"] = "^app/xpath/"
    where["curl"] = "^drivers/curl/"
    where["microhttpd"] = "^drivers/mhd/"
    where["gnutls"] = "^drivers/mhd/"
    where["sodium"] = "^drivers/crypto/"
    where["openssl"] = "^drivers/crypto/"
    where["pinyin"] = "^drivers/pinyin/"
    where["systemd"] = "^drivers/system/"
    where["jansson"] = "^(app|drivers|ui)/"
}

/^#include </ {
    header = $2
    gsub(/[<>]/, "", header)
    for (name in where) {
        if (header ~ ("^" name) || header ~ ("^(SDL2/)?" name)) {
            if (FILENAME !~ where[name])
                print FILENAME ":" FNR ": <" header "> belongs in " where[name]
        }
    }
}
