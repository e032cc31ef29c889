#include "base/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char **words_split(const char *text, const char *separators, size_t *count)
{
    char *copy = memory_string(text != NULL ? text : "");
    char *rest = NULL;
    size_t found = 0;
    char **words = memory_new(1, sizeof *words);

    for (char *word = strtok_r(copy, separators, &rest); word != NULL;
         word = strtok_r(NULL, separators, &rest)) {
        words = memory_resize(words, found + 2, sizeof *words);
        words[found++] = memory_string(word);
        words[found] = NULL;
    }
    free(copy);
    if (count != NULL)
        *count = found;
    return words;
}

bool words_have(char *const *words, const char *word)
{
    for (; words != NULL && *words != NULL; words++) {
        if (strcmp(*words, word) == 0)
            return true;
    }
    return false;
}

void words_free(char **words)
{
    for (size_t i = 0; words != NULL && words[i] != NULL; i++)
        free(words[i]);
    free(words);
}
