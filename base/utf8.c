#include "base/utf8.h"

size_t utf8_decode(const char *string, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)string;
    uint32_t value = bytes[0];
    size_t length = value < 0x80 ? 1 : value < 0xc0 ? 0 : value < 0xe0 ? 2 : value < 0xf0 ? 3 : 4;

    *code = UTF8_REPLACEMENT;
    if (length == 0 || value >= 0xf8)
        return 0;
    if (length > 1)
        value &= 0x7fU >> length;
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (bytes[i] & 0x3fU);
    }
    if (value < least[length] || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
        return 0;
    *code = value;
    return length;
}

bool utf8_is_whole(const char *string)
{
    size_t length = 1;
    uint32_t code;

    for (; *string != '\0' && length > 0; string += length)
        length = utf8_decode(string, &code);
    return length > 0;
}
