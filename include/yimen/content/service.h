// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/base/error.h"
#include "yimen/base/limits.h"
#include "yimen/port/files.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What is offered at the counter: services, doors, the papers each asks for, counters and
/// divisions; from a pack's services.json, counters.json and divisions/*.csv. Data with effective
/// dates; no rule of any service is in C. Life cycle: `catalogue_load` -> read -> `catalogue_free`.
/// Read-only after loading: any thread.

enum {
    SERVICE_PAPERS = 24,
    SERVICE_CONSENTS = 6,
    SERVICE_LIMITS = 8,
    CATALOGUE_FIRST_PERSON = 6,
    SERVICE_SLIP_LINES = 6
};

struct service_paper {
    char id[32]; ///< texts key "paper.<id>.name", "paper.<id>.why"
    bool scannable;
    bool checked_by_data; ///< the district can look it up: never demanded
};

/// How long a decision may take, from a day on and, where `to` is not "", to another.
struct service_limit {
    char from[11], to[11];         ///< "2026-07-01", both included, days of the district
    int legal_days, promised_days; ///< working days, 0 = to be confirmed by the counter
    int paper_days;                ///< papers are awaited so long, 0 = the counter says
    int publicity_days;            ///< a grant is published so long, 0 = not, or not known
    int decision_days;             ///< working days from then to the result, 0 = not known
    char paid_from[24];            ///< "next-month", "application-month"; "" = not known
    char basis[160];               ///< where the figure stands, for those who keep this file
};

/// What the receipt of a referral says in full, for the office that must read it.
struct service_slip_line {
    char label[16]; ///< texts key "receipt.line-<label>"
    char ref[96];
};

struct service {
    char id[40];                ///< "urgent-relief", "expenditure-relief"
    char form[LIMIT_PACK_PATH]; ///< "forms/urgent_relief.xml"
    char item_code[40];
    char door[16]; ///< "security" 我要保障, "service" 我要服务, "growth" 我要发展
    int type;      ///< receipt type: 1 urgent, 2 money, 3 service, 4 report, 5 change
    int minutes;   ///< said beforehand
    bool urgent;   ///< no identity, no papers, no signature; 24-hour clock
    bool restricted;
    bool advises; ///< asks which help may fit; nothing is kept unless an adviser is asked for
    bool needs_identity, needs_signature;
    bool linked;           ///< belongs to a case that was handed in: offered there and nowhere else
    char first_person[64]; ///< texts key of its first-person sentence on the attract screen, ""
                           ///< when none
    int limit_hours;       ///< of an urgent service
    size_t limit_count;
    struct service_limit limits[SERVICE_LIMITS];
    size_t paper_count;
    struct service_paper papers[SERVICE_PAPERS];
    size_t consent_count;
    char consents[SERVICE_CONSENTS][24]; ///< separate consents: "health", "bank", "child", "share";
                                         ///< texts "consent.<id>.title/.text"
    size_t slip_line_count;
    struct service_slip_line slip_lines[SERVICE_SLIP_LINES];
    /// Refs of the nodes that the visit itself fills; "" when the form has none.
    char ref_who[96], ref_name[96], ref_id_number[96], ref_identity_source[96], ref_phone[96];
};

struct counter {
    char code[4];      ///< "001"
    char name_key[64]; ///< texts key, or "" and then `name`
    char name[96];
    char street[96], phone[32], hours[96];
};

/// One sentence on the attract screen and the service it leads to: never a dead end.
struct first_person {
    char text[64]; ///< texts key
    char service[40];
};

struct catalogue;
/// Reads and checks the pack's tables. ERR_INPUT names the file, the entry and what is wrong with
/// it.
enum err catalogue_load(const struct files *pack, struct catalogue **out,
                        struct fail *why) MUST_USE;
/// NULL-safe.
void catalogue_free(struct catalogue *catalogue);
/// How many services, and each of them in the order in which they are offered.
size_t catalogue_service_count(const struct catalogue *catalogue);
const struct service *catalogue_service_at(const struct catalogue *catalogue, size_t index);
/// NULL when there is none.
const struct service *catalogue_service(const struct catalogue *catalogue, const char *id);
const struct counter *catalogue_counter(const struct catalogue *catalogue, const char *code);
/// The service that only asks and advises: what a restricted case looks like. NULL: there is none.
const struct service *catalogue_enquiry(const struct catalogue *catalogue);
/// What answers a correction list: type 5, without form, papers or door of its own, and not among
/// the services. The legal days of its limits are those in which the answer is due, every day of
/// the calendar counted; "correction_limits" of services.json.
const struct service *catalogue_correction(const struct catalogue *catalogue);
/// The limits in force on the day of `utc_ms`; NULL when none is, and then nothing is promised.
const struct service_limit *service_limit_on(const struct service *service, int64_t utc_ms);
/// Sentences for the attract screen: at most CATALOGUE_FIRST_PERSON, each leads to a service that
/// is there.
size_t catalogue_first_person_count(const struct catalogue *catalogue);
const struct first_person *catalogue_first_person_at(const struct catalogue *catalogue,
                                                     size_t index);
/// Every counter of the district.
size_t catalogue_counter_count(const struct catalogue *catalogue);
const struct counter *catalogue_counter_at(const struct catalogue *catalogue, size_t index);
/// Version of the commitment text in force.
const char *catalogue_commitment_version(const struct catalogue *catalogue);
/// Version of the notice, consents and commitment texts in force ("2026-07-01").
const char *catalogue_notice_version(const struct catalogue *catalogue);
