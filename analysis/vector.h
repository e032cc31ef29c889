/*
 * Loops over floats in the widest vectors that the processor has. Such a loop is marked with
 * `#pragma omp simd`, which the compiler obeys at -O2 already (-fopenmp-simd; no OpenMP threads).
 * No sum goes across a vector, so that the result doesn't depend on how many values there are in
 * one; where the processor multiplies and adds in one instruction, it is rounded once.
 */
#ifndef ANALYSIS_VECTOR_H
#define ANALYSIS_VECTOR_H

/* The loop's body, an inline function NAME_body(const TYPE *job), is made part of each version. */
#define VECTOR_BODY static inline __attribute__((always_inline))

/* Defines `void NAME(const TYPE *job)`, which runs NAME_body in the version for this processor.
 * (Not target_clones: its resolver runs before ThreadSanitizer is ready for it.) */
#if defined(__x86_64__)
#define VECTOR_VERSIONS(NAME, TYPE)                                                                \
    __attribute__((target("avx512f"))) static void NAME##_512(const TYPE *job)                     \
    {                                                                                              \
        NAME##_body(job);                                                                          \
    }                                                                                              \
    __attribute__((target("avx2,fma"))) static void NAME##_256(const TYPE *job)                    \
    {                                                                                              \
        NAME##_body(job);                                                                          \
    }                                                                                              \
    void NAME(const TYPE *job)                                                                     \
    {                                                                                              \
        if (__builtin_cpu_supports("avx512f"))                                                     \
            NAME##_512(job);                                                                       \
        else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))                  \
            NAME##_256(job);                                                                       \
        else                                                                                       \
            NAME##_body(job);                                                                      \
    }
#else
#define VECTOR_VERSIONS(NAME, TYPE)                                                                \
    void NAME(const TYPE *job)                                                                     \
    {                                                                                              \
        NAME##_body(job);                                                                          \
    }
#endif

#endif
