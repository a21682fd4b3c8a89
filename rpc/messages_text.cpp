#include <charconv>

#include "rpc/fields.hpp"
#include "rpc/messages.hpp"

namespace checkerlab::rpc {
namespace {

// Appends JSON. Keys and hashes are hexadecimal and names of types plain: they need no escapes; whatever else may hold
// goes through the library.
class Text {
 public:
  Text& raw(std::string_view text) {
    text_ += text;
    return *this;
  }
  Text& quoted(std::string_view plain) {
    text_ += '"';
    text_ += plain;
    text_ += '"';
    return *this;
  }
  Text& number(std::uint64_t value) {
    char digits[20];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    text_.append(digits, end);
    return *this;
  }
  Text& json(const Json& value) { return raw(value.dump()); }
  Text& head(std::string_view type) { return raw(R"({"v":)").number(kProtocolVersion).raw(R"(,"type":)").quoted(type); }
  Text& attempt(const AttemptRef& attempt) {
    return raw(R"("key":)").quoted(attempt.key.str()).raw(R"(,"attempt":)").number(value_of(attempt.attempt));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void append(Text& text, const Assignment& job) {
  if (!job.inputs.empty() || job.checkpoint || job.gang || job.spec_text.empty() || job.hints_text.empty()) {
    const Json whole = encode(CoordinatorMessage(Assign{{job}}));
    text.json(whole.at("jobs").at(0));
    return;
  }
  text.raw("{").attempt(job.attempt).raw(R"(,"spec":)").raw(job.spec_text);
  text.raw(R"(,"hints":)").raw(job.hints_text).raw(R"(,"inputs":{},"checkpoint":null})");
}

void append(Text& text, const Acknowledgement& ack) {
  text.raw("{").attempt(ack.attempt).raw(R"(,"accepted":)").raw(ack.accepted ? "true" : "false");
  text.raw(R"(,"reason":)").json(ack.reason).raw("}");
}

template <class List>
void append_list(Text& text, const List& list) {
  std::string_view comma;
  text.raw("[");
  for (const auto& item : list) {
    text.raw(std::exchange(comma, ","));
    append(text, item);
  }
  text.raw("]");
}

void append(Text& text, const JobResult& result) {
  if (!result.artifacts.empty() || !result.identity.empty()) {
    text.json(encode(result));
    return;
  }
  text.raw(R"({"artifacts":[],"metrics":{)");
  std::string_view comma;
  for (const auto& [name, value] : result.metrics)
    text.raw(std::exchange(comma, ",")).json(name).raw(":").json(value);
  text.raw("}}");
}

}  // namespace

std::string encode_text(const WorkerMessage& message) {
  Text text;
  const auto* started = std::get_if<AttemptStarted>(&message);
  if (started != nullptr && !started->ready_seconds) {
    text.head("attempt_started").raw(",").attempt(started->attempt).raw("}");
    return text.take();
  }
  const auto* finished = std::get_if<AttemptFinished>(&message);
  if (finished == nullptr || !finished->result) return encode(message).dump();
  text.head("attempt_finished").raw(",").attempt(finished->attempt);
  text.raw(R"(,"outcome":"succeeded","result":)");
  append(text, *finished->result);
  text.raw("}");
  return text.take();
}

std::string encode_text(const CoordinatorMessage& message) {
  Text text;
  if (const auto* assign = std::get_if<Assign>(&message)) {
    text.head("assign").raw(R"(,"jobs":)");
    append_list(text, assign->jobs);
  } else if (const auto* ack = std::get_if<Ack>(&message)) {
    text.head("ack").raw(R"(,"acks":)");
    append_list(text, ack->acks);
  } else {
    return encode(message).dump();
  }
  text.raw("}");
  return text.take();
}

std::string encode_text(const JobResult& result) {
  Text text;
  append(text, result);
  return text.take();
}

void parse_texts(Assignment& job) {
  if (!job.spec_text.empty()) job.spec = parse_json(job.spec_text, "the spec of job " + job.attempt.key.str());
  if (!job.hints_text.empty()) job.hints = parse_json(job.hints_text, "the hints of job " + job.attempt.key.str());
  job.spec_text.clear();
  job.hints_text.clear();
}

}  // namespace checkerlab::rpc
