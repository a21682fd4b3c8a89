// Ranks that are threads meet over the loopback, with strangers among them.
#include "base/gang/gang_meeting.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>

#include "base/error.hpp"
#include "base/gang/handshake.hpp"

namespace checkerlab {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Ranks = std::vector<Descriptor>;

const std::string kHost = "127.0.0.1";
const std::function<bool()> kNever = [] { return false; };

GangSeat seat(int rank, int size, const std::string& secret = "s3cret") {
  return {.rank = rank, .size = size, .secret = secret};
}

GangDeadline soon() {
  return std::chrono::steady_clock::now() + 20s;
}

std::future<Descriptor> join(int port, const GangSeat& seat, const MeetingLimits& limits = {}) {
  return std::async(std::launch::async, [=] { return join_gang(kHost, port, seat, limits); });
}

std::future<Ranks> meet(GangListener& listener, const MeetingLimits& limits = {}) {
  return std::async(std::launch::async, [&listener, limits] { return listener.meet(limits); });
}

// The Error that the future ends with.
template <class Result>
Error error_of(std::future<Result> future) {
  try {
    future.get();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::internal, "there was no error"};
}

void expect_joined(const Descriptor& one, const Descriptor& other) {
  ASSERT_EQ(::write(one.get(), "x", 1), 1);
  char byte = 0;
  while (::recv(other.get(), &byte, 1, 0) < 0 && errno == EAGAIN) {
  }
  EXPECT_EQ(byte, 'x');
}

// Whether the other end closed the connection instead of saying something.
bool is_dropped(TcpPeer& peer) {
  try {
    peer.receive(1, soon());
  } catch (const Error& error) {
    return error.code() == ErrorCode::unavailable;
  }
  return false;
}

TEST(GangMeeting, AllRanksMeetInOrder) {
  GangListener listener(kHost, seat(0, 4));
  std::vector<std::future<Descriptor>> others;
  for (const int rank : {3, 1, 2})
    others.push_back(join(listener.port(), seat(rank, 4)));
  const auto ranks = meet(listener).get();
  ASSERT_EQ(ranks.size(), 3U);
  expect_joined(others[0].get(), ranks[2]);
  expect_joined(others[1].get(), ranks[0]);
  expect_joined(ranks[1], others[2].get());
}

TEST(GangMeeting, ConnectionsSendAtOnceAndNoticeAVanishedHost) {
  GangListener listener(kHost, seat(0, 2));
  auto other = join(listener.port(), seat(1, 2));
  const auto ranks = meet(listener).get();
  const auto joined = other.get();
  for (const int socket : {ranks[0].get(), joined.get()}) {
    for (const auto& [level, option] :
         {std::pair<int, int>(IPPROTO_TCP, TCP_NODELAY), std::pair<int, int>(SOL_SOCKET, SO_KEEPALIVE)}) {
      int value = 0;
      socklen_t size = sizeof value;
      ASSERT_EQ(::getsockopt(socket, level, option, &value, &size), 0);
      EXPECT_NE(value, 0);
    }
  }
}

TEST(GangMeeting, AWrongSecretIsRefusedAndDisturbsNobody) {
  GangListener listener(kHost, seat(0, 2));
  auto ranks = meet(listener);
  const auto refused = error_of(join(listener.port(), seat(1, 2, "guess")));
  EXPECT_EQ(refused.code(), ErrorCode::unavailable);
  EXPECT_THAT(refused.what(), HasSubstr("is not rank 0 of this gang"));
  auto other = join(listener.port(), seat(1, 2));
  expect_joined(other.get(), ranks.get().front());
}

TEST(GangMeeting, StrangersAreDroppedAndKeepNobodyWaiting) {
  GangListener listener(kHost, seat(0, 2));
  auto ranks = meet(listener);
  TcpPeer silent(kHost, listener.port(), soon(), kNever);
  TcpPeer babbling(kHost, listener.port(), soon(), kNever);
  babbling.send("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: everything there is\r\n\r\n", soon());
  EXPECT_TRUE(is_dropped(babbling));
  { TcpPeer leaving(kHost, listener.port(), soon(), kNever); }
  {
    TcpPeer half(kHost, listener.port(), soon(), kNever);
    half.send(encode(GangHello{.rank = 1, .size = 2, .nonce = gang_nonce()}).substr(0, 20), soon());
  }
  auto other = join(listener.port(), seat(1, 2));
  expect_joined(other.get(), ranks.get().front());
  EXPECT_TRUE(is_dropped(silent));
}

TEST(GangMeeting, WhoSaysNothingIsDroppedAfterTheTimeForIt) {
  GangListener listener(kHost, seat(0, 2));
  auto ranks = meet(listener, {.handshake = 20ms});
  TcpPeer silent(kHost, listener.port(), soon(), kNever);
  EXPECT_TRUE(is_dropped(silent));
  auto other = join(listener.port(), seat(1, 2));
  ranks.get();
}

// Knows the protocol but not the secret: shows rank 0 its own proof.
TEST(GangMeeting, AProofOfTheOtherSideIsNoProof) {
  GangListener listener(kHost, seat(0, 2));
  auto ranks = meet(listener);
  TcpPeer mirror(kHost, listener.port(), soon(), kNever);
  mirror.send(encode(GangHello{.rank = 1, .size = 2, .nonce = gang_nonce()}), soon());
  mirror.send(mirror.receive(kGangAnswerBytes, soon()).substr(kGangNonceBytes), soon());
  EXPECT_TRUE(is_dropped(mirror));
  auto other = join(listener.port(), seat(1, 2));
  ranks.get();
}

TEST(GangMeeting, ARankOfAnotherSizeIsRefused) {
  GangListener listener(kHost, seat(0, 2));
  auto ranks = meet(listener);
  for (const auto& wrong : {seat(1, 3), seat(2, 3)}) {
    const auto refused = error_of(join(listener.port(), wrong));
    EXPECT_EQ(refused.code(), ErrorCode::conflict);
    EXPECT_THAT(refused.what(), HasSubstr("does not belong to the gang"));
  }
  auto other = join(listener.port(), seat(1, 2));
  ranks.get();
}

TEST(GangMeeting, ARankThatIsThereAlreadyIsRefused) {
  GangListener listener(kHost, seat(0, 3));
  auto ranks = meet(listener);
  auto first = join(listener.port(), seat(1, 3)), second = join(listener.port(), seat(1, 3));
  // One of the two is welcome and waits for rank 2; the other one ends.
  while (first.wait_for(1ms) != std::future_status::ready && second.wait_for(1ms) != std::future_status::ready) {
  }
  auto& refused = first.wait_for(0ms) == std::future_status::ready ? first : second;
  EXPECT_EQ(error_of(std::move(refused)).code(), ErrorCode::conflict);
  auto other = join(listener.port(), seat(2, 3));
  EXPECT_EQ(ranks.get().size(), 2U);
}

TEST(GangMeeting, ARankThatGoesBeforeAllAreThereEndsTheWait) {
  GangListener listener(kHost, seat(0, 3));
  auto ranks = meet(listener);
  {
    TcpPeer dying(kHost, listener.port(), soon(), kNever);
    const GangHello hello{.rank = 2, .size = 3, .nonce = gang_nonce()};
    dying.send(encode(hello), soon());
    const auto nonce = dying.receive(kGangAnswerBytes, soon()).substr(0, kGangNonceBytes);
    dying.send(proof_of_rank("s3cret", hello, nonce), soon());
    ASSERT_EQ(dying.receive(1, soon()), "w");
  }
  const auto error = error_of(std::move(ranks));
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_THAT(error.what(), HasSubstr("rank 2 is gone"));
}

TEST(GangMeeting, ThePatienceOfRankZeroEndsAndTheOthersLearnIt) {
  GangListener listener(kHost, seat(0, 4));
  auto other = join(listener.port(), seat(2, 4));
  const auto error = error_of(meet(listener, {.patience = 1s}));
  EXPECT_EQ(error.code(), ErrorCode::timeout);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("rank 1"), HasSubstr("rank 3 did not come")));
  const auto told = error_of(std::move(other));
  EXPECT_EQ(told.code(), ErrorCode::unavailable);
  EXPECT_THAT(told.what(), HasSubstr("rank 0 is gone"));
}

TEST(GangMeeting, EveryWaitCanBeCancelled) {
  std::atomic<bool> cancel = false, over = false;
  const MeetingLimits limits{.cancelled = [&] { return cancel.load(); }};
  // Nobody who is cancelled may hear first that another one is gone.
  GangListener listener(kHost, seat(0, 3)), unheard(kHost, seat(0, 2)), alone(kHost, seat(0, 2));
  auto patient = meet(listener, {.cancelled = [&] { return over.load(); }});
  auto ranks = meet(alone, limits);
  auto waiting = join(listener.port(), seat(1, 3), limits);
  auto greeting = join(unheard.port(), seat(1, 2), limits);
  cancel = true;
  EXPECT_EQ(error_of(std::move(waiting)).code(), ErrorCode::cancelled);
  EXPECT_EQ(error_of(std::move(greeting)).code(), ErrorCode::cancelled);
  EXPECT_EQ(error_of(std::move(ranks)).code(), ErrorCode::cancelled);
  over = true;
  patient.wait();
}

TEST(GangMeeting, WhereNobodyListensIsSaidAfterSomeTries) {
  int port = 0;
  {
    GangListener listener(kHost, seat(0, 2));
    port = listener.port();
  }
  const auto error = error_of(join(port, seat(1, 2), {.connect = 100ms}));
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_THAT(error.what(), AllOf(HasSubstr(kHost + ":" + std::to_string(port)), HasSubstr("refused")));
  EXPECT_THAT(error.fix(), HasSubstr("--gang-host"));
}

TEST(GangMeeting, ARankTriesAgainWhenItsConnectionBreaks) {
  Descriptor place = listen_at(kHost);
  std::atomic<bool> cancel = false;
  auto other = join(port_of(place), seat(1, 2), {.cancelled = [&] { return cancel.load(); }});
  for (int tries = 0; tries < 3; ++tries) {
    Descriptor peer;
    while (peer.get() < 0)
      peer = accept_from(place);
  }
  cancel = true;
  EXPECT_EQ(error_of(std::move(other)).code(), ErrorCode::cancelled);
}

TEST(GangMeeting, AStrangerInRankZerosPlaceIsNotTriedAgain) {
  Descriptor place = listen_at(kHost);
  auto other = join(port_of(place), seat(1, 2));
  Descriptor peer;
  while (peer.get() < 0)
    peer = accept_from(place);
  ASSERT_EQ(::write(peer.get(), std::string(kGangAnswerBytes, 'x').data(), kGangAnswerBytes), kGangAnswerBytes);
  EXPECT_THAT(error_of(std::move(other)).what(), HasSubstr("is not rank 0"));
}

TEST(GangMeeting, AHostThatIsNotThisOneCannotBeListenedAt) {
  try {
    GangListener("192.0.2.1", seat(0, 2));  // an address of documentation
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
    EXPECT_THAT(error.full_text(), AllOf(HasSubstr("192.0.2.1"), HasSubstr("--gang-host")));
  }
}

TEST(GangMeeting, SeatsThatCannotBeAreRefused) {
  EXPECT_THROW(GangListener(kHost, seat(1, 2)), Error);
  EXPECT_THROW(GangListener(kHost, seat(0, 2, "")), Error);
  EXPECT_THROW(join_gang(kHost, 1, seat(0, 2), {}), Error);
  EXPECT_THROW(join_gang(kHost, 1, seat(2, 2), {}), Error);
}

}  // namespace
}  // namespace checkerlab
