#include "runner/container_engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_NAMED = 8 }; /* containers in one message */

static const struct container_engine *const engines[] = {
    &container_engine_podman,
    &container_engine_docker,
    &container_engine_containerd,
};

enum { ENGINE_COUNT = sizeof engines / sizeof engines[0] };

const struct container_engine *container_engine_find(const char *name)
{
    for (size_t i = 0; i < ENGINE_COUNT; i++) {
        if (strcmp(engines[i]->name, name) == 0)
            return engines[i];
    }
    return NULL;
}

const char *const *container_engine_names(size_t *count)
{
    static const char *names[ENGINE_COUNT];

    for (size_t i = 0; i < ENGINE_COUNT; i++)
        names[i] = engines[i]->name;
    *count = ENGINE_COUNT;
    return names;
}

/* --- lists --- */

struct container *container_list_add(struct container_list *list)
{
    struct container *container;

    list->items = memory_grow(list->items, list->count, &list->capacity, sizeof *list->items);
    container = &list->items[list->count++];
    memset(container, 0, sizeof *container);
    return container;
}

void container_list_free(struct container_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct container *container = &list->items[i];

        for (size_t j = 0; j < container->label_count; j++)
            free(container->labels[j]);
        free(container->labels);
        free(container->id);
        free(container->key);
        free(container->name);
        free(container->pod_namespace);
        free(container->pod);
    }
    free(list->items);
    memset(list, 0, sizeof *list);
}

void container_add_labels(struct container *container, const json_t *labels)
{
    json_t *all = (json_t *)labels; /* what iterates takes no const */

    for (void *at = json_object_iter(all); at != NULL; at = json_object_iter_next(all, at)) {
        const char *value = json_string_value(json_object_iter_value(at));

        if (value == NULL)
            continue;
        container->labels = memory_grow(container->labels, container->label_count,
                                        &container->label_capacity, sizeof *container->labels);
        container->labels[container->label_count++] =
            memory_format("%s=%s", json_object_iter_key(at), value);
    }
}

bool container_is_plain(const char *word)
{
    return word[0] != '\0' &&
           word[strspn(word,
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] ==
               '\0' &&
           word[0] != '-' && word[0] != '.';
}

const char *container_json_string(const json_t *object, const char *const path[])
{
    const char *string;

    for (; *path != NULL; path++)
        object = json_object_get(object, *path);
    string = json_string_value(object);
    return string != NULL ? string : "";
}

/* --- choosing --- */

static bool has_label(const struct container *container, const char *label, size_t length)
{
    for (size_t i = 0; i < container->label_count; i++) {
        if (strncmp(container->labels[i], label, length) == 0 &&
            container->labels[i][length] == '\0')
            return true;
    }
    return false;
}

/* All labels of a list parted by commas. */
static bool has_labels(const struct container *container, const char *labels)
{
    while (labels[0] != '\0') {
        size_t length = strcspn(labels, ",");

        if (length > 0 && !has_label(container, labels, length))
            return false;
        labels += length + (labels[length] == ',');
    }
    return true;
}

static bool is_meant(const char *wanted, const char *found)
{
    return wanted[0] == '\0' || strcmp(wanted, found) == 0;
}

static bool is_chosen(const struct container *container, const struct container_choice *choice)
{
    return is_meant(choice->name, container->name) &&
           is_meant(choice->pod_namespace, container->pod_namespace) &&
           is_meant(choice->pod, container->pod) && has_labels(container, choice->label);
}

static void append_choice(struct text *text, const struct container_choice *choice)
{
    const char *const conditions[][2] = {{"namespace", choice->pod_namespace},
                                         {"pod", choice->pod},
                                         {"label", choice->label},
                                         {"name", choice->name}};

    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        if (conditions[i][1][0] != '\0')
            text_appendf(text, " %s=\"%s\"", conditions[i][0], conditions[i][1]);
    }
}

/* 'NAMESPACE/POD/NAME', or the name alone; its letters are the host's. */
static void append_name(struct text *text, const struct container *container)
{
    struct text name = {0};

    if (container->pod[0] != '\0')
        text_appendf(&name, "%s/%s/", container->pod_namespace, container->pod);
    text_append(&name, container->name);
    for (size_t i = 0; i < name.length; i++) {
        if (name.bytes[i] <= ' ' || name.bytes[i] > '~')
            name.bytes[i] = '?';
    }
    text_append(text, text_string(&name));
    text_free(&name);
}

static void append_names(struct text *text, const struct container_list *list,
                         const struct container_choice *choice)
{
    size_t named = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (choice != NULL && !is_chosen(&list->items[i], choice))
            continue;
        if (named == MOST_NAMED) {
            text_append(text, ", ...");
            break;
        }
        text_append(text, named++ > 0 ? ", " : "");
        append_name(text, &list->items[i]);
    }
}

static void choice_error(const struct container_list *list, const struct container_choice *choice,
                         size_t count, struct error *error)
{
    struct text what = {0};
    struct text names = {0};

    append_choice(&what, choice);
    append_names(&names, list, count > 1 ? choice : NULL);
    if (count > 1) {
        error_set(error, ERROR_UNREACHABLE, "%zu containers of %s are%s", count, choice->engine,
                  text_string(&what));
        error_hint(error, "say more in the testbed file, so that it is one of: %s",
                   text_string(&names));
    } else {
        error_set(error, ERROR_UNREACHABLE, "no container of %s that runs is%s", choice->engine,
                  text_string(&what));
        error_hint(error, names.length > 0 ? "these run: %s" : "none runs at all%s",
                   text_string(&names));
    }
    text_free(&what);
    text_free(&names);
}

const struct container *container_choose(const struct container_list *list,
                                         const struct container_choice *choice, struct error *error)
{
    const struct container *chosen = NULL;
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (is_chosen(&list->items[i], choice)) {
            chosen = &list->items[i];
            count++;
        }
    }
    if (count == 1)
        return chosen;
    choice_error(list, choice, count, error);
    return NULL;
}
