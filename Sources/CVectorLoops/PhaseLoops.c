#include "CVectorLoops.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// Terms are not normalised: they begin with 1, are scaled down when they grow beyond this, and the sum is divided by that
// of the probabilities.
static const double large = 1e200;
// What is left may be this share of the sum.
static const double negligible = 1e-17;

double phase_mean(const struct PhaseLoop *loop) {
  const double shape = loop->shape, y = loop->y, leaving = loop->leaving;
  double n = loop->first, visits = loop->visits, next = loop->next, staying = loop->staying;
  long to_visit = loop->to_visit;
  double term = 1, mass = 0, sum = 0;
  for (;;) {
    mass += term;
    sum += term * visits;
    double ratio = (shape + n) / (n + 1) * y;
    n += 1;
    if (--to_visit == 0) {
      to_visit = loop->regularity;
      visits += next;
      next *= staying / (leaving + staying);
      staying += 1;
      if (n > loop->mode && ratio < 1) {
        double odds = ratio / (1 - ratio);
        if (term * odds * (visits + odds) <= negligible * sum) return sum / mass;
      }
    }
    term *= ratio;
    if (term > large) {
      term /= large;
      mass /= large;
      sum /= large;
    }
  }
}
