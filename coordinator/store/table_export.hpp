// A whole table or view as text, piece by piece: what is in memory does not grow with its rows.
//
// One consistent state from the first piece to the last, on a connection of its own; writers go on meanwhile (the
// write-ahead log cannot shrink as long as an export is open). Used by one thread at a time, which may change.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

namespace checkerlab::coordinator {

enum class ExportFormat {
  csv,   // RFC 4180 with a head line; null is nothing, empty text is ""
  jsonl  // one object a line
};

class TableExport {
 public:
  // Throws Error: not_found for a table or view that is not there or not for people. `stop` ends it early.
  TableExport(const std::filesystem::path& database, const std::string& table, ExportFormat format,
              std::stop_token stop);
  ~TableExport();
  TableExport(const TableExport&) = delete;
  TableExport& operator=(const TableExport&) = delete;

  // The next rows, about `bytes` of them; nothing at the end. Throws Error (io_error, invalid_data, cancelled).
  std::string next(std::size_t bytes);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace checkerlab::coordinator
