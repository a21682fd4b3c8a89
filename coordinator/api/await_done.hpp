// Waits for an answer of the Coordinator (its Done callback) inside a coroutine.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>
#include <utility>

#include "coordinator/service/coordinator.hpp"

namespace checkerlab::coordinator {

// `begin` is called with a Done<T> to hand over; its error is thrown here, and so is what `begin` itself throws (which
// would else leave the coroutine by way of the server's thread and end it).
template <class T, class Begin>
boost::asio::awaitable<T> await_done(Begin begin) {
  const auto home = co_await boost::asio::this_coro::executor;
  co_return co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::exception_ptr, T)>(
      [&begin, &home](auto handler) {
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        try {
          begin([shared](std::exception_ptr error, T value) { std::move (*shared)(error, std::move(value)); });
        } catch (...) {
          boost::asio::post(home, [shared, error = std::current_exception()] { std::move (*shared)(error, T{}); });
        }
      },
      boost::asio::use_awaitable);
}

}  // namespace checkerlab::coordinator
