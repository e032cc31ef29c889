#include "runner/plan_shard.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "runner/plan_expand.h"

enum { MOST_SHARDS = 100000, DRAW = 1 };

int shard_parse(const char *text, struct shard *shard, struct error *error)
{
    const char *at = text;
    bool is_shard = string_read_count(&at, MOST_SHARDS, &shard->number) && *at++ == '/' &&
                    string_read_count(&at, MOST_SHARDS, &shard->count) && *at == '\0' &&
                    shard->number <= shard->count;

    if (is_shard)
        return 0;
    error_set(error, ERROR_INPUT, "\"%.40s\" is not a shard", text);
    return error_hint(error, "the second of three is written 2/3");
}

/* An experiment in the order in which they are dealt. */
struct card {
    const struct planned_experiment *experiment;
    size_t kind_length; /* of its name, without the repetition */
    uint64_t draw;      /* the same for all repetitions */
};

static size_t kind_length(const struct planned_experiment *experiment)
{
    const char *dash = strrchr(experiment->name, '-');

    return dash != NULL ? (size_t)(dash - experiment->name) : strlen(experiment->name);
}

static int compare_kinds(const struct card *left, const struct card *right)
{
    size_t length = left->kind_length < right->kind_length ? left->kind_length : right->kind_length;
    int order = memcmp(left->experiment->name, right->experiment->name, length);

    return order != 0 ? order
                      : (left->kind_length > right->kind_length) -
                            (left->kind_length < right->kind_length);
}

static int by_kind(const void *left, const void *right)
{
    const struct card *one = left;
    const struct card *other = right;
    int order = compare_kinds(one, other);

    return order != 0 ? order
                      : (one->experiment->repetition > other->experiment->repetition) -
                            (one->experiment->repetition < other->experiment->repetition);
}

static int by_draw(const void *left, const void *right)
{
    const struct card *one = left;
    const struct card *other = right;

    if (one->draw != other->draw)
        return one->draw < other->draw ? -1 : 1;
    return by_kind(left, right);
}

/* Names, not the order of the plan, decide: a shuffled campaign is divided as a listed one is. */
static struct card *make_cards(const struct plan *plan)
{
    struct card *cards = memory_new(plan->experiment_count, sizeof *cards);
    struct random random;

    random_seed(&random, DRAW);
    for (size_t i = 0; i < plan->experiment_count; i++)
        cards[i] = (struct card){.experiment = &plan->experiments[i],
                                 .kind_length = kind_length(&plan->experiments[i])};
    qsort(cards, plan->experiment_count, sizeof *cards, by_kind);
    for (size_t i = 0; i < plan->experiment_count; i++)
        cards[i].draw = i > 0 && compare_kinds(&cards[i - 1], &cards[i]) == 0
                            ? cards[i - 1].draw
                            : random_next(&random);
    qsort(cards, plan->experiment_count, sizeof *cards, by_draw);
    return cards;
}

int plan_take_shard(struct plan *plan, struct shard shard, struct error *error)
{
    size_t count = plan->experiment_count;
    size_t kept = 0;
    struct card *cards;
    bool *is_kept;

    if (count == 0 || (uint64_t)shard.count > count)
        return error_set(error, ERROR_INPUT,
                         "%" PRId64 " shards are too many for a campaign of %zu experiment%s",
                         shard.count, count, count == 1 ? "" : "s");
    cards = make_cards(plan);
    is_kept = memory_new(count, sizeof *is_kept);
    for (size_t i = (size_t)shard.number - 1; i < count; i += (size_t)shard.count)
        is_kept[cards[i].experiment - plan->experiments] = true;
    for (size_t i = 0; i < count; i++) {
        if (is_kept[i])
            plan->experiments[kept++] = plan->experiments[i];
        else
            planned_experiment_free(&plan->experiments[i]);
    }
    free(is_kept);
    free(cards);
    plan->shard = shard;
    plan->experiment_count = kept;
    plan->length = plan->length / (int64_t)count * (int64_t)kept;
    plan->estimate = plan->estimate / (int64_t)count * (int64_t)kept;
    return 0;
}
