#include "worker/jobs/params.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"

namespace checkerlab::worker {
namespace {

std::string range(const std::string& least, const std::string& most) {
  return "must be between " + least + " and " + most;
}

std::string short_number(double value) {
  return nlohmann::json(value).dump();
}

}  // namespace

Params::Params(const Json& spec) : kind_(spec.value("kind", "job")), params_(nullptr) {
  if (!spec.contains("params") || !spec.at("params").is_object()) {
    throw Error(ErrorCode::invalid_argument, kind_ + ": the spec has no params");
  }
  params_ = &spec.at("params");
}

const Params::Json& Params::at(const std::string& name) {
  asked_.insert(name);
  const auto found = params_->find(name);
  if (found == params_->end()) refuse(name, "is missing");
  return *found;
}

void Params::refuse(const std::string& name, const std::string& complaint) const {
  const auto found = params_->find(name);
  const auto given = found == params_->end() ? "" : " is " + found->dump().substr(0, 80) + ":";
  throw Error(ErrorCode::invalid_argument, kind_ + ": params." + name + given + " " + complaint,
              "correct the study's definition");
}

std::int64_t Params::integer(const std::string& name, std::int64_t least, std::int64_t most) {
  const auto& value = at(name);
  if (!value.is_number_integer()) refuse(name, "must be an integer");
  const auto number = value.get<std::int64_t>();
  if (number < least || number > most) refuse(name, range(std::to_string(least), std::to_string(most)));
  return number;
}

double Params::number(const std::string& name, double least, double most) {
  const auto& value = at(name);
  if (!value.is_number()) refuse(name, "must be a number");
  const auto number = value.get<double>();
  if (!std::isfinite(number) || number < least || number > most) {
    refuse(name, range(short_number(least), short_number(most)));
  }
  return number;
}

bool Params::flag(const std::string& name) {
  const auto& value = at(name);
  if (!value.is_boolean()) refuse(name, "must be true or false");
  return value.get<bool>();
}

std::string Params::text(const std::string& name) {
  const auto& value = at(name);
  if (!value.is_string()) refuse(name, "must be text");
  return value.get<std::string>();
}

std::string Params::one_of(const std::string& name, const std::vector<std::string>& choices) {
  const auto value = text(name);
  if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
    std::string all;
    for (const auto& choice : choices)
      all += (all.empty() ? "" : ", ") + choice;
    refuse(name, "must be one of " + all);
  }
  return value;
}

std::vector<std::int64_t> Params::integers(const std::string& name, std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> numbers;
  for (const auto& entry : list(name)) {
    if (!entry.is_number_integer()) refuse(name, "must be a list of integers");
    numbers.push_back(entry.get<std::int64_t>());
    if (numbers.back() < least || numbers.back() > most) {
      refuse(name, "every entry " + range(std::to_string(least), std::to_string(most)));
    }
  }
  if (numbers.empty()) refuse(name, "must not be empty");
  return numbers;
}

std::vector<std::string> Params::texts(const std::string& name, const std::vector<std::string>& choices) {
  std::vector<std::string> texts;
  for (const auto& entry : list(name)) {
    if (!entry.is_string() || std::find(choices.begin(), choices.end(), entry.get<std::string>()) == choices.end()) {
      refuse(name, "has an entry that is not known");
    }
    texts.push_back(entry.get<std::string>());
  }
  if (texts.empty()) refuse(name, "must not be empty");
  return texts;
}

const Params::Json& Params::list(const std::string& name) {
  const auto& value = at(name);
  if (!value.is_array()) refuse(name, "must be a list");
  return value;
}

void Params::expect_no_more() const {
  for (const auto& entry : params_->items()) {
    if (!asked_.contains(entry.key()))
      refuse(entry.key(), "is not known to this worker; use one of the coordinator's version");
  }
}

}  // namespace checkerlab::worker
