#include "analysis/blas.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define LIBRARY "libopenblas.so.0"

enum { ROW_MAJOR = 101, AS_IT_IS = 111, TRANSPOSED = 112 }; /* as in cblas.h */

typedef void product_function(int order, int left_form, int right_form, int rows, int columns,
                              int inner, float factor, const float *left, int left_stride,
                              const float *right, int right_stride, float keep, float *result,
                              int result_stride);

typedef void double_function(int order, int left_form, int right_form, int rows, int columns,
                             int inner, double factor, const double *left, int left_stride,
                             const double *right, int right_stride, double keep, double *result,
                             int result_stride);

typedef void row_function(int order, int form, int rows, int columns, float factor,
                          const float *matrix, int stride, const float *row, int row_stride,
                          float keep, float *result, int result_stride);

/* The last two are the lengths of the first two, which Fortran passes so. */
typedef void eigen_function(const char *job, const char *triangle, const int *size, double *matrix,
                            const int *stride, double *values, double *work, const int *work_size,
                            int *failed, size_t job_length, size_t triangle_length);

/* By these names OpenBLAS is told how many threads to use, the second if it was built with OpenMP.
 */
static const char *const thread_variables[] = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"};

#define VARIABLES (sizeof thread_variables / sizeof *thread_variables)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static product_function *product;
static row_function *row_product;
static double_function *double_product;
static eigen_function *eigen;
static bool loaded;
static char failure[256];

static void *library; /* stays loaded */

/* Takes `function`, whose size is that of any pointer to a function, from the library. */
static bool find(const char *name, void *function)
{
    void *symbol = dlsym(library, name);

    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

static void load_functions(void)
{
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    loaded = library != NULL && find("cblas_sgemm", &product) &&
             find("cblas_sgemv", &row_product) && find("cblas_dgemm", &double_product) &&
             find("dsyev_", &eigen);
    if (!loaded)
        strncpy(failure, dlerror(), sizeof failure - 1);
}

/* With one thread asked for it starts none: /proc/self/task has one entry before and after. */
static void load(void)
{
    char *before[VARIABLES];

    for (size_t i = 0; i < VARIABLES; i++) {
        before[i] = memory_string(getenv(thread_variables[i]));
        setenv(thread_variables[i], "1", 1);
    }
    load_functions();
    for (size_t i = 0; i < VARIABLES; i++) {
        if (before[i] != NULL)
            setenv(thread_variables[i], before[i], 1);
        else
            unsetenv(thread_variables[i]);
        free(before[i]);
    }
}

int blas_load(struct error *error)
{
    pthread_once(&once, load);
    if (loaded)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "can't load the library for products of matrices: %s",
              failure);
    return error_hint(error, "install it: apt-get install libopenblas0");
}

void blas_product(enum blas_form form, struct blas_sizes sizes, const float *left,
                  const float *right, bool add, float *result)
{
    bool left_transposed = form == BLAS_LEFT_TRANSPOSED;
    bool right_transposed = form == BLAS_RIGHT_TRANSPOSED;

    /* The product of matrices copies the right one into another order, which pays for many rows. */
    if (sizes.rows == 1) {
        size_t rows = right_transposed ? sizes.columns : sizes.inner;
        size_t columns = right_transposed ? sizes.inner : sizes.columns;

        row_product(ROW_MAJOR, right_transposed ? AS_IT_IS : TRANSPOSED, (int)rows, (int)columns, 1,
                    right, (int)columns, left, 1, add ? 1 : 0, result, 1);
        return;
    }
    product(ROW_MAJOR, left_transposed ? TRANSPOSED : AS_IT_IS,
            right_transposed ? TRANSPOSED : AS_IT_IS, (int)sizes.rows, (int)sizes.columns,
            (int)sizes.inner, 1, left, (int)(left_transposed ? sizes.rows : sizes.inner), right,
            (int)(right_transposed ? sizes.inner : sizes.columns), add ? 1 : 0, result,
            (int)sizes.columns);
}

void blas_add_product(enum blas_form form, struct blas_sizes sizes, double factor,
                      const double *left, const double *right, double *result)
{
    bool left_transposed = form == BLAS_LEFT_TRANSPOSED;
    bool right_transposed = form == BLAS_RIGHT_TRANSPOSED;

    double_product(
        ROW_MAJOR, left_transposed ? TRANSPOSED : AS_IT_IS,
        right_transposed ? TRANSPOSED : AS_IT_IS, (int)sizes.rows, (int)sizes.columns,
        (int)sizes.inner, factor, left, (int)(left_transposed ? sizes.rows : sizes.inner), right,
        (int)(right_transposed ? sizes.inner : sizes.columns), 1, result, (int)sizes.columns);
}

int blas_symmetric_eigen(double *matrix, size_t size, double *values, struct error *error)
{
    int count = (int)size;
    int work_size = 34 * count + 1; /* (blocks of 32 + 2) x size */
    double *work = memory_new((size_t)work_size, sizeof *work);
    int failed = 0;

    eigen("V", "U", &count, matrix, &count, values, work, &work_size, &failed, 1, 1);
    free(work);
    if (failed != 0)
        return error_set(error, ERROR_INTERNAL,
                         "the eigenvalues of a matrix of %zu did not converge", size);
    return 0;
}
