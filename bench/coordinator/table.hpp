// What was measured, as rows of a table: the least, the middle and the greatest of several runs beside what is wanted.
#pragma once

#include <string>
#include <vector>

namespace checkerlab::bench {

struct Row {
  std::string name;
  std::string unit;
  std::vector<double> values;
  std::string goal;  // in words; empty: none
};

// The value below which the share `q` of the values lies.
double quantile(std::vector<double> values, double q);

// Prints the heading of the table, or one row of it, at once.
void print_heading();
void print_row(const Row& row);

}  // namespace checkerlab::bench
