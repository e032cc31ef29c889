#include <string.h>

#include "analysis/detector.h"

extern const struct detector detector_autoencoder;
extern const struct detector detector_forest;
extern const struct detector detector_pca;

const struct detector *const detectors[] = {
    &detector_forest,
    &detector_autoencoder,
    &detector_pca,
    NULL,
};

const struct detector *detector_find(const char *name, struct error *error)
{
    struct text names = {0};

    for (size_t i = 0; detectors[i] != NULL; i++) {
        if (name == NULL || strcmp(detectors[i]->name, name) == 0) {
            text_free(&names);
            return detectors[i];
        }
        text_appendf(&names, "%s%s", i > 0 ? ", " : "", detectors[i]->name);
    }
    error_set(error, ERROR_INPUT, "there is no detector '%s'", name);
    error_hint(error, "detectors: %s", text_string(&names));
    text_free(&names);
    return NULL;
}

const char *detector_name_at(size_t at)
{
    const size_t count = sizeof detectors / sizeof *detectors - 1;

    return at < count ? detectors[at]->name : NULL;
}
