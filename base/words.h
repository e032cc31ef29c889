/* Lists of words in one text: 'kamailio mysqld', 'in|out|both'. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The words of `text` between any of `separators`, none of them empty; NULL has none. The list ends
 * with NULL, which `*count` (may be NULL) leaves out. Free it with words_free. */
char **words_split(const char *text, const char *separators, size_t *count);

/* Whether the word is in a list that ends with NULL; NULL has none. */
bool words_have(char *const *words, const char *word);

void words_free(char **words);

#endif
