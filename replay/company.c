/*
 * Inventing companies; see company.h. Names are two syllables and a trade,
 * codes five digits and a sixth that tells the kind of share, both picked by a
 * permutation of all combinations: uniqueness needs no memory of what has been
 * given out. Sizes fall with the slot as market caps fall with the rank.
 */
#include "replay/company.h"

#include "replay/random.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* A Hangul syllable is three bytes of UTF-8. */
#define SYLLABLE_BYTES 3

static const char first_syllables[] =
    "가강경고광금기남누다대도동두라마명미바백보부"
    "사상새서선성세소송수신아영예온우원유윤은이인"
    "자정제중진창천청충태토평하한해현홍화효희";

static const char second_syllables[] =
    "강결광국규나담도동들람래량로루림명모문벗별보"
    "봉빛산상샘서석성솔송수신안암영오온울원월은일"
    "주진찬창천토평호화환훈휘흥희";

/* None ends like a preferred share, so that "...우" names only those. */
static const char *const trades[] = {
    "전자",
    "화학",
    "건설",
    "제약",
    "바이오",
    "테크",
    "소프트",
    "산업",
    "물산",
    "철강",
    "기계",
    "에너지",
    "반도체",
    "시스템",
    "홀딩스",
    "식품",
    "제지",
    "섬유",
    "통신",
    "해운",
    "조선",
    "증권",
    "금융",
    "생명과학",
    "메디칼",
    "네트웍스",
    "엔지니어링",
    "머티리얼즈",
    "로보틱스",
    "미디어",
    "게임즈",
    "케미칼",
    "정밀",
    "전선",
    "유통",
    "항공",
    "푸드",
    "코스메틱",
    "디스플레이",
    "솔루션",
};

#define N_FIRST ((sizeof(first_syllables) - 1) / SYLLABLE_BYTES)
#define N_SECOND ((sizeof(second_syllables) - 1) / SYLLABLE_BYTES)
#define N_NAMES (N_FIRST * N_SECOND * COUNT_OF(trades))
#define NAME_STEP 62989 /* prime, so without common factor with N_NAMES */

#define SAMSUNG_NUMBER 593 /* of 005930 */
#define N_NUMBERS 99998    /* 00001 to 99999 but that one */
#define NUMBER_STEP 61843  /* prime, so without common factor with N_NUMBERS */

#define N_COMPANIES (COMPANY_MAX_SLOTS * COMPANY_MAX_GENERATIONS)

_Static_assert(N_COMPANIES <= N_NAMES && N_COMPANIES <= N_NUMBERS,
    "a name and a code for every company");
_Static_assert(N_NAMES % NAME_STEP != 0 && N_NUMBERS % NUMBER_STEP != 0,
    "the steps visit every name and number");

struct weighted_dept {
    const char *text;
    uint32_t per_mille;
};

/* The shares of 2022 to 2025. Blank-cheque companies are left out. */
static const struct weighted_dept kosdaq_depts[] = {
    {"중견기업부", 350},
    {"우량기업부", 280},
    {"벤처기업부", 190},
    {"기술성장기업부", 100},
    {"관리종목(소속부없음)", 40},
    {"투자주의환기종목(소속부없음)", 27},
    {"외국기업(소속부없음)", 13},
};

/* A rough logarithmic spread of the prices of 1995. */
static const int64_t price_bands[] = {
    300, 600, 900, 1300, 2000, 3000, 4500, 7000, 11000, 20000, 45000};

static bool is_preferred(uint32_t slot)
{
    return slot % 32 == 7 || slot % 32 == 15;
}

static bool has_preferred(uint32_t slot)
{
    return is_preferred(slot + 1);
}

static void set_name(
    struct company *c, uint64_t seed, uint32_t id, const char *ending)
{
    struct random_source r = random_fork(seed, UINT64_MAX);
    uint64_t pick =
        ((uint64_t)random_below(&r, N_NAMES) + (uint64_t)id * NAME_STEP) %
        N_NAMES;
    const char *first = first_syllables + pick % N_FIRST * SYLLABLE_BYTES;
    const char *second =
        second_syllables + pick / N_FIRST % N_SECOND * SYLLABLE_BYTES;
    const char *trade = trades[pick / (N_FIRST * N_SECOND)];

    (void)snprintf(
        c->name, sizeof(c->name), "%.3s%.3s%s%s", first, second, trade, ending);
}

static void set_code(struct company *c, uint64_t seed, uint32_t id, char kind)
{
    struct random_source r = random_fork(seed, UINT64_MAX - 1);
    uint64_t number =
        ((uint64_t)random_below(&r, N_NUMBERS) + (uint64_t)id * NUMBER_STEP) %
            N_NUMBERS +
        1;

    if (number >= SAMSUNG_NUMBER) {
        number++;
    }
    for (int i = 4; i >= 0; i--) {
        c->code[i] = (char)('0' + number % 10);
        number /= 10;
    }
    c->code[5] = kind;
    c->code[6] = '\0';
}

static const char *pick_dept(struct random_source *r, uint32_t slot)
{
    int64_t n = random_below(r, 1000);

    if (slot < COMPANY_LARGE_SLOTS) {
        return "우량기업부";
    }
    for (size_t i = 0; i < COUNT_OF(kosdaq_depts); i++) {
        n -= kosdaq_depts[i].per_mille;
        if (n < 0) {
            return kosdaq_depts[i].text;
        }
    }
    return kosdaq_depts[0].text;
}

/* Half the list is on KOSDAQ, hardly any of it among the large. */
static enum krx_market pick_home(struct random_source *r, uint32_t slot)
{
    int64_t n = random_below(r, 100);

    if (is_preferred(slot) || has_preferred(slot)) {
        return KRX_KOSPI;
    }
    if (slot < COMPANY_LARGE_SLOTS) {
        return slot % 6 == 5 ? KRX_KOSDAQ : KRX_KOSPI;
    }
    return n < 26 ? KRX_KOSPI : n < 94 ? KRX_KOSDAQ : KRX_KONEX;
}

/* Market cap falls as 1/slot; KONEX companies are a hundredth of that. */
static void set_size(struct company *c, struct random_source *r, uint32_t slot)
{
    int64_t band = random_below(r, COUNT_OF(price_bands) - 1);
    int64_t cap = INT64_C(30000000000000) / (slot + 1);

    c->price = random_between(r, price_bands[band], price_bands[band + 1]);
    cap = cap * random_between(r, 60, 160) / 100;
    if (c->home == KRX_KONEX) {
        cap /= 100;
    }
    if (is_preferred(slot)) {
        cap /= 12;
    }
    c->stocks = cap / c->price;
    if (c->stocks < 200000) {
        c->stocks = random_between(r, 200000, 2000000);
    }
}

static void set_behaviour(struct company *c, struct random_source *r)
{
    bool main_board = c->home == KRX_KOSPI;

    c->volatility_ppm = random_between(r, 12000, main_board ? 24000 : 34000);
    c->turnover_ppm = random_between(r, 300, main_board ? 4000 : 12000);
    if (c->home == KRX_KONEX) {
        c->turnover_ppm = random_between(r, 1, 200);
    }
}

static struct company samsung(void)
{
    return (struct company){
        .code = "005930",
        .name = "삼성전자",
        .dept = "",
        .home = KRX_KOSPI,
        .stocks = 5969782550,
        .price = 14000,
        .volatility_ppm = 15000,
        .turnover_ppm = 2300,
    };
}

struct company company_make(uint64_t seed, uint32_t slot, uint32_t generation)
{
    uint32_t id = generation * COMPANY_MAX_SLOTS + slot;
    struct random_source r = random_fork(seed, id);
    struct company c;

    assert(slot < COMPANY_MAX_SLOTS && generation < COMPANY_MAX_GENERATIONS);
    if (slot == 0) {
        return samsung();
    }
    memset(&c, 0, sizeof(c));
    if (is_preferred(slot)) {
        /* The older form of preferred share ends in 5, the newer in K. */
        bool newer = slot % 32 == 7;

        set_name(&c, seed, id - 1, newer ? "우B" : "우");
        set_code(&c, seed, id - 1, newer ? 'K' : '5');
    } else {
        set_name(&c, seed, id, "");
        set_code(&c, seed, id, '0');
    }
    c.home = pick_home(&r, slot);
    c.dept = c.home == KRX_KOSPI   ? ""
             : c.home == KRX_KONEX ? "일반기업부"
                                   : pick_dept(&r, slot);
    set_size(&c, &r, slot);
    set_behaviour(&c, &r);
    c.can_leave = slot >= COMPANY_LARGE_SLOTS && !is_preferred(slot) &&
                  !has_preferred(slot);
    return c;
}
