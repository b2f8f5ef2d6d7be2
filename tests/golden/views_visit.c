// SPDX-License-Identifier: GPL-3.0-or-later
// A visit, from the attract screen to the goodbye.
#include "golden/views_rooms.h"
#include <stdio.h>

void fill_attract(struct view *view)
{
    view->visit_open = false;
    view->progress = (struct view_progress){0};
}

static void fill_attract_notice(struct view *view)
{
    fill_attract(view);
    view->notice_key = "attract.just-saved";
}

void fill_services(struct view *view)
{
    fill_attract(view);
    view->screen = SCREEN_SERVICES;
    view->door = "security";
}

static void fill_notice(struct view *view)
{
    view->screen = SCREEN_NOTICE;
    view->progress = (struct view_progress){1, 7, 0, 0};
}

void fill_who(struct view *view)
{
    view->screen = SCREEN_WHO;
    view->who = "helped";
    view->progress = (struct view_progress){1, 7, 0, 0};
}

static void fill_identity(struct view *view)
{
    view->screen = SCREEN_IDENTITY;
    view->name = "";
    view->id_number = "";
    view->progress = (struct view_progress){2, 7, 0, 0};
}

static void fill_character(struct view *view)
{
    fill_identity(view);
    view->screen = SCREEN_CHARACTER;
}

static void fill_identity_drawn(struct view *view)
{
    fill_identity(view);
    view->name = "张" DRAWN_SIGN;
    view->goes_on = "name";
}

static void fill_document(struct view *view)
{
    fill_identity(view);
    view->screen = SCREEN_DOCUMENT;
    view->document = DOCUMENT_PASSPORT;
}

static void fill_identity_none(struct view *view)
{
    fill_identity(view);
    view->name = "张三";
    view->document = DOCUMENT_NONE;
}

static void fill_identity_wrong(struct view *view)
{
    fill_identity(view);
    view->name = "张三";
    view->id_number = "370212199001011230";
    view->show_violations = true;
    view->id_problem = sample_says(view, "号码可能按错了一位，请对着证件再看一遍。",
                                   "One digit may be wrong; please look at the card again.",
                                   "번호 한 자리가 틀렸을 수 있습니다. 신분증을 다시 봐 주세요.");
}

static void fill_identity_passport(struct view *view)
{
    fill_identity_wrong(view);
    view->document = DOCUMENT_PASSPORT;
    view->id_number = "";
}

static struct view_paper papers[SERVICE_PAPERS];

static void fill_papers(struct view *view)
{
    static const enum paper_answer answers[] = {PAPER_ANSWER_DISTRICT, PAPER_ANSWER_LATER,
                                                PAPER_ANSWER_CLERK, PAPER_ANSWER_NONE};
    view->screen = SCREEN_PAPERS;
    view->progress = (struct view_progress){4, 7, 0, 0};
    view->paper_count = view->service ? view->service->paper_count : 0;
    for (size_t i = 0; i < view->paper_count; i++) {
        papers[i] = (struct view_paper){&view->service->papers[i], answers[i < 3 ? i : 3]};
    }
    view->papers = papers;
}

static void fill_wanted(struct view *view)
{
    static const struct view_wanted wanted[] = {
        {.label = "怎么联系申请人？ · 电话号码", .reason = "这个号码打不通，请再写一遍。"},
        {.label = "一起生活的家里人 2 · 和您是什么关系？",
         .reason = "和户口簿上写的不一样：户口簿上是“女婿”。请看一看是哪一个对。"},
        {.paper = "medical-proof", .reason = "上次带的单据缺第二页，请带齐。"}};
    view->screen = SCREEN_WANTED;
    view->progress = (struct view_progress){1, 6, 0, 0};
    view->service = catalogue_correction(view->catalogue);
    view->wanted = wanted;
    view->wanted_count = 3;
    view->wanted_due = "2026-12-08";
}

static void fill_review(struct view *view)
{
    static struct view_answer answers[14];
    static const char *const labels[][3] = {
        {"姓名", "Name", "이름"},
        {"身份证号码", "ID card number", "신분증 번호"},
        {"怎么打电话找您？", "Which phone number can we call?", "어느 번호로 연락드릴까요?"},
        {"家里一共有几口人？", "How many people live in your home?",
         "함께 사는 가족은 몇 명입니까?"},
        {"最需要什么帮助？", "What do you need most?", "무엇이 가장 필요합니까?"}};
    static const char *const shown[] = {"张三", "370212********1234", "13800000000", "4", ""};
    view->screen = SCREEN_REVIEW;
    view->progress = (struct view_progress){5, 7, 0, 0};
    for (size_t i = 0; i < COUNT(answers); i++) {
        const char *const *label = labels[i % 5];
        (void)snprintf(answers[i].label, sizeof(answers[i].label), "%s",
                       sample_says(view, label[0], label[1], label[2]));
        (void)snprintf(answers[i].shown, sizeof(answers[i].shown), "%s", shown[i % 5]);
        (void)snprintf(answers[i].screen_ref, sizeof(answers[i].screen_ref), "/data/q%zu", i);
        answers[i].phone = i % 5 == 2;
        answers[i].missing = i == 4;
        answers[i].masked = i == 6;
    }
    (void)snprintf(answers[0].heading, sizeof(answers[0].heading), "%s",
                   sample_says(view, "申请人", "Applicant", "신청인"));
    (void)snprintf(answers[2].heading, sizeof(answers[2].heading), "%s",
                   sample_says(view, "怎么联系您", "How to reach you", "연락 방법"));
    (void)snprintf(answers[5].heading, sizeof(answers[5].heading), "%s",
                   sample_says(view, "家庭成员 2 · 李四 · 配偶", "Family member 2 · Li Si · Spouse",
                               "가족 2 · 리쓰 · 배우자"));
    (void)snprintf(answers[5].instance, sizeof(answers[5].instance), "/data/member[2]");
    view->answers = answers;
    view->answer_count = COUNT(answers);
}

static void fill_consent(struct view *view)
{
    view->screen = SCREEN_CONSENT;
    view->consent = "health";
    view->consent_asked = view->consent_given = true;
    view->progress = (struct view_progress){6, 7, 0, 0};
}

static void fill_commitment(struct view *view)
{
    view->screen = SCREEN_COMMITMENT;
    view->progress = (struct view_progress){6, 7, 0, 0};
}

static void fill_commitment_declined(struct view *view)
{
    fill_commitment(view);
    view->consent_asked = true;
}

static void fill_signature(struct view *view)
{
    view->screen = SCREEN_SIGNATURE;
    view->progress = (struct view_progress){6, 7, 0, 0};
}

static void fill_saving(struct view *view)
{
    view->screen = SCREEN_SAVING;
}

static void fill_saved(struct view *view)
{
    view->screen = SCREEN_SAVED;
    view->progress = (struct view_progress){7, 7, 0, 0};
    view->receipt_number = "370212001261123200018";
    view->qr_text = "https://example.invalid/t/AAAAAAAAAAAAAAAAAAAAAA";
    view->receipt_state = RECEIPT_PRINTED;
}

static void fill_saved_failed(struct view *view)
{
    fill_saved(view);
    view->receipt_state = RECEIPT_FAILED;
    view->receipt_problem_key = "printer.no-paper";
    view->deadline = "11-24 10:05";
}

static void fill_saved_unknown(struct view *view)
{
    fill_saved(view);
    view->receipt_state = RECEIPT_UNKNOWN;
}

static void fill_saved_urgent(struct view *view)
{
    fill_saved(view);
    view->service = catalogue_service(view->catalogue, "urgent-relief");
}

static void fill_saved_enquiry(struct view *view)
{
    fill_saved(view);
    view->service = view->advice;
}

static void fill_rating(struct view *view)
{
    view->screen = SCREEN_RATING;
    view->rating = 4;
}

static void fill_done(struct view *view)
{
    view->screen = SCREEN_DONE;
    view->receipt_number = "370212001261123200018";
}

// At a stand-in server, where services go one after the other.
static void fill_done_afterwards(struct view *view)
{
    static const char *const ids[] = {"medical-aid", "disability-living", "meal-money"};
    static const struct service *next[3];
    fill_done(view);
    for (size_t i = 0; view->catalogue && i < 3; i++) {
        next[i] = catalogue_service(view->catalogue, ids[i]);
        view->afterwards_count = i + 1;
    }
    view->afterwards = next;
}

static void fill_done_urgent(struct view *view)
{
    fill_done(view);
    view->service = catalogue_service(view->catalogue, "urgent-relief");
}

static void fill_problem(struct view *view)
{
    view->screen = SCREEN_PROBLEM;
    view->problem_what_key = "problem.save-failed.what";
    view->problem_safe_key = "problem.save-failed.safe";
    view->problem_next_key = "problem.save-failed.next";
    view->problem_code = "SAVE-FAILED";
    view->problem_retry = true;
}

static const struct sample samples[] = {
    {"attract", fill_attract},
    {"attract-notice", fill_attract_notice},
    {"services", fill_services},
    {"notice", fill_notice},
    {"who", fill_who},
    {"identity", fill_identity},
    {"letters", fill_identity},
    {"candidates", fill_identity},
    {"identity-wrong", fill_identity_wrong},
    {"identity-passport", fill_identity_passport},
    {"identity-none", fill_identity_none},
    {"identity-drawn", fill_identity_drawn},
    {"character", fill_character},
    {"document", fill_document},
    {"papers", fill_papers},
    {"wanted", fill_wanted},
    {"review", fill_review},
    {"consent", fill_consent},
    {"commitment", fill_commitment},
    {"commitment-declined", fill_commitment_declined},
    {"signature", fill_signature},
    {"saving", fill_saving},
    {"saved", fill_saved},
    {"saved-failed", fill_saved_failed},
    {"rating", fill_rating},
    {"saved-unknown", fill_saved_unknown},
    {"saved-urgent", fill_saved_urgent},
    {"saved-enquiry", fill_saved_enquiry},
    {"done", fill_done},
    {"done-afterwards", fill_done_afterwards},
    {"done-urgent", fill_done_urgent},
    {"problem", fill_problem},
};
const struct samples visit_samples = {samples, COUNT(samples)};
