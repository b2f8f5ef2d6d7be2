# SPDX-License-Identifier: GPL-3.0-or-later
# Function longer than 60 lines, file longer than 600: look again, or say in exceptions why it stays.
# Closing braces of functions stand in column 0, so no parser is needed.

FNR == 1 && NR > 1 { file_end() }
FNR == 1 { file = FILENAME; start = 0; name = "" }
{ lines = FNR }
/^[a-z].*\(/ && !/;$/ && !/^(typedef|struct [a-z_]+ =|static const)/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
/^\{/ { start = FNR }
/^\}/ {
    if (start && FNR - start + 1 > 60)
        print file ":" start ": " name "() has " FNR - start + 1 " lines"
    start = 0
}
END { file_end() }

function file_end() {
    if (lines > 600)
        print file ": " lines " lines"
}
