// What a page knows that is told one document after the other, and what must be true of it at every moment: counts add
// up to their total, and nothing goes back except as a retry does. Pure; for one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace checkerlab::chaos {

using Json = nlohmann::json;
using ReportLie = std::function<void(const std::string& what)>;

class PageView {
 public:
  explicit PageView(ReportLie report) : report_(std::move(report)) {}

  void show_study(const Json& study);
  void show_job(const Json& job);
  // Many jobs of the study changed and are not told one by one, now and later: a page asks for those that it shows.
  void forget_jobs(const std::string& study);

  const std::map<std::string, Json>& studies() const { return studies_; }  // by id
  const std::map<std::string, Json>& jobs() const { return jobs_; }        // by key

 private:
  void expect(bool holds, const Json& document, const char* promise) const;
  void check_counts(const Json& study) const;

  ReportLie report_;
  std::map<std::string, Json> studies_;
  std::map<std::string, Json> jobs_;
  std::set<std::string> crowded_;  // studies
};

}  // namespace checkerlab::chaos
