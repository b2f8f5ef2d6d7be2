// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/port/clock.h"
#include "yimen/port/crypto.h"

/// The commands of yimenctl, one function each, listed in table.c. A command gets
/// the arguments behind "GROUP VERB" (argv[0] is the verb), writes its answer to standard output
/// and what went wrong to standard error, and returns the exit code: 0 done, 1 it did not work, 2
/// it was called wrongly.

/// What every command may use; opened and closed by yimenctl.c.
struct ctl {
    const struct crypto *crypto;
    const struct clock *clock;
    const struct command *command; ///< the one that is running (table.h)
};

/// `form xpath`: one JSON job a line on standard input, one JSON answer a line on standard output.
int ctl_form_xpath(const struct ctl *ctl, int argc, char **argv);

/// `form replay`: one JSON job (a form and what is answered) a line in, every node's state out.
int ctl_form_replay(const struct ctl *ctl, int argc, char **argv);

/// `form check FILE...`: what a form author should know; 1 when a form has errors.
int ctl_form_check(const struct ctl *ctl, int argc, char **argv);
/// `form compose FOLDER SERVICE...`: the form of several services in one visit, to standard output.
int ctl_form_compose(const struct ctl *ctl, int argc, char **argv);
/// `form preview FILE`: opens it in the kiosk's window. Does not come back when that works.
int ctl_form_preview(const struct ctl *ctl, int argc, char **argv);
/// `form texts export|import|check`: the tables of sentences and their translators.
int ctl_form_texts(const struct ctl *ctl, int argc, char **argv);
/// `form expand FILE`: the form with everything it includes, to standard output.
int ctl_form_expand(const struct ctl *ctl, int argc, char **argv);

/// `doctor --kiosk DIR`: what keeps a kiosk closed, and what mends it; 1 when something does, 3
/// when something is to be mended that does not.
int ctl_doctor(const struct ctl *ctl, int argc, char **argv);

/// `content key|build|sign|verify|install|show`: signed packs.
int ctl_content_key(const struct ctl *ctl, int argc, char **argv);
int ctl_content_build(const struct ctl *ctl, int argc, char **argv);
int ctl_content_sign(const struct ctl *ctl, int argc, char **argv);
int ctl_content_verify(const struct ctl *ctl, int argc, char **argv);
int ctl_content_install(const struct ctl *ctl, int argc, char **argv);
int ctl_content_show(const struct ctl *ctl, int argc, char **argv);

/// `provision --demo DIR`: a demo district and a kiosk, through the real enrolment.
int ctl_provision(const struct ctl *ctl, int argc, char **argv);
/// `enroll --kiosk DIR --server URL --code CODE`: a kiosk's keys and certificate.
int ctl_enroll(const struct ctl *ctl, int argc, char **argv);

/// `district code|list|show|set-status|revoke|audit --district DIR`: the desk.
int ctl_district_code(const struct ctl *ctl, int argc, char **argv);
int ctl_district_ratings(const struct ctl *ctl, int argc, char **argv);
int ctl_district_list(const struct ctl *ctl, int argc, char **argv);
int ctl_district_show(const struct ctl *ctl, int argc, char **argv);
/// `district open|quarantine`: a case whose opening failed.
int ctl_district_open(const struct ctl *ctl, int argc, char **argv);
int ctl_district_quarantine(const struct ctl *ctl, int argc, char **argv);
int ctl_district_set_status(const struct ctl *ctl, int argc, char **argv);
/// `district correct`: asks for what a case still needs.
int ctl_district_correct(const struct ctl *ctl, int argc, char **argv);
int ctl_district_revoke(const struct ctl *ctl, int argc, char **argv);
int ctl_district_backup(const struct ctl *ctl, int argc, char **argv);
int ctl_district_rotate(const struct ctl *ctl, int argc, char **argv);
int ctl_district_accept_audit(const struct ctl *ctl, int argc, char **argv);
int ctl_district_devices(const struct ctl *ctl, int argc, char **argv);
int ctl_district_heads(const struct ctl *ctl, int argc, char **argv);
int ctl_district_audit(const struct ctl *ctl, int argc, char **argv);

/// `form encrypt|decrypt`: ODK encrypted submissions.
int ctl_form_encrypt(const struct ctl *ctl, int argc, char **argv);
int ctl_form_decrypt(const struct ctl *ctl, int argc, char **argv);

/// `queue list --kiosk DIR [--json]`: each case with its true state.
int ctl_queue_list(const struct ctl *ctl, int argc, char **argv);
/// `audit verify --kiosk DIR [--head FILE|TEXT]`: 1 when the chain of entries is broken.
int ctl_audit_verify(const struct ctl *ctl, int argc, char **argv);
/// `audit report --kiosk DIR --out FILE.pdf`: the day's report, to be signed and filed.
int ctl_audit_report(const struct ctl *ctl, int argc, char **argv);
/// `audit export --kiosk DIR`: every entry with its hash, and the signed head.
int ctl_audit_export(const struct ctl *ctl, int argc, char **argv);
/// `slip make --kiosk DIR --count N --out FILE.pdf`: a stock of numbered slips to fill in by hand.
int ctl_slip_make(const struct ctl *ctl, int argc, char **argv);
/// `staff add --kiosk DIR --number N --role ROLE [--replace]`: the PIN from standard input.
int ctl_staff_add(const struct ctl *ctl, int argc, char **argv);
