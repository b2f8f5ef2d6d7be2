// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

const struct command commands[] = {
    {"form", "xpath", "evaluate expressions: JSON jobs on standard input, one a line",
     "[--now MS] < jobs > answers",
     "A job is one line of JSON: {\"id\", \"xml\", \"xforms\": is it an XForm, \"root\",\n"
     "\"ctx\": node paths, \"ns\": {prefix: URI}, \"lang\", \"tz\", \"kind\", \"expr\"}.\n"
     "--now stops the clock at so many UTC milliseconds since 1970.\n",
     ctl_form_xpath},
    {"form", "replay", "fill in forms as told: JSON jobs on standard input, one a line",
     "[--now MS] < jobs > answers",
     "A job is one line of JSON: {\"id\", \"form\": XForm text, \"dir\": folder of\n"
     "external files, \"resources\": {\"jr://...\": {\"mime\", \"body\"}}, \"tz\",\n"
     "\"missing\": [uri], \"edit\": record or null, \"preload\": {\"deviceID\"},\n"
     "\"ops\": [{\"op\": \"answer\", \"ref\", \"value\"}, {\"op\": \"addRepeat\",\n"
     "\"range\"}, {\"op\": \"removeRepeat\", \"ref\"}, {\"op\": \"setLanguage\",\n"
     "\"lang\"}]}. The answer has every node after loading and after each op.\n"
     "--now stops the clock at so many UTC milliseconds since 1970.\n",
     ctl_form_replay},
    {"form", "expand", "print a form with everything it includes", "FILE",
     "Writes the form with everything it includes to standard output.\n", ctl_form_expand},
    {"form", "compose", "print the form of several services in one visit",
     "FOLDER SERVICE SERVICE...",
     "FOLDER is content: a tree like assets/ or an installed release.\n", ctl_form_compose},
    {"form", "check", "list what is wrong with forms, or say what they are",
     "[--lists DIR] FILE...",
     "External lists and media are looked for beside each form, lists also in DIR.\n"
     "Exit code 1 when a form has errors.\n",
     ctl_form_check},
    {"form", "texts", "sentences of forms: to a translator, back, and what is missing",
     "export|import|check FORMS [LANGUAGE TABLE]",
     "export writes XLIFF to standard output, import reads it from standard input.\n"
     "FORMS is a folder like assets/forms, TABLE the name of a form or block\n"
     "(home_care), or common: what many forms say. The files are XLIFF 1.2, Chinese\n"
     "to LANGUAGE; the tables are FORMS/texts/LANGUAGE/TABLE.csv. An import keeps what\n"
     "the file does not translate. Check names each sentence that is missing in a\n"
     "language or that nothing says; exit code 1 when there is one.\n",
     ctl_form_texts},
    {"form", "preview", "open a form in the kiosk's window",
     "FILE [--language zh|en|ko] [--width N --height N] [--assets DIR] [--seconds N] [--mm-per-px "
     "MM] [--look NAME] [--tree-socket PATH]",
     "Opens the form in the kiosk's window. Nothing is saved, sent or printed: the record that\n"
     "would have been handed in goes to standard output. When the file is changed, the form\n"
     "begins anew. What the form includes, and its lists and media, are looked for beside it.\n",
     ctl_form_preview},
    {"form", "encrypt", "seal a submission to a public key, as ODK tools do",
     "--key PUB.pem --out DIR SUBMISSION.xml [MEDIA...]",
     "Writes DIR/submission.xml (the manifest) and each file as DIR/NAME.enc.\n", ctl_form_encrypt},
    {"form", "decrypt", "open a sealed submission with the private key",
     "--key PRIV.pem DIR [--out DIR]",
     "Reads DIR/submission.xml and the files it names; writes the opened files to DIR/decrypted.\n",
     ctl_form_decrypt},
    {"doctor", "", "what keeps a kiosk closed, and what mends it", "--kiosk DIR",
     "Exit code 1 when something keeps the kiosk closed, 3 when something is to be mended.\n",
     ctl_doctor},
    {"queue", "list", "each case of a kiosk with its true state", "--kiosk DIR [--json]", "",
     ctl_queue_list},
    {"audit", "verify", "walk a kiosk's audit chain, against a head that left it",
     "--kiosk DIR [--head FILE|TEXT]", "Exit code 1 when the chain is broken.\n", ctl_audit_verify},
    {"audit", "report", "a counter's day on paper, with the signed head",
     "--kiosk DIR --out FILE.pdf [--day YYYY-MM-DD] [--language LANG]",
     "Prints the signed head, too. Without --day: today.\n", ctl_audit_report},
    {"audit", "export", "every entry of a kiosk's audit chain, and its signed head", "--kiosk DIR",
     "Every entry with its hash, one a line, and the signed head.\n", ctl_audit_export},
    {"slip", "make", "a stock of numbered slips to fill in by hand, as PDF",
     "--kiosk DIR --count N --out FILE.pdf [--language zh|en|ko] [--assets DIR]",
     "N is 50 at most; five stand on one sheet, the others in FILE-2.pdf, FILE-3.pdf, ...\n"
     "The words come from the installed pack, or from the tree --assets.\n",
     ctl_slip_make},
    {"staff", "add", "a staff account of a kiosk; PIN on standard input",
     "--kiosk DIR --number N --role ROLE [--replace] < PIN", "", ctl_staff_add},
    {"content", "key", "make a key pair for signing packs", "--out NAME",
     "Writes NAME.key and NAME.pub.\n", ctl_content_key},
    {"content", "build", "make a pack from a tree like assets/",
     "--from ASSETS --out FOLDER --version N.N [--effective-from DATE] [--effective-to DATE]", "",
     ctl_content_build},
    {"content", "sign", "sign a pack", "--key NAME.key FOLDER", "", ctl_content_sign},
    {"content", "verify", "check a pack's signature and every file",
     "--key NAME.pub [--key NEXT.pub] FOLDER", "", ctl_content_verify},
    {"content", "install", "verify, install and try a pack",
     "--key NAME.pub [--key NEXT.pub] --into CONTENT FOLDER", "", ctl_content_install},
    {"content", "show", "the pack in force, what waits, what still opens",
     "--key NAME.pub [--key NEXT.pub] --into CONTENT", "", ctl_content_show},
    {"provision", "", "a district and a kiosk of its own in one folder, for trying",
     "--demo DIR [--counter 001] [--printer URI] [--port-base 8443] [--assets DIR]", "",
     ctl_provision},
    {"enroll", "", "make a kiosk's keys and register it with a one-time code",
     "--kiosk DIR --server URL --code CODE [--printer URI]", "", ctl_enroll},
    {"district", "code", "a one-time code for enrolling a counter's kiosk",
     "--district DIR --counter 001", "", ctl_district_code},
    {"district", "ratings", "how satisfied residents were, by counter and service",
     "--district DIR", "", ctl_district_ratings},
    {"district", "list", "every case, without its answers", "--district DIR", "",
     ctl_district_list},
    {"district", "show", "one case with its opened record; asks for a reason",
     "--district DIR RECEIPT --reason TEXT [--item SERVICE] [--file NAME] [--actor NUMBER]", "",
     ctl_district_show},
    {"district", "open", "try again to open a case that waits or is in quarantine",
     "--district DIR RECEIPT [--actor NUMBER]", "", ctl_district_open},
    {"district", "quarantine",
     "take a case that cannot be opened out of the way; asks for a reason",
     "--district DIR RECEIPT --reason TEXT [--actor NUMBER]", "", ctl_district_quarantine},
    {"district", "set-status", "move a case to its next state",
     "--district DIR RECEIPT CODE [--item SERVICE] [--reason TEXT] [--actor NUMBER]", "",
     ctl_district_set_status},
    {"district", "correct", "ask for what a case still needs: fields, papers, each with its reason",
     "--district DIR --receipt NUMBER --actor NUMBER (--field REF | --paper ID) --reason TEXT ... "
     "[--days N] [--replace REASON]",
     "Each field or paper is followed by its reason in plain words. --days: by when, else as the\n"
     "content says. --replace: in place of the list that is open, and why.\n",
     ctl_district_correct},
    {"district", "revoke", "refuse a device from now on",
     "--district DIR DEVICE [--reason TEXT] [--actor NUMBER]", "", ctl_district_revoke},
    {"district", "backup", "copy the store, read it back, let kiosks prune",
     "--district DIR FILE [--actor NUMBER]", "", ctl_district_backup},
    {"district", "rotate-sealing", "a new sealing key; the older ones still open", "--district DIR",
     "Restart the district afterwards.\n", ctl_district_rotate},
    {"district", "devices", "every kiosk: heard of, stored today, what is wrong with it",
     "--district DIR", "", ctl_district_devices},
    {"district", "accept-audit", "a forked kiosk's new history may begin, and why",
     "--district DIR DEVICE --reason TEXT [--actor NUMBER]", "", ctl_district_accept_audit},
    {"district", "heads", "signed heads of the kiosks' audit chains, by day", "--district DIR", "",
     ctl_district_heads},
    {"district", "audit", "check the chain of readings and decisions", "--district DIR", "",
     ctl_district_audit},
    {"completion", "", "completion for bash, to standard output", "", "", ctl_completion},
    {"manual", "", "the manual page, to standard output", "", "", ctl_manual},
};
const size_t command_count = sizeof commands / sizeof commands[0];
