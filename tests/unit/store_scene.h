/* A folder with a small sound run in it, for tests of the file itself. */
#ifndef TESTS_UNIT_STORE_SCENE_H
#define TESTS_UNIT_STORE_SCENE_H

#include "base/error.h"

struct scene {
    char *folder;
    char *path; /* of the run database */
    struct error error;
};

#define MUST(call) scene_must((call), &scene->error)

/* Fails the test with the error unless `result` is 0. */
void scene_must(int result, const struct error *error);

/* For cmocka: `*state` is the scene. */
int scene_set_up(void **state);
int scene_tear_down(void **state);

/* Changes the file as an attacker or an accident would, past our own checks. */
void scene_change(struct scene *scene, const char *sql);

/* The file must be refused for reading, with these words. */
void scene_expect_refusal(struct scene *scene, const char *words);

#endif
