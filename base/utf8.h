/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xfffdU

/* Length in bytes of the character at `string`, which ends with NUL, and its code; 0 and
 * UTF8_REPLACEMENT if there is none. */
size_t utf8_decode(const char *string, uint32_t *code);

/* Whether all of the string is UTF-8. */
bool utf8_is_whole(const char *string);

#endif
