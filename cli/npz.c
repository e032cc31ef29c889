#include "cli/npz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/utf8.h"

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ORDER "<"
#else
#define ORDER ">"
#endif

/* 1980-01-01, the earliest day of a zip: no bytes should depend on when they were written. */
enum { EARLIEST_DATE = 1 << 5 | 1 };

struct npz {
    char *path;
    zip_t *archive;
};

static int unwritten(const struct npz *npz, zip_error_t *failure, struct error *error)
{
    if (zip_error_system_type(failure) == ZIP_ET_SYS) {
        errno = zip_error_code_system(failure);
        return error_unwritten(error, "can't write %s", npz->path);
    }
    if (zip_error_code_zip(failure) == ZIP_ER_OPNOTSUPP)
        return error_set(error, ERROR_INPUT, "can't write %s: it is there and is no plain file",
                         npz->path);
    return error_set(error, ERROR_INTERNAL, "can't write %s: %s", npz->path,
                     zip_error_strerror(failure));
}

int npz_open(const char *path, struct npz **npz, struct error *error)
{
    zip_error_t failure;
    int code = 0;

    *npz = memory_new(1, sizeof **npz);
    (*npz)->path = memory_string(path);
    (*npz)->archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if ((*npz)->archive != NULL)
        return 0;
    zip_error_init_with_code(&failure, code);
    unwritten(*npz, &failure, error);
    zip_error_fini(&failure);
    npz_discard(*npz);
    *npz = NULL;
    return -1;
}

/* Before the values: magic, version, then a Python dictionary, padded so that the values begin at
 * a multiple of 64. */
static void append_header(struct text *header, const char *type, const char *shape)
{
    enum { PREFIX = 10, ALIGNMENT = 64 };
    struct text dictionary = {0};

    text_appendf(&dictionary, "{'descr': '%s', 'fortran_order': False, 'shape': %s, }", type,
                 shape);
    while ((PREFIX + dictionary.length + 1) % ALIGNMENT != 0)
        text_append(&dictionary, " ");
    text_append(&dictionary, "\n");
    text_append_bytes(header, "\x93NUMPY\x01\x00", 8);
    bytes_put_integer(header, dictionary.length, 2);
    text_append_bytes(header, dictionary.bytes, dictionary.length);
    text_free(&dictionary);
}

/* Adds the bytes, which the source owns, under the name. */
static int add_source(struct npz *npz, const char *name, zip_source_t *source, struct error *error)
{
    char *file = memory_format("%s.npy", name);
    zip_int64_t place = zip_file_add(npz->archive, file, source, ZIP_FL_ENC_UTF_8);

    free(file);
    if (place < 0)
        zip_source_free(source);
    if (place < 0 ||
        zip_set_file_compression(npz->archive, (zip_uint64_t)place, ZIP_CM_STORE, 0) < 0 ||
        zip_file_set_dostime(npz->archive, (zip_uint64_t)place, 0, EARLIEST_DATE, 0) < 0)
        return unwritten(npz, zip_get_error(npz->archive), error);
    return 0;
}

/* Takes over `values`, of `size` bytes. */
static int add_array(struct npz *npz, const char *name, const char *type, const char *shape,
                     void *values, size_t size, struct error *error)
{
    struct text header = {0};
    zip_buffer_fragment_t parts[2];
    zip_source_t *source;
    zip_error_t failure;
    int result;

    append_header(&header, type, shape);
    parts[0] = (zip_buffer_fragment_t){(zip_uint8_t *)header.bytes, header.length};
    parts[1] = (zip_buffer_fragment_t){values, size};
    if (size == 0) { /* a source neither keeps nor frees such a part */
        free(values);
        values = NULL;
    }
    zip_error_init(&failure);
    source = zip_source_buffer_fragment_create(parts, size == 0 ? 1 : 2, 1, &failure);
    if (source != NULL) {
        result = add_source(npz, name, source, error);
    } else {
        result = unwritten(npz, &failure, error);
        text_free(&header);
        free(values);
    }
    zip_error_fini(&failure);
    return result;
}

static int add_row(struct npz *npz, const char *name, const char *type, void *values, size_t count,
                   size_t size, struct error *error)
{
    char *shape = memory_format("(%zu,)", count);
    int result = add_array(npz, name, type, shape, values, count * size, error);

    free(shape);
    return result;
}

int npz_add_doubles(struct npz *npz, const char *name, double *values, size_t rows, size_t columns,
                    struct error *error)
{
    char *shape = memory_format("(%zu, %zu)", rows, columns);
    int result =
        add_array(npz, name, ORDER "f8", shape, values, rows * columns * sizeof *values, error);

    free(shape);
    return result;
}

int npz_add_integers(struct npz *npz, const char *name, int64_t *values, size_t count,
                     struct error *error)
{
    return add_row(npz, name, ORDER "i8", values, count, sizeof *values, error);
}

int npz_add_flags(struct npz *npz, const char *name, bool *values, size_t count,
                  struct error *error)
{
    return add_row(npz, name, "|b1", values, count, sizeof *values, error);
}

/* Writes up to `room` codes of the text's characters, none if `codes` is NULL; returns how many
 * characters it has. */
static size_t decode(const char *text, uint32_t *codes, size_t room)
{
    size_t count = 0;

    for (; *text != '\0'; count++) {
        uint32_t code;
        size_t length = utf8_decode(text, &code);

        if (codes != NULL && count < room)
            codes[count] = code;
        text += length > 0 ? length : 1;
    }
    return count;
}

int npz_add_texts(struct npz *npz, const char *name, const char *const *texts, size_t count,
                  struct error *error)
{
    size_t width = 1; /* numpy has no texts without room */
    uint32_t *codes;
    char *type;
    int result;

    for (size_t i = 0; i < count; i++) {
        size_t length = decode(texts[i], NULL, 0);

        width = length > width ? length : width;
    }
    if (width > NPZ_LONGEST_TEXT)
        return error_set(error, ERROR_INPUT,
                         "%s: a text has %zu characters, more than the %d that fit", name, width,
                         NPZ_LONGEST_TEXT);
    codes = memory_new(count * width, sizeof *codes);
    for (size_t i = 0; i < count; i++)
        decode(texts[i], codes + i * width, width);
    type = memory_format(ORDER "U%zu", width);
    result = add_row(npz, name, type, codes, count, width * sizeof *codes, error);
    free(type);
    return result;
}

int npz_close(struct npz *npz, struct error *error)
{
    int result = zip_close(npz->archive);

    if (result == 0)
        npz->archive = NULL;
    else
        unwritten(npz, zip_get_error(npz->archive), error);
    npz_discard(npz);
    return result == 0 ? 0 : -1;
}

void npz_discard(struct npz *npz)
{
    if (npz->archive != NULL)
        zip_discard(npz->archive);
    free(npz->path);
    free(npz);
}
