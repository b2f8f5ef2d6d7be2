// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "yimen/content/service.h"

/// Several services in one visit (社会救助一件事): which go together, and what such a visit asks.
/// From the pack's bundles.json; without that file nothing is offered together.
///
/// A bundle is a situation ("somebody in the family is disabled") and the services that fit it, in
/// the order in which they are offered. Services go together when each is in a bundle and no two of
/// them are apart (one asks for 低保 or for 特困, not for both). Urgent and restricted ones never
/// are in a bundle: the file that says so is refused. Read-only after loading: any thread.

enum { BUNDLES = 8, BUNDLE_SERVICES = 8, VISIT_ITEMS = 6 };
/// The id of a visit of several services, wherever a service's id is wanted: texts
/// "service.one-visit.name".
#define ONE_VISIT "one-visit"

struct bundle {
    char id[32]; ///< texts "bundle.<id>", "bundle.<id>.text"
    size_t count;
    const struct service *services[BUNDLE_SERVICES]; ///< why: texts "items.why.<service>"
};

/// From now on every service goes alone: a district that does not compose forms (a stand-in server)
/// would not know the form of several. They go one after the other (catalogue_afterwards).
void catalogue_part(struct catalogue *catalogue);
/// How many there are, and each in the order in which they are offered.
size_t catalogue_bundle_count(const struct catalogue *catalogue);
const struct bundle *catalogue_bundle_at(const struct catalogue *catalogue, size_t index);
/// NULL when there is none.
const struct bundle *catalogue_bundle(const struct catalogue *catalogue, const char *id);
/// May both be asked for in one visit? False for a service and itself.
bool catalogue_goes_with(const struct catalogue *catalogue, const struct service *one,
                         const struct service *other);
/// What else fits a service, at most `room`; returns how many. 0: it goes alone. First from the
/// bundle in which the service stands earliest: that bundle is most about it.
size_t catalogue_fitting(const struct catalogue *catalogue, const struct service *service,
                         const struct service **out, size_t room);
/// The same of services that go one after the other; 0 where they go together.
size_t catalogue_afterwards(const struct catalogue *catalogue, const struct service *service,
                            const struct service **out, size_t room);

/// Several services as one: id ONE_VISIT, papers and consents of all of them, the receipt type of
/// the highest, the time that is left when what they share is asked once.
struct one_visit {
    struct service service;
    size_t count;
    const struct service *items[VISIT_ITEMS]; ///< in the catalogue's order
};
/// In any order, each once. ERR_INPUT: they do not go together. ERR_FULL: too many, or too many
/// papers.
enum err catalogue_one_visit(const struct catalogue *catalogue,
                             const struct service *const *services, size_t count,
                             struct one_visit *out, struct fail *why) MUST_USE;
/// Does this service ask for that paper?
bool service_asks_paper(const struct service *service, const char *paper);
