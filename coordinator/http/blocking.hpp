// Runs blocking work (files, hashes, SQL) on the thread pool and comes back to the server's thread with its result or
// exception.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <type_traits>
#include <utility>

namespace checkerlab::coordinator {

template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> run_work(Work work) {
  co_return work();
}

template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> blocking(boost::asio::thread_pool& pool, Work work) {
  co_return co_await boost::asio::co_spawn(pool, run_work(std::move(work)), boost::asio::use_awaitable);
}

}  // namespace checkerlab::coordinator
