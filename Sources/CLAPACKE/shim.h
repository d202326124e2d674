// The complex types of LAPACKE are not used; these two lines keep C's `_Complex` out of Swift's sight.
#define lapack_complex_float float
#define lapack_complex_double double
#include <lapacke.h>
