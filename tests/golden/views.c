// SPDX-License-Identifier: GPL-3.0-or-later
#include "yimen/port/call.h"
#include "golden/views_items.h"
#include "yimen/base/text.h"
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool in(const struct view *view, const char *language)
{
    return text_equal(view->language, language);
}

static const char *say(const struct view *view, const char *zh, const char *en, const char *ko)
{
    return in(view, "zh") ? zh : in(view, "en") ? en : ko;
}

// ------------------------------------------------------------------ questions

static struct question questions[LIMIT_QUESTIONS_ON_SCREEN];
static struct question_choice choices[200];
static struct form_screen form_screen;

static struct question *ask(struct view *view, enum question_kind kind, const char *label)
{
    size_t at = form_screen.question_count++;
    form_screen.questions = questions;
    questions[at] = (struct question){.ref = at ? "/data/contact/second" : "/data/contact/first",
                                      .kind = kind,
                                      .appearance = "",
                                      .media_type = "",
                                      .label = label,
                                      .hint = "",
                                      .guidance = "",
                                      .value = "",
                                      .shown = "",
                                      .violation_message = "",
                                      .required = true};
    view->screen = SCREEN_QUESTION;
    view->form_screen = &form_screen;
    view->progress = (struct view_progress){3, 7, 4, 12};
    return &questions[at];
}

static void begin_form(void)
{
    form_screen = (struct form_screen){
        .kind = FORM_SCREEN_QUESTIONS, .ref = "/data/contact/first", .group_label = ""};
}

static void choice(struct question *question, const char *value, const char *label, bool chosen)
{
    size_t at = question->choice_count++;
    choices[at] = (struct question_choice){value, label, NULL, chosen};
    question->choices = choices;
}

static void fill_text(struct view *view)
{
    begin_form();
    struct question *q =
        ask(view, QUESTION_TEXT,
            say(view, "出了什么事？请简单说一说。", "What happened? A few words are enough.",
                "무슨 일이 있었습니까? 간단히 적어 주세요."));
    q->hint = say(view, "比如：昨天晚上家里着火了，没有地方住。",
                  "For example: our home burned down last night and we have nowhere to stay.",
                  "예: 어젯밤 집에 불이 나서 지낼 곳이 없습니다.");
    q->value = q->shown = say(view, "昨天家里着火了", "Our home burned", "집에 불이 났습니다");
}

static void fill_number(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_INTEGER,
                             say(view, "家里一共有几口人？", "How many people live in your home?",
                                 "함께 사는 가족은 모두 몇 명입니까?"));
    q->value = q->shown = "4";
}

static void fill_date(struct view *view)
{
    begin_form();
    struct question *q = ask(
        view, QUESTION_DATE,
        say(view, "事情是哪一天发生的？", "On which day did it happen?", "언제 일어난 일입니까?"));
    q->hint = say(view, "先按年，再按月和日，一共八个数字。", "Year, month, day: eight digits.",
                  "연, 월, 일 순서로 여덟 자리를 누르세요.");
    q->value = "2026-11-20";
    q->shown = say(view, "2026年11月20日", "2026-11-20", "2026년 11월 20일");
}

static void fill_phone(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_TEXT,
                             say(view, "怎么打电话找您？", "Which phone number can we call?",
                                 "어느 번호로 연락드릴까요?"));
    q->appearance = "numbers";
    q->value = q->shown = "13800000000";
    q->required = false;
}

static void fill_one(struct view *view)
{
    begin_form();
    struct question *q = ask(
        view, QUESTION_SELECT_ONE,
        say(view, "出了哪一类事情？", "What kind of emergency is it?", "어떤 종류의 일입니까?"));
    choice(q, "fire", say(view, "火灾", "Fire", "화재"), false);
    choice(q, "traffic", say(view, "交通事故", "Traffic accident", "교통사고"), true);
    choice(q, "illness", say(view, "突然生大病", "Sudden serious illness", "갑작스러운 큰 병"),
           false);
    choice(q, "shelter",
           say(view, "今天没饭吃、没地方住", "No food or place to stay today",
               "오늘 먹을 것이나 잘 곳이 없음"),
           false);
    choice(q, "other", say(view, "别的急事", "Something else", "다른 급한 일"), false);
}

static void fill_yes_no(struct view *view)
{
    begin_form();
    struct question *q =
        ask(view, QUESTION_SELECT_ONE,
            say(view, "现在还有危险吗？", "Is there still danger now?", "지금도 위험합니까?"));
    choice(q, "yes", say(view, "有危险", "Yes", "예"), false);
    choice(q, "no", say(view, "没有了", "No", "아니요"), false);
    q->violation = VIOLATION_REQUIRED;
    view->show_violations = true;
}

static void fill_many(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_SELECT_MANY,
                             say(view, "最需要什么帮助？可以选好几样。",
                                 "What do you need most? You may choose several.",
                                 "무엇이 가장 필요합니까? 여러 개 고를 수 있습니다."));
    choice(q, "food", say(view, "吃的", "Food", "먹을 것"), true);
    choice(q, "shelter", say(view, "住的地方", "A place to stay", "지낼 곳"), true);
    choice(q, "medical", say(view, "看病", "Medical care", "치료"), false);
    choice(q, "cash", say(view, "现金", "Money", "돈"), false);
    choice(q, "clothes", say(view, "衣服被子", "Clothes and bedding", "옷과 이불"), false);
    choice(q, "company", say(view, "有人陪、有人照看", "Someone to look after us", "돌봐 줄 사람"),
           false);
}

static void fill_community(struct view *view)
{
    static char values[60][8], labels[60][48];
    static const char *const first[] = {"金家岭", "中韩", "沙子口", "王哥庄", "北宅"};
    static const char *const second[] = {"东", "西", "南", "北", "中",
                                         "前", "后", "上", "下", "新"};
    begin_form();
    struct question *q = ask(
        view, QUESTION_SELECT_ONE,
        say(view, "是哪个社区（村）？", "Which community or village?", "어느 마을(사회구)입니까?"));
    q->appearance = "minimal";
    for (size_t i = 0; i < 44; i++) {
        (void)snprintf(values[i], sizeof(values[i]), "%03zu", i + 1);
        (void)snprintf(labels[i], sizeof(labels[i]), "%s%s社区", first[i % 5], second[i % 10]);
        choice(q, values[i], labels[i], i == 6);
    }
}

// A long list of places beside what else the screen asks.
static void fill_places(struct view *view)
{
    static const char *const places[][2] = {
        {"370212003200", "港西村 Gangxi"},
        {"370212003201", "港东村 Gangdong"},
        {"370212003202", "秦家土寨村 Qinjiatuzhai"},
        {"370212003203", "江家土寨村 Jiangjiatuzhai"},
        {"370212003204", "晓望村 Xiaowang"},
        {"370212003205", "东台村 Dongtai"},
        {"370212003206", "西台村 Xitai"},
        {"370212003207", "高家村 Gaojia"},
        {"370212003208", "梁家村 Liangjia"},
        {"370212003209", "常家村 Changjia"},
        {"370212003210", "囤山村 Dunshan"},
        {"370212003211", "荷花村 Hehua"},
        {"370212003212", "何家村 Hejia"},
        {"370212003213", "曲家庄村 Qujiazhuang"}};
    begin_form();
    struct question *q = ask(
        view, QUESTION_SELECT_ONE,
        say(view, "是哪个社区（村）？", "Which community or village?", "어느 마을(사회구)입니까?"));
    q->appearance = "minimal autocomplete place";
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        choice(q, places[i][0], places[i][1], false);
    }
    (void)ask(view, QUESTION_TEXT, say(view, "详细地址", "Address", "상세 주소"));
}

static void fill_list(struct view *view)
{
    begin_form();
    form_screen.group_label = say(view, "家庭成员 2", "Family member 2", "가족 2");
    form_screen.instance_ref = "/data/member[2]";
    form_screen.instance_may_go = true;
    struct question *name = ask(view, QUESTION_TEXT, say(view, "姓名", "Name", "이름"));
    name->value = name->shown = "李四";
    struct question *job =
        ask(view, QUESTION_SELECT_ONE,
            say(view, "和您是什么关系？", "How are you related?", "관계가 어떻게 됩니까?"));
    choice(job, "spouse", say(view, "夫妻", "Husband or wife", "배우자"), true);
    choice(job, "child", say(view, "孩子", "Child", "자녀"), false);
    choice(job, "parent", say(view, "父母", "Parent", "부모"), false);
    choice(job, "other", say(view, "其他", "Other", "기타"), false);
}

static void fill_costs(struct view *view)
{
    begin_form();
    form_screen.group_label = say(view, "看病的花费", "Costs of illness", "치료비");
    struct question *since =
        ask(view, QUESTION_DATE,
            say(view, "什么时候查出来的？", "When was it found?", "언제 알게 되었습니까?"));
    since->hint =
        say(view, "记不清可以不填。", "You may skip this.", "기억나지 않으면 건너뛰세요.");
    since->required = false;
    struct question *paid = ask(view, QUESTION_DECIMAL,
                                say(view, "最近 12 个月自己花了多少钱？",
                                    "How much did you pay yourself in the last 12 months?",
                                    "지난 12개월 동안 본인이 낸 돈은 얼마입니까?"));
    paid->hint = say(view, "单位：元。只算自己掏的钱。", "In yuan, only what you paid yourself.",
                     "위안 단위, 본인이 낸 돈만.");
    paid->violation = VIOLATION_REQUIRED;
}

static void fill_range(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_RANGE,
                             say(view, "身体怎么样？0 是很差，10 是很好。",
                                 "How is your health? 0 is very bad, 10 is very good.",
                                 "건강은 어떻습니까? 0은 매우 나쁨, 10은 매우 좋음."));
    q->range_end = 10;
    q->range_step = 1;
    q->value = q->shown = "6";
}

static void fill_rank(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_RANK,
                             say(view, "请按要紧程度，一个一个点", "Touch them in order of urgency",
                                 "급한 순서대로 눌러 주세요"));
    q->value = "rent";
    choice(q, "food", say(view, "吃饭", "Food", "식비"), false);
    choice(q, "rent", say(view, "房租", "Rent", "집세"), false);
    choice(q, "school", say(view, "上学", "School", "학비"), false);
}

static void fill_other_kinds(struct view *view)
{
    begin_form();
    ask(view, QUESTION_NOTE,
        say(view, "下面这些请看一看", "Please read this", "아래를 읽어 주세요"));
    struct question *trigger =
        ask(view, QUESTION_TRIGGER,
            say(view, "补助按月发到银行卡上", "Aid is paid monthly to your bank card",
                "지원금은 매달 은행 카드로 지급됩니다"));
    trigger->value = "OK";
    ask(view, QUESTION_UNSUPPORTED,
        say(view, "住在地图上的哪里？", "Where on the map?", "지도에서 어디입니까?"));
    ask(view, QUESTION_UPLOAD, say(view, "病历", "Medical record", "진료 기록"));
}

static void fill_repeat(struct view *view)
{
    static const char *const refs[] = {"/data/member[1]", "/data/member[2]", "/data/member[3]"};
    static const char *const labels[] = {"李四 夫妻 1980年", "张小明 孩子 2012年",
                                         "王五 父母 1951年"};
    form_screen = (struct form_screen){
        .kind = FORM_SCREEN_REPEAT,
        .ref = "/data/member",
        .group_label =
            say(view, "家里还有谁？", "Who else is in the household?", "가족이 누가 더 있습니까?"),
        .instance_count = 3,
        .instance_refs = refs,
        .instance_labels = labels,
        .may_add = true,
        .may_remove = true};
    view->screen = SCREEN_REPEAT;
    view->form_screen = &form_screen;
    view->progress = (struct view_progress){3, 7, 0, 0};
}

// ------------------------------------------------------------------ the visit

static void fill_attract(struct view *view)
{
    view->visit_open = false;
    view->progress = (struct view_progress){0};
}

static void fill_attract_notice(struct view *view)
{
    fill_attract(view);
    view->notice_key = "attract.just-saved";
}

static void fill_services(struct view *view)
{
    fill_attract(view);
    view->screen = SCREEN_SERVICES;
    view->door = "security";
}

static void fill_policies(struct view *view)
{
    fill_services(view);
    view->screen = SCREEN_POLICIES;
}

static const struct policy *found[VIEW_POLICIES];

static void find(struct view *view, const char *query)
{
    view->policy_count =
        policies_search(view->policies, view->language, query, found, VIEW_POLICIES);
    view->policy_list = found;
}

static void fill_policy_group(struct view *view)
{
    fill_policies(view);
    view->policy_group = "care";
    find(view, "");
    size_t kept = 0;
    for (size_t i = 0; i < view->policy_count; i++) {
        if (text_equal(found[i]->group, view->policy_group)) {
            found[kept++] = found[i];
        }
    }
    view->policy_count = kept;
}

static void fill_policy_search(struct view *view)
{
    fill_policies(view);
    view->policy_query = say(view, "残疾", "disab", "장애");
    find(view, view->policy_query);
}

static void fill_policy_nothing(struct view *view)
{
    fill_policies(view);
    view->policy_query = say(view, "月球旅行", "moon", "달나라");
}

static void fill_policy(struct view *view)
{
    fill_policies(view);
    view->screen = SCREEN_POLICY;
    view->service = NULL;
    view->policy = policies_find(view->policies, "minimum-living");
    view->policy_service = catalogue_service(view->catalogue, "minimum-living");
    view->policy_limit = &view->policy_service->limits[0];
    view->slip_asked = true;
    view->slip_state = RECEIPT_FAILED;
    view->slip_problem_key = "printer.no-paper";
}

static void fill_policy_elsewhere(struct view *view)
{
    fill_policy(view);
    view->policy = policies_find(view->policies, "legal-aid");
    view->policy_service = NULL;
    view->policy_limit = NULL;
    view->slip_asked = false;
}

static void fill_fit(struct view *view)
{
    static struct view_fit fits[6];
    static const char *const ids[] = {"urgent-relief", "medical-aid", "home-care", "aids"};
    view->screen = SCREEN_FIT;
    view->service = view->advice;
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct policy *policy = policies_find(view->policies, ids[i]);
        fits[i] =
            (struct view_fit){policy, catalogue_service(view->catalogue, policy->service),
                              say(view, "您说看病花钱多，或家里有重病人。",
                                  "You said illness costs much, or somebody is seriously ill.",
                                  "병원비가 많거나 중환자가 있다고 하셨습니다.")};
    }
    fits[COUNT(ids)].reason = say(view, "只想看看，请按“离开”，什么也不留。",
                                  "If you only wanted to look, press \"Leave\": nothing is kept.",
                                  "보기만 하셨다면 \"나가기\"를 누르세요.");
    fits[COUNT(ids)].policy = NULL;
    view->fits = fits;
    view->fit_count = COUNT(ids) + 1;
    view->slip_asked = true;
    view->slip_state = RECEIPT_PRINTED;
}

static void fill_notice(struct view *view)
{
    view->screen = SCREEN_NOTICE;
    view->progress = (struct view_progress){1, 7, 0, 0};
}

static void fill_who(struct view *view)
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
    view->id_problem = say(view, "号码可能按错了一位，请对着证件再看一遍。",
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
    static const char *const shown[] = {"张三", "370212********1234", "138 0000 0000", "4", ""};
    view->screen = SCREEN_REVIEW;
    view->progress = (struct view_progress){5, 7, 0, 0};
    for (size_t i = 0; i < COUNT(answers); i++) {
        const char *const *label = labels[i % 5];
        (void)snprintf(answers[i].label, sizeof(answers[i].label), "%s",
                       say(view, label[0], label[1], label[2]));
        (void)snprintf(answers[i].shown, sizeof(answers[i].shown), "%s", shown[i % 5]);
        (void)snprintf(answers[i].screen_ref, sizeof(answers[i].screen_ref), "/data/q%zu", i);
        answers[i].missing = i == 4;
        answers[i].masked = i == 6;
    }
    (void)snprintf(answers[0].heading, sizeof(answers[0].heading), "%s",
                   say(view, "申请人", "Applicant", "신청인"));
    (void)snprintf(answers[2].heading, sizeof(answers[2].heading), "%s",
                   say(view, "怎么联系您", "How to reach you", "연락 방법"));
    (void)snprintf(answers[5].heading, sizeof(answers[5].heading), "%s",
                   say(view, "家庭成员 2 · 李四 · 配偶", "Family member 2 · Li Si · Spouse",
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

// ------------------------------------------------------------------ a case that was handed in

static struct view_track track;

static void track_base(struct view *view, enum screen screen)
{
    view->screen = screen;
    view->progress = (struct view_progress){0};
    view->service = NULL;
    track = (struct view_track){.number = "370212001261123200018",
                                .counter = "001",
                                .counter_name = "管区 01",
                                .counter_phone = "0532-00000001"};
    view->track = &track;
}

static void fill_track_find(struct view *view)
{
    track_base(view, SCREEN_TRACK_FIND);
    track.number = "370212001261123200011";
    track.number_problem_key = "follow.number-wrong";
}

static void fill_track_factor(struct view *view)
{
    track_base(view, SCREEN_TRACK_FACTOR);
    track.factor_count = 3;
}

static void fill_track_no_fit(struct view *view)
{
    fill_track_factor(view);
    track.factor_count = 0;
    track.no_fit = true;
    track.tries_left = 2;
}

static void fill_track_waiting(struct view *view)
{
    fill_track_factor(view);
    track.waiting = true;
}

static void fill_track_case(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.from_district = track.may_add = track.may_withdraw = track.may_reprint = true;
    track.may_correct = true;
    text_copy(track.service_key, sizeof(track.service_key), "service.minimum-living.name");
    text_copy(track.status_key, sizeof(track.status_key), "status.14");
    text_copy(track.now_key, sizeof(track.now_key), "follow.now.14");
    text_copy(track.next_key, sizeof(track.next_key), "follow.next.14");
    text_copy(track.saved_at, sizeof(track.saved_at), "11-23 10:05");
    text_copy(track.since, sizeof(track.since), "11-24 09:30");
    track.promised_days = 20;
    track.linked_count = 1;
    track.linked[0] = (struct view_linked){.number = "370212001261124500027",
                                           .service_key = "service.add-paper.name",
                                           .status_key = "status.10",
                                           .saved_at = "11-24 09:00"};
}

static void fill_track_offline(struct view *view)
{
    fill_track_case(view);
    track.from_district = track.may_correct = false;
    track.newer_receipt = track.printing = true;
    text_copy(track.known_at, sizeof(track.known_at), "11-24 18:40");
    view->receipt_state = RECEIPT_FAILED;
    view->receipt_problem_key = "printer.no-paper";
}

static void fill_track_elsewhere(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.result = TRACK_ELSEWHERE;
}

static void fill_track_locked(struct view *view)
{
    track_base(view, SCREEN_TRACK_CASE);
    track.result = TRACK_LOCKED;
    track.wait_hours = 24;
}

static void fill_withdraw(struct view *view)
{
    fill_track_case(view);
    view->overlay = OVERLAY_WITHDRAW;
}

// ------------------------------------------------------------------ staff

static void staff(struct view *view, enum screen screen)
{
    view->screen = screen;
    view->visit_open = false;
    view->progress = (struct view_progress){0};
    view->staff_role = "clerk";
}

static void fill_staff_pin(struct view *view)
{
    staff(view, SCREEN_STAFF_PIN);
    view->staff_number = "1001";
    view->staff_asks_pin = true;
    view->pin_digits = 3;
    view->staff_problem_key = "staff.problem.wrong";
}

static void fill_staff_wait(struct view *view)
{
    fill_staff_pin(view);
    view->staff_wait_s = 30;
}

static struct view_case cases[9];

static void fill_staff_queue(struct view *view)
{
    static const char *const states[] = {"state.saved", "state.sending", "state.retry",
                                         "state.received", "state.quarantined"};
    staff(view, SCREEN_STAFF_QUEUE);
    for (size_t i = 0; i < COUNT(cases); i++) {
        cases[i] = (struct view_case){.attempts = (int)i, .urgent = i == 0};
        (void)snprintf(cases[i].number, sizeof(cases[i].number), "3702120012611232%05zu", i * 17);
        text_copy(cases[i].service_key, sizeof(cases[i].service_key),
                  i ? "service.expenditure-relief.name" : "service.urgent-relief.name");
        text_copy(cases[i].state_key, sizeof(cases[i].state_key), states[i % 5]);
        text_copy(cases[i].receipt_key, sizeof(cases[i].receipt_key), "receipt-state.printed");
        text_copy(cases[i].saved_at, sizeof(cases[i].saved_at), "11-23 10:05");
        if (i % 5 == 1 || i % 5 == 4) {
            text_copy(cases[i].sent_mb, sizeof(cases[i].sent_mb), "3.1");
            text_copy(cases[i].total_mb, sizeof(cases[i].total_mb), "28.4");
        }
        text_copy(cases[i].reason, sizeof(cases[i].reason), i % 5 == 4 ? "409 form unknown" : "");
    }
    view->cases = cases;
    view->case_count = COUNT(cases);
    view->open_calls = 1;
}

static void fill_staff_queue_clock(struct view *view)
{
    fill_staff_queue(view);
    view->clock_unknown = true;
    view->clock_text[0] = '\0';
}

static void fill_staff_clock(struct view *view)
{
    staff(view, SCREEN_STAFF_CLOCK);
    view->clock_unknown = true;
    view->staff_clock = "2026113009";
    view->staff_problem_key = "staff.clock.problem";
}

static void fill_staff_case(struct view *view)
{
    fill_staff_queue(view);
    view->screen = SCREEN_STAFF_CASE;
    view->chosen_case = &cases[4];
    view->staff_message_key = "staff.message.retry";
}

static void fill_technician(struct view *view)
{
    static struct view_check checks[5];
    static const char *const names[] = {"check.printer", "check.disk", "check.database",
                                        "check.district", "check.clock"};
    static const char *const details[] = {"media-low", "61 GB free", "integrity ok",
                                          "TLS certificate has expired", ""};
    staff(view, SCREEN_TECHNICIAN);
    view->staff_role = "technician";
    for (size_t i = 0; i < COUNT(checks); i++) {
        text_copy(checks[i].name_key, sizeof(checks[i].name_key), names[i]);
        text_copy(checks[i].detail, sizeof(checks[i].detail), details[i]);
        checks[i].state = (int[]){2, 1, 1, 3, 0}[i];
    }
    view->checks = checks;
    view->check_count = COUNT(checks);
    view->pack_version = "2026-11-01.3";
}

static void fill_content_ended(struct view *view)
{
    fill_technician(view);
    view->content_ended = true;
}

static void fill_queue_content_ended(struct view *view)
{
    fill_staff_queue(view);
    view->content_ended = true;
}

static void fill_preview(struct view *view)
{
    fill_one(view);
    view->preview = true;
}

static void fill_preview_end(struct view *view)
{
    view->screen = SCREEN_PROBLEM;
    view->preview = view->can_go_back = true;
    view->problem_what_key = "problem.preview.what";
    view->problem_safe_key = "problem.preview.safe";
    view->problem_next_key = "problem.preview.next";
}

// ------------------------------------------------------------------ overlays

static void fill_idle(struct view *view)
{
    fill_who(view);
    view->overlay = OVERLAY_IDLE;
    view->countdown_s = 42;
}

static void fill_leave(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_LEAVE;
}

static void fill_call(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_CALL;
    view->call_reached = CALL_REACHED_LAMP | CALL_REACHED_SOUND;
}

static void fill_call_unanswered(struct view *view)
{
    fill_attract(view);
    view->overlay = OVERLAY_CALL;
    view->call_reached = CALL_REACHED_LAMP;
    view->call_unanswered = true;
}

static void fill_call_nobody(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_CALL;
    view->counter_phone = "0532-1234-5678";
}

static void fill_call_line(struct view *view)
{
    fill_one(view);
    view->call_line_key = "call.line.unanswered";
}

static void fill_comfort(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_COMFORT;
}

static void fill_help(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_HELP;
}

static void fill_remove(struct view *view)
{
    fill_repeat(view);
    view->overlay = OVERLAY_REMOVE;
    view->remove_ref = "/data/member[2]";
    view->remove_label = "张小明";
}

static void fill_code(struct view *view)
{
    view->screen = SCREEN_ATTRACT;
    view->visit_open = view->can_go_back = false;
    view->overlay = OVERLAY_CODE;
    view->code_message_key = "code.not-ours";
}

static void fill_ticket_offer(struct view *view)
{
    view->screen = SCREEN_TICKET_OFFER;
    view->progress = (struct view_progress){2, 7, 0, 0};
}

static void fill_ticket(struct view *view)
{
    view->screen = SCREEN_TICKET;
    view->can_go_back = false;
    view->ticket = (struct view_ticket){
        .last_four = true, .state = RECEIPT_PRINTED, .leaving = true, .expires = "11-30 10:05"};
    view->qr_text = "YT1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMA";
}

static void fill_ticket_failed(struct view *view)
{
    fill_ticket(view);
    view->ticket.state = RECEIPT_FAILED;
    view->ticket.last_four = false;
    text_copy(view->ticket.typed, sizeof view->ticket.typed, "3K7F 9A2C D4HM XP6T");
}

static void fill_ticket_none(struct view *view)
{
    fill_ticket(view);
    view->ticket = (struct view_ticket){.failed = true, .problem_key = "ticket.failed"};
}

static void fill_code_open(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_TICKET_OPEN,
                                    .last_four = true,
                                    .digits = 2,
                                    .problem_key = "code.wrong",
                                    .tries_left = 3};
}

static void fill_code_choose(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_PARK_CHOOSE, .again = true, .tries_left = -1};
}

static void fill_code_hide_choose(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_HIDE_CHOOSE, .digits = 1, .tries_left = -1};
}

static void fill_code_go_on(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->visit_open = false;
    view->code = (struct view_code){.purpose = CODE_PARK_OPEN,
                                    .last_four = true,
                                    .problem_key = "code.wrong.park",
                                    .tries_left = -1};
}

static void fill_code_factor(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_FACTOR_CHOOSE, .tries_left = -1};
}

static void fill_code_typed(struct view *view)
{
    view->screen = SCREEN_CODE;
    view->code = (struct view_code){.purpose = CODE_TICKET_TYPE,
                                    .tries_left = -1,
                                    .typed = "3K7F9A2CD4",
                                    .alphabet = ticket_alphabet()};
}

static void fill_code_typed_wrong(struct view *view)
{
    fill_code_typed(view);
    text_copy(view->code.typed, sizeof view->code.typed, "3K7F9A2CD4HMXP6T");
    view->code.problem_key = "code.typed-wrong";
}

static void fill_code_busy(struct view *view)
{
    fill_code_open(view);
    view->code.problem_key = NULL;
    view->code.busy = true;
    view->code.digits = 4;
}

static void fill_leave_ticket(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_LEAVE;
    view->may_take_ticket = view->has_ticket = view->may_park = true;
}

static void fill_form_changed(struct view *view)
{
    fill_one(view);
    view->overlay = OVERLAY_FORM_CHANGED;
}

static const struct sample samples[] = {
    {"attract", fill_attract},
    {"attract-notice", fill_attract_notice},
    {"services", fill_services},
    {"notice", fill_notice},
    {"who", fill_who},
    {"identity", fill_identity},
    {"identity-wrong", fill_identity_wrong},
    {"identity-passport", fill_identity_passport},
    {"identity-none", fill_identity_none},
    {"document", fill_document},
    {"code-factor", fill_code_factor},
    {"code-typed", fill_code_typed},
    {"code-typed-wrong", fill_code_typed_wrong},
    {"text", fill_text},
    {"places", fill_places},
    {"number", fill_number},
    {"date", fill_date},
    {"phone", fill_phone},
    {"one", fill_one},
    {"yes-no", fill_yes_no},
    {"many", fill_many},
    {"community", fill_community},
    {"list", fill_list},
    {"costs", fill_costs},
    {"range", fill_range},
    {"rank", fill_rank},
    {"other-kinds", fill_other_kinds},
    {"repeat", fill_repeat},
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
    {"done", fill_done},
    {"done-urgent", fill_done_urgent},
    {"problem", fill_problem},
    {"track-find", fill_track_find},
    {"track-factor", fill_track_factor},
    {"track-no-fit", fill_track_no_fit},
    {"track-waiting", fill_track_waiting},
    {"track-case", fill_track_case},
    {"track-offline", fill_track_offline},
    {"track-elsewhere", fill_track_elsewhere},
    {"track-locked", fill_track_locked},
    {"withdraw", fill_withdraw},
    {"staff-pin", fill_staff_pin},
    {"staff-wait", fill_staff_wait},
    {"staff-queue", fill_staff_queue},
    {"staff-clock", fill_staff_clock},
    {"staff-queue-clock", fill_staff_queue_clock},
    {"staff-case", fill_staff_case},
    {"technician", fill_technician},
    {"content-ended", fill_content_ended},
    {"queue-content-ended", fill_queue_content_ended},
    {"preview", fill_preview},
    {"preview-end", fill_preview_end},
    {"idle", fill_idle},
    {"leave", fill_leave},
    {"call", fill_call},
    {"call-unanswered", fill_call_unanswered},
    {"call-nobody", fill_call_nobody},
    {"call-line", fill_call_line},
    {"comfort", fill_comfort},
    {"help", fill_help},
    {"remove", fill_remove},
    {"code", fill_code},
    {"policies", fill_policies},
    {"policy-group", fill_policy_group},
    {"policy-search", fill_policy_search},
    {"policy-nothing", fill_policy_nothing},
    {"policy", fill_policy},
    {"policy-elsewhere", fill_policy_elsewhere},
    {"fit", fill_fit},
    {"bundles", fill_bundles},
    {"items", fill_items},
    {"items-more", fill_items_more},
    {"notice-several", fill_notice_several},
    {"papers-several", fill_papers_several},
    {"review-several", fill_review_several},
    {"commitment-several", fill_commitment_several},
    {"saved-several", fill_saved_several},
    {"code-hide-choose", fill_code_hide_choose},
    {"code-go-on", fill_code_go_on},
    {"ticket-offer", fill_ticket_offer},
    {"ticket", fill_ticket},
    {"ticket-failed", fill_ticket_failed},
    {"ticket-none", fill_ticket_none},
    {"code-open", fill_code_open},
    {"code-choose", fill_code_choose},
    {"code-busy", fill_code_busy},
    {"leave-ticket", fill_leave_ticket},
    {"form-changed", fill_form_changed},
};

size_t sample_count(void)
{
    return COUNT(samples);
}

const struct sample *sample_at(size_t index)
{
    return &samples[index];
}

const struct policies *sample_policies(const struct catalogue *catalogue)
{
    static struct policies *policies;
    struct files assets = sample_assets();
    struct fail why;
    if (!policies && catalogue && policies_load(&assets, catalogue, &policies, &why)) {
        (void)fprintf(stderr, "%s\n", why.text);
    }
    return catalogue ? policies : NULL;
}

void sample_view(const struct sample *sample, const char *language, enum text_size size,
                 const struct catalogue *catalogue, struct view *view)
{
    *view = (struct view){.language = language,
                          .size = size,
                          .visit_open = true,
                          .can_go_back = true,
                          .catalogue = catalogue,
                          .policies = sample_policies(catalogue),
                          .policy_group = "",
                          .policy_query = "",
                          .counter_name = "001",
                          .clock_text = "10:05"};
    if (catalogue) {
        view->service = catalogue_service(catalogue, "expenditure-relief");
        view->advice = catalogue_service(catalogue, "which-help");
    }
    view->counter_name = say(view, "管区 01 窗口", "Counter 01", "01번 창구");
    sample->fill(view);
}
