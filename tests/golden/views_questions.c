// SPDX-License-Identifier: GPL-3.0-or-later
// The questions of forms, one kind each.
#include "golden/views_rooms.h"
#include <stdio.h>

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
    struct question *q = ask(view, QUESTION_TEXT,
                             sample_says(view, "出了什么事？请简单说一说。",
                                         "What happened? A few words are enough.",
                                         "무슨 일이 있었습니까? 간단히 적어 주세요."));
    q->hint =
        sample_says(view, "比如：昨天晚上家里着火了，没有地方住。",
                    "For example: our home burned down last night and we have nowhere to stay.",
                    "예: 어젯밤 집에 불이 나서 지낼 곳이 없습니다.");
    q->value = q->shown =
        sample_says(view, "昨天家里着火了", "Our home burned", "집에 불이 났습니다");
}

static void fill_number(struct view *view)
{
    begin_form();
    struct question *q =
        ask(view, QUESTION_INTEGER,
            sample_says(view, "家里一共有几口人？", "How many people live in your home?",
                        "함께 사는 가족은 모두 몇 명입니까?"));
    q->value = q->shown = "4";
}

static void fill_date(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_DATE,
                             sample_says(view, "事情是哪一天发生的？",
                                         "On which day did it happen?", "언제 일어난 일입니까?"));
    q->hint =
        sample_says(view, "先按年，再按月和日，一共八个数字。", "Year, month, day: eight digits.",
                    "연, 월, 일 순서로 여덟 자리를 누르세요.");
    q->value = "2026-11-20";
    q->shown = sample_says(view, "2026年11月20日", "2026-11-20", "2026년 11월 20일");
}

static void fill_phone(struct view *view)
{
    begin_form();
    struct question *q =
        ask(view, QUESTION_TEXT,
            sample_says(view, "怎么打电话找您？", "Which phone number can we call?",
                        "어느 번호로 연락드릴까요?"));
    q->appearance = "numbers";
    q->value = q->shown = "13800000000";
    q->required = false;
}

void fill_one(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_SELECT_ONE,
                             sample_says(view, "出了哪一类事情？", "What kind of emergency is it?",
                                         "어떤 종류의 일입니까?"));
    choice(q, "fire", sample_says(view, "火灾", "Fire", "화재"), false);
    choice(q, "traffic", sample_says(view, "交通事故", "Traffic accident", "교통사고"), true);
    choice(q, "illness",
           sample_says(view, "突然生大病", "Sudden serious illness", "갑작스러운 큰 병"), false);
    choice(q, "shelter",
           sample_says(view, "今天没饭吃、没地方住", "No food or place to stay today",
                       "오늘 먹을 것이나 잘 곳이 없음"),
           false);
    choice(q, "other", sample_says(view, "别的急事", "Something else", "다른 급한 일"), false);
}

static void fill_yes_no(struct view *view)
{
    begin_form();
    struct question *q = ask(
        view, QUESTION_SELECT_ONE,
        sample_says(view, "现在还有危险吗？", "Is there still danger now?", "지금도 위험합니까?"));
    choice(q, "yes", sample_says(view, "有危险", "Yes", "예"), false);
    choice(q, "no", sample_says(view, "没有了", "No", "아니요"), false);
    q->violation = VIOLATION_REQUIRED;
    view->show_violations = true;
}

static void fill_many(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_SELECT_MANY,
                             sample_says(view, "最需要什么帮助？可以选好几样。",
                                         "What do you need most? You may choose several.",
                                         "무엇이 가장 필요합니까? 여러 개 고를 수 있습니다."));
    choice(q, "food", sample_says(view, "吃的", "Food", "먹을 것"), true);
    choice(q, "shelter", sample_says(view, "住的地方", "A place to stay", "지낼 곳"), true);
    choice(q, "medical", sample_says(view, "看病", "Medical care", "치료"), false);
    choice(q, "cash", sample_says(view, "现金", "Money", "돈"), false);
    choice(q, "clothes", sample_says(view, "衣服被子", "Clothes and bedding", "옷과 이불"), false);
    choice(q, "company",
           sample_says(view, "有人陪、有人照看", "Someone to look after us", "돌봐 줄 사람"),
           false);
}

static void fill_community(struct view *view)
{
    static char values[60][8], labels[60][48];
    static const char *const first[] = {"金家岭", "中韩", "沙子口", "王哥庄", "北宅"};
    static const char *const second[] = {"东", "西", "南", "北", "中",
                                         "前", "后", "上", "下", "新"};
    begin_form();
    struct question *q = ask(view, QUESTION_SELECT_ONE,
                             sample_says(view, "是哪个社区（村）？", "Which community or village?",
                                         "어느 마을(사회구)입니까?"));
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
    static const char *const places[][2] = {{"370212003200", "港西村 Gangxi"},
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
    struct question *q = ask(view, QUESTION_SELECT_ONE,
                             sample_says(view, "是哪个社区（村）？", "Which community or village?",
                                         "어느 마을(사회구)입니까?"));
    q->appearance = "minimal autocomplete place";
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        choice(q, places[i][0], places[i][1], false);
    }
    (void)ask(view, QUESTION_TEXT, sample_says(view, "详细地址", "Address", "상세 주소"));
}

static void fill_list(struct view *view)
{
    begin_form();
    form_screen.group_label = sample_says(view, "家庭成员 2", "Family member 2", "가족 2");
    form_screen.instance_ref = "/data/member[2]";
    form_screen.instance_may_go = true;
    struct question *name = ask(view, QUESTION_TEXT, sample_says(view, "姓名", "Name", "이름"));
    name->value = name->shown = "李四";
    struct question *job =
        ask(view, QUESTION_SELECT_ONE,
            sample_says(view, "和您是什么关系？", "How are you related?", "관계가 어떻게 됩니까?"));
    choice(job, "spouse", sample_says(view, "夫妻", "Husband or wife", "배우자"), true);
    choice(job, "child", sample_says(view, "孩子", "Child", "자녀"), false);
    choice(job, "parent", sample_says(view, "父母", "Parent", "부모"), false);
    choice(job, "other", sample_says(view, "其他", "Other", "기타"), false);
}

static void fill_costs(struct view *view)
{
    begin_form();
    form_screen.group_label = sample_says(view, "看病的花费", "Costs of illness", "치료비");
    struct question *since =
        ask(view, QUESTION_DATE,
            sample_says(view, "什么时候查出来的？", "When was it found?", "언제 알게 되었습니까?"));
    since->hint =
        sample_says(view, "记不清可以不填。", "You may skip this.", "기억나지 않으면 건너뛰세요.");
    since->required = false;
    struct question *paid = ask(view, QUESTION_DECIMAL,
                                sample_says(view, "最近 12 个月自己花了多少钱？",
                                            "How much did you pay yourself in the last 12 months?",
                                            "지난 12개월 동안 본인이 낸 돈은 얼마입니까?"));
    paid->hint = sample_says(view, "单位：元。只算自己掏的钱。",
                             "In yuan, only what you paid yourself.", "위안 단위, 본인이 낸 돈만.");
    paid->violation = VIOLATION_REQUIRED;
}

static void fill_address(struct view *view)
{
    begin_form();
    form_screen.group_label =
        sample_says(view, "您现在住在哪里？", "Where do you live now?", "지금 어디에 사십니까?");
    struct question *detail =
        ask(view, QUESTION_TEXT, sample_says(view, "详细地址", "Address", "상세 주소"));
    detail->appearance = "address";
    struct question *phone =
        ask(view, QUESTION_TEXT, sample_says(view, "电话号码", "Telephone", "전화번호"));
    phone->appearance = "numbers";
}

static void fill_range(struct view *view)
{
    begin_form();
    struct question *q = ask(view, QUESTION_RANGE,
                             sample_says(view, "身体怎么样？0 是很差，10 是很好。",
                                         "How is your health? 0 is very bad, 10 is very good.",
                                         "건강은 어떻습니까? 0은 매우 나쁨, 10은 매우 좋음."));
    q->range_end = 10;
    q->range_step = 1;
    q->value = q->shown = "6";
}

static void fill_rank(struct view *view)
{
    begin_form();
    struct question *q =
        ask(view, QUESTION_RANK,
            sample_says(view, "请按要紧程度，一个一个点", "Touch them in order of urgency",
                        "급한 순서대로 눌러 주세요"));
    q->value = "rent";
    choice(q, "food", sample_says(view, "吃饭", "Food", "식비"), false);
    choice(q, "rent", sample_says(view, "房租", "Rent", "집세"), false);
    choice(q, "school", sample_says(view, "上学", "School", "학비"), false);
}

static void fill_other_kinds(struct view *view)
{
    begin_form();
    ask(view, QUESTION_NOTE,
        sample_says(view, "下面这些请看一看", "Please read this", "아래를 읽어 주세요"));
    struct question *trigger =
        ask(view, QUESTION_TRIGGER,
            sample_says(view, "补助按月发到银行卡上", "Aid is paid monthly to your bank card",
                        "지원금은 매달 은행 카드로 지급됩니다"));
    trigger->value = "OK";
    ask(view, QUESTION_UNSUPPORTED,
        sample_says(view, "住在地图上的哪里？", "Where on the map?", "지도에서 어디입니까?"));
    ask(view, QUESTION_UPLOAD, sample_says(view, "病历", "Medical record", "진료 기록"));
}

void fill_repeat(struct view *view)
{
    static const char *const refs[] = {"/data/member[1]", "/data/member[2]", "/data/member[3]"};
    static const char *const labels[] = {"李四 夫妻 1980年", "张小明 孩子 2012年",
                                         "王五 父母 1951年"};
    form_screen = (struct form_screen){.kind = FORM_SCREEN_REPEAT,
                                       .ref = "/data/member",
                                       .group_label = sample_says(view, "家里还有谁？",
                                                                  "Who else is in the household?",
                                                                  "가족이 누가 더 있습니까?"),
                                       .instance_count = 3,
                                       .instance_refs = refs,
                                       .instance_labels = labels,
                                       .may_add = true,
                                       .may_remove = true};
    view->screen = SCREEN_REPEAT;
    view->form_screen = &form_screen;
    view->progress = (struct view_progress){3, 7, 0, 0};
}

static const struct sample samples[] = {
    {"text", fill_text},           {"places", fill_places},
    {"number", fill_number},       {"date", fill_date},
    {"phone", fill_phone},         {"one", fill_one},
    {"yes-no", fill_yes_no},       {"many", fill_many},
    {"community", fill_community}, {"list", fill_list},
    {"costs", fill_costs},         {"address", fill_address},
    {"date-none", fill_costs},     {"range", fill_range},
    {"rank", fill_rank},           {"other-kinds", fill_other_kinds},
    {"repeat", fill_repeat},
};
const struct samples questions_samples = {samples, COUNT(samples)};
