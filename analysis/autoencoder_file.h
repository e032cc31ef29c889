/* An autoencoder as bytes, the same on every machine; the layout is in docs/detectors.md. */
#ifndef ANALYSIS_AUTOENCODER_FILE_H
#define ANALYSIS_AUTOENCODER_FILE_H

#include "analysis/autoencoder.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"

/* Appends the net. */
void autoencoder_write(const struct autoencoder *net, struct text *bytes);

/*
 * Reads a net of `features` features. Everything is checked (sizes in range, activation known,
 * weights finite), so that scoring with what was read is safe; its shape says how many rows a
 * window has. Free with autoencoder_free. ERROR_INPUT says what is wrong.
 */
int autoencoder_read(struct byte_reader *reader, size_t features, struct autoencoder **net,
                     struct error *error);

#endif
