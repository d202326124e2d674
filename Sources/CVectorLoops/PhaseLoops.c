#include "CVectorLoops.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// Terms are not normalised: they begin with 1, are scaled down when they grow beyond this, and the sum is divided by that
// of the probabilities.
static const double large = 1e200;
// What is left may be this share of the sum.
static const double negligible = 1e-17;

// Visits are counted as `visits` says and, where `counts_squares`, their squares as `squares` says.
static inline __attribute__((always_inline)) void phase_sums(const struct PhaseLoop *loop, int counts_squares,
                                                             double squares, double *mean, double *square) {
  const double shape = loop->shape, y = loop->y, leaving = loop->leaving;
  double n = loop->first, visits = loop->visits, next = loop->next, staying = loop->staying;
  double odd = 2 * (loop->made_by_first) + 1;
  long to_visit = loop->to_visit, looked = 0;
  double term = 1, mass = 0, sum = 0, sum_of_squares = 0;
  for (;;) {
    mass += term;
    sum += term * visits;
    if (counts_squares) sum_of_squares += term * squares;
    double ratio = (shape + n) / (n + 1) * y;
    n += 1;
    if (--to_visit == 0) {
      to_visit = loop->regularity;
      visits += next;
      squares += odd * next;
      odd += 2;
      next *= staying / (leaving + staying);
      staying += 1;
      if ((++looked & 7) == 0 && n > loop->mode && ratio < 1) {
        double odds = ratio / (1 - ratio);
        double rest = term * odds * (visits + odds);
        double rest_of_squares = term * odds * (squares + odds * (odd + 2 * odds));
        if (rest <= negligible * sum && (!counts_squares || rest_of_squares <= negligible * sum_of_squares)) break;
      }
    }
    term *= ratio;
    if (term > large) {
      term /= large;
      mass /= large;
      sum /= large;
      sum_of_squares /= large;
    }
  }
  *mean = sum / mass;
  *square = sum_of_squares / mass;
}

double phase_mean(const struct PhaseLoop *loop) {
  double mean, square;
  phase_sums(loop, 0, 0, &mean, &square);
  return mean;
}

void phase_moments(const struct PhaseLoop *loop, double squares, double *mean, double *square) {
  phase_sums(loop, 1, squares, mean, square);
}
