#include "cli/tables/table.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace checkerlab::cli {
namespace {

TEST(Table, AlignsColumnsOfUnicodeText) {
  Table table({{"Ratio"}, {"FID", Align::right}});
  table.add_row({"√2", "12.3 ± 0.4"});
  table.add_row({"single", "8"});
  EXPECT_EQ(table.to_text(),
            "Ratio          FID\n"
            "──────  ──────────\n"
            "√2      12.3 ± 0.4\n"
            "single           8\n");
}

TEST(Table, QuotesCsv) {
  Table table({{"name"}, {"text"}});
  table.add_row({"a,b", "say \"hi\"\nthere"});
  EXPECT_EQ(table.to_csv(), "name,text\n\"a,b\",\"say \"\"hi\"\"\nthere\"\n");
}

TEST(Table, RefusesRowsOfAnotherWidth) {
  Table table({{"one"}});
  EXPECT_THROW(table.add_row({"a", "b"}), std::invalid_argument);
  EXPECT_EQ(table.rows(), 0U);
}

}  // namespace
}  // namespace checkerlab::cli
