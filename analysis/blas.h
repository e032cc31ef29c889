/*
 * Products and eigenvectors of matrices, by OpenBLAS. The library is loaded when it is first asked
 * for and not linked: while it is being loaded it starts a thread for every processor but one, and
 * other parts of this program call setns and unshare, which some namespaces grant to a process of
 * one thread only. It would also add 2 to 4 ms to every start.
 */
#ifndef ANALYSIS_BLAS_H
#define ANALYSIS_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The result has `rows` x `columns`, the sums in it have `inner` terms; none is above INT_MAX. */
struct blas_sizes {
    size_t rows;
    size_t inner;
    size_t columns;
};

/* How the factors lie in memory, row-major and without gaps: plainly (rows x inner) and
 * (inner x columns), or one of them transposed. */
enum blas_form {
    BLAS_PLAIN,
    BLAS_LEFT_TRANSPOSED, /* left is (inner x rows) */
    BLAS_RIGHT_TRANSPOSED /* right is (columns x inner) */
};

/*
 * Loads the library, once in a process; must have returned 0 before blas_product is called. It sets
 * environment variables for the time of loading: call it while no other thread might read or change
 * the environment. ERROR_UNREACHABLE, with the Debian package, if there is no such library.
 */
int blas_load(struct error *error);

/*
 * result = left x right, or with `add` result = result + left x right. Works in the calling thread
 * alone, so that any number of threads may call it and each gets the same bits.
 */
void blas_product(enum blas_form form, struct blas_sizes sizes, const float *left,
                  const float *right, bool add, float *result);

/* The same of doubles: result = result + factor * left x right. */
void blas_add_product(enum blas_form form, struct blas_sizes sizes, double factor,
                      const double *left, const double *right, double *result);

/*
 * Eigenvalues of a symmetric matrix (size x size), rising, and in its place its eigenvectors, one a
 * row (LAPACK's dsyev). `matrix` and `values` are the caller's. ERROR_INTERNAL if it does not
 * converge.
 */
int blas_symmetric_eigen(double *matrix, size_t size, double *values, struct error *error);

#endif
