#include "libmodel/data/image_pipeline.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/error.hpp"

namespace checkerlab::model {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(100);

// Leaves the reading of an archive when the pipeline stops.
struct Stopped {};

// An image on its way: numbered in the order in which images are handed out.
struct Task {
  std::uint64_t number = 0;
  std::size_t place = 0;
  std::vector<std::uint8_t> bytes;  // empty where the decoding thread reads it itself
};

struct Outcome {
  std::size_t place = 0;
  std::optional<Image> image;
  std::string corrupt;  // why there is no image
};

}  // namespace

class ImagePipeline::Work {
 public:
  Work(FileSource& source, std::vector<SourceFile> files, Decoder decoder, const PipelineOptions& options)
      : source_(source), files_(std::move(files)), decoder_(std::move(decoder)), options_(options) {
    if (options.threads < 1 || options.batch < 1 || options.ahead < 0)
      throw Error(ErrorCode::invalid_argument, "reading images needs at least one thread and a batch of one image");
    ahead_ = static_cast<std::uint64_t>(options.ahead > 0 ? options.ahead : 3 * options.batch);
    try {
      threads_.emplace_back([this] { guarded([this] { read_all(); }); });
      for (std::int64_t i = 0; i < options.threads; ++i)
        threads_.emplace_back([this] { guarded([this] { decode_all(); }); });
    } catch (...) {  // too many threads for the machine: those there are must end, for they are waited for
      stop();
      throw;
    }
  }

  ~Work() { stop(); }

  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  // Waits for the outcome that is next in order; nothing at the end.
  std::optional<Outcome> take(const Observer& observer) {
    std::unique_lock lock(mutex_);
    while (true) {
      if (failure_) std::rethrow_exception(failure_);
      const auto found = done_.find(taken_);
      if (found != done_.end()) {
        auto outcome = std::move(found->second);
        done_.erase(found);
        ++taken_;
        room_.notify_one();
        return outcome;
      }
      if (all_issued_ && taken_ == issued_) return std::nullopt;
      done_there_.wait_for(lock, kPoll);
      throw_if_cancelled(observer, "the reading of images");
    }
  }

  std::int64_t batch() const { return options_.batch; }

 private:
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    room_.notify_all();
    tasks_there_.notify_all();
  }

  void guarded(const std::function<void()>& body) {
    try {
      body();
    } catch (const Stopped&) {
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_ = true;
    }
    room_.notify_all();
    tasks_there_.notify_all();
    done_there_.notify_all();
  }

  void read_all() {
    if (source_.reads_anywhere()) {
      for (std::size_t place = 0; place < files_.size(); ++place)
        issue(place, {});
    } else {
      read_as_they_lie();
    }
    const std::lock_guard lock(mutex_);
    all_issued_ = true;
  }

  void read_as_they_lie() {
    std::unordered_map<std::string, std::size_t> places;
    for (std::size_t place = 0; place < files_.size(); ++place)
      places.emplace(files_[place].name, place);
    const auto wanted = [&](const std::string& name) {
      const std::lock_guard lock(mutex_);
      if (stop_) throw Stopped{};
      return places.contains(name);
    };
    source_.read(wanted, [&](const std::string& name, std::vector<std::uint8_t> content) {
      issue(places.at(name), std::move(content));
    });
  }

  // Waits until there is room.
  void issue(std::size_t place, std::vector<std::uint8_t> bytes) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [this] { return stop_ || issued_ - taken_ < ahead_; });
    if (stop_) throw Stopped{};
    tasks_.push_back({issued_++, place, std::move(bytes)});
    tasks_there_.notify_one();
  }

  void decode_all() {
    while (auto task = next_task()) {
      auto outcome = outcome_of(*task);
      const std::lock_guard lock(mutex_);
      done_.emplace(task->number, std::move(outcome));
      done_there_.notify_one();
    }
  }

  std::optional<Task> next_task() {
    std::unique_lock lock(mutex_);
    tasks_there_.wait(lock, [this] { return stop_ || !tasks_.empty() || all_issued_; });
    if (stop_ || tasks_.empty()) return std::nullopt;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    return task;
  }

  Outcome outcome_of(Task& task) const {
    const auto& file = files_[task.place];
    if (source_.reads_anywhere()) task.bytes = source_.content(file);
    try {
      return {task.place, decoder_(file.name, task.place, task.bytes), ""};
    } catch (const Error& error) {
      if (error.code() != ErrorCode::invalid_data) throw;
      return {task.place, std::nullopt, error.what()};
    }
  }

  FileSource& source_;
  std::vector<SourceFile> files_;
  Decoder decoder_;
  PipelineOptions options_;
  std::uint64_t ahead_ = 0;

  std::mutex mutex_;  // for all below
  std::condition_variable room_, tasks_there_, done_there_;
  std::deque<Task> tasks_;
  std::map<std::uint64_t, Outcome> done_;
  std::uint64_t issued_ = 0, taken_ = 0;
  bool all_issued_ = false, stop_ = false;
  std::exception_ptr failure_;

  std::vector<std::jthread> threads_;  // last: they end before what they use
};

ImagePipeline::ImagePipeline(FileSource& source, std::vector<SourceFile> files, Transform transform,
                             const PipelineOptions& options)
    : ImagePipeline(
          source, std::move(files),
          [transform = std::move(transform), pose = options.pose](const std::string& name, std::size_t,
                                                                  const std::vector<std::uint8_t>& bytes) {
            return transform(decode_image(bytes, name, {}, pose));
          },
          options) {}

ImagePipeline::ImagePipeline(FileSource& source, std::vector<SourceFile> files, Decoder decoder,
                             const PipelineOptions& options)
    : work_(std::make_unique<Work>(source, std::move(files), std::move(decoder), options)) {}

ImagePipeline::~ImagePipeline() = default;

std::optional<ImageBatch> ImagePipeline::next(CorruptCounter& corrupt, const Observer& observer) {
  throw_if_cancelled(observer, "the reading of images");
  ImageBatch batch;
  bool ended = true;
  for (std::int64_t i = 0; i < work_->batch(); ++i) {
    auto outcome = work_->take(observer);
    if (!outcome) break;
    ended = false;
    if (outcome->image) {
      batch.places.push_back(outcome->place);
      batch.images.push_back(std::move(*outcome->image));
    } else {
      corrupt.add(outcome->corrupt);
    }
  }
  if (ended) return std::nullopt;
  return batch;
}

void CorruptCounter::add(const std::string& message) {
  ++count_;
  observer_.log(LogLevel::warning, message);
  if (count_ > limit_) {
    throw Error(
        ErrorCode::invalid_data,
        std::to_string(count_) + " corrupt images are more than the limit of " + std::to_string(limit_) +
            "; the last: " + message,
        "Repair the data set, or allow more (dataset.max_corrupt in a study, --max-corrupt on the command line).");
  }
}

}  // namespace checkerlab::model
