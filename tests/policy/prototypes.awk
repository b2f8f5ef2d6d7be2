# SPDX-License-Identifier: GPL-3.0-or-later
# Every public prototype stands under a /// comment (its own, or the one of a block of like calls without a blank line between).

FNR == 1 { documented = 0; depth = 0 }
/^[[:space:]]*\/\/\// { documented = 1; next }
/^[[:space:]]*$/ { documented = 0; next }
{
    opens = gsub(/\{/, "{")
    closes = gsub(/\}/, "}")
    if (depth == 0 && /^[a-z].*\(/ && !/^(typedef|static inline|struct [a-z_]+ \{|enum [a-z_]+ \{|extern)/ && !/^#/) {
        if (!documented) {
            name = $0
            sub(/\(.*/, "", name)
            print FILENAME ":" FNR ": " name "() has no comment"
        }
    }
    depth += opens - closes
}
