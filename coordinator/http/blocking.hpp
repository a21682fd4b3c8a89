// Runs blocking work (files, hashes, SQL) on the thread pool and comes back to the coroutine's own thread with its
// result or exception. The work runs to its end even when the request is cancelled meanwhile: the coroutine, which owns
// everything that the work refers to, waits for it.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace checkerlab::coordinator {

template <class Result>
struct WorkOutcome {
  using Value = std::conditional_t<std::is_void_v<Result>, std::monostate, Result>;
  std::exception_ptr error;
  std::optional<Value> value;
};

template <class Work>
auto run_work(Work& work) -> WorkOutcome<std::invoke_result_t<Work&>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
      work();
      return {.error = nullptr, .value = std::monostate{}};
    } else {
      return {.error = nullptr, .value = work()};
    }
  } catch (...) {
    return {.error = std::current_exception(), .value = std::nullopt};
  }
}

template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> blocking(boost::asio::thread_pool& pool, Work work) {
  namespace asio = boost::asio;
  using Result = std::invoke_result_t<Work&>;
  const auto home = co_await asio::this_coro::executor;
  auto outcome = co_await asio::async_initiate<const asio::use_awaitable_t<>, void(WorkOutcome<Result>)>(
      [&pool, &home, &work](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(pool, [shared, guard = asio::make_work_guard(home), &work]() mutable {
          auto done = std::make_shared<WorkOutcome<Result>>(run_work(work));
          asio::post(guard.get_executor(),
                     [shared = std::move(shared), done] { std::move (*shared)(std::move(*done)); });
        });
      },
      asio::use_awaitable);
  if (outcome.error) std::rethrow_exception(outcome.error);
  if constexpr (!std::is_void_v<Result>) co_return std::move(*outcome.value);
}

}  // namespace checkerlab::coordinator
