#include "libmodel/checkpoint/pickle/machine.hpp"

#include <gtest/gtest.h>

#include "libmodel/checkpoint/pickle/writer.hpp"
#include "libmodel/checkpoint/testing/pickle_bytes.hpp"
#include "libmodel/checkpoint/testing/values.hpp"
#include "libmodel/modules/testing/expect_error.hpp"

namespace checkerlab::model::pickle {
namespace {

const PersistentLoader kNoStorages = [](const Value&) -> Value {
  throw Error(ErrorCode::invalid_data, "a storage where none belongs");
};

class Unpickle : public testing::Test {
 protected:
  Document document;

  const Value& read(const std::string& text) { return *unpickle(text, document, kNoStorages, "test.pth").root; }
  void refuses(const std::string& text, const std::string& message) {
    expect_error(ErrorCode::invalid_data, message, [&] { read(text); });
  }
};

TEST_F(Unpickle, BuildsPlainValues) {
  const Value& root =
      read(pickled("}(" + pickled_text("list") + "](K\x05M\x01\x01" + "e" + pickled_text("none") + "Nu"));
  const auto& dict = the<Dict>(root);
  EXPECT_EQ(the<std::int64_t>(*entry<List>(dict, "list").items.at(1)), 257);
  EXPECT_NO_THROW(entry<None>(dict, "none"));
  EXPECT_EQ(find(dict, "absent"), nullptr);
}

TEST_F(Unpickle, ReadsIntegersOfEveryLength) {
  const auto number = [&](const std::string& opcodes) { return the<std::int64_t>(read(pickled(opcodes))); };
  EXPECT_EQ(number(std::string("\x8a\x00", 2)), 0);
  EXPECT_EQ(number("\x8a\x01\xff"), -1);
  EXPECT_EQ(number(std::string("\x8a\x02\xff\x00", 4)), 255);
  EXPECT_EQ(number("J\xfe\xff\xff\xff"), -2);
  EXPECT_EQ(the<BigInteger>(read(pickled("\x8a\x09\x01\x02\x03\x04\x05\x06\x07\x08\x09"))).bytes.size(), 9U);
}

TEST_F(Unpickle, RefusesACallOfOsSystemByName) {
  const std::string argument = pickled_text("echo no");
  refuses(pickled(pickled_global("os", "system") + argument + "\x85R"), "asks for 'os.system'");
  refuses(pickled(pickled_global("posix", "system") + argument + "\x85R"), "asks for 'posix.system'");
}

TEST_F(Unpickle, RefusesACallByInst) {
  refuses(pickled("(" + pickled_text("1+1") + "i__builtin__\neval\n"), "asks for 'builtins.eval'");
}

TEST_F(Unpickle, RefusesACallByObj) {
  refuses(pickled("(" + pickled_global("subprocess", "Popen") + pickled_text("ls") + "o"),
          "asks for 'subprocess.Popen'");
}

TEST_F(Unpickle, RefusesACallByStackGlobal) {
  refuses(std::string("\x80\x04\x8c\x08") + "builtins\x8c\x04" + "exec\x93\x8c\x01" + "1\x85R.",
          "asks for 'builtins.exec'");
}

TEST_F(Unpickle, RefusesANewObjectOfAnUnknownClass) {
  refuses(pickled(pickled_global("torch.nn.modules.linear", "Linear") + ")\x81"),
          "asks for 'torch.nn.modules.linear.Linear'");
}

TEST_F(Unpickle, RefusesWaysAroundGlobalNames) {
  refuses(pickled(pickled_global("builtins", "getattr") + ")R"), "asks for 'builtins.getattr'");
  refuses(pickled("\x82\x01)R"), "extension registry");
  refuses(pickled(pickled_text("os.system") + ")R"), "calls a text");
  refuses(pickled("))\x81"), "calls a tuple");
  refuses(pickled("}N" + std::string("b")), "gives a state to a dict");
}

TEST_F(Unpickle, ShowsNamesWithoutControlCharacters) {
  refuses(pickled(pickled_global("os\x1b[2J", "\xffx")), "asks for 'os?[2J.?x'");
}

TEST_F(Unpickle, RefusesKnownFunctionsWithOtherArguments) {
  refuses(pickled(pickled_global("torch._utils", "_rebuild_tensor_v2") + ")R"),
          "test.pth: the pickle calls torch._utils._rebuild_tensor_v2 with too few arguments");
  refuses(pickled(pickled_global("collections", "OrderedDict") + "](NNe\x85R"), "something else than pairs");
  refuses(
      pickled(pickled_global("_codecs", "encode") + pickled_text("\xe2\x82\xac") + pickled_text("latin1") + "\x86R"),
      "not Latin-1");
}

TEST_F(Unpickle, RefusesBrokenStacks) {
  refuses("", "ends too early");
  refuses(pickled(""), "takes more from the stack");
  refuses(pickled("(N0"), "takes more from the stack");
  refuses(pickled("e"), "a mark is missing");
  refuses(pickled("(Na"), "takes more from the stack");
  refuses(pickled("NNa"), "puts items into None");
  refuses(pickled("}(Nu"), "a key without a value");
  refuses(pickled("NN"), "something is left");
  refuses(pickled("h\x07"), "recalls what it never stored");
  refuses(pickled("I01\n"), "opcode 73");
  refuses("\x80\x07N.", "protocol 7");
  refuses(pickled("c" + std::string(1000, 'a')), "a name does not end");
}

TEST_F(Unpickle, ChecksLengthsBeforeItTakesMemory) {
  refuses(pickled("X\xff\xff\xff\x7f"
                  "abc"),
          "ends too early");
  refuses("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f.", "ends too early");
  refuses(pickled("\x8b\xff\xff\xff\x7f"), "ends too early");
}

TEST_F(Unpickle, RefusesAShortPickleThatAsksForMuchMemory) {
  // A list of 64 numbers, copied by two bytes' worth of calls each time: list(list).
  std::string opcodes = "](";
  for (int i = 0; i < 1000; ++i)
    opcodes += "K\x01";
  opcodes +=
      "eq\x01"
      "0";
  for (int i = 0; i < 20000; ++i)
    opcodes += pickled_global("builtins", "list") + "h\x01\x85R0";
  expect_error(ErrorCode::too_large, "asks for more than", [&] { read(pickled(opcodes + "N")); });
}

TEST_F(Unpickle, WritesWhatItReads) {
  Dict dict{.ordered = true, .attributes = nullptr};
  const auto put = [&](const char* key, Value* value) {
    dict.items.emplace_back(document.make(std::string(key)), value);
  };
  put("list", document.make(List{{document.make(std::int64_t{1} << 40), document.make(-0.5), document.make(true)}}));
  put("tuple", document.make(Tuple{{document.make(None{})}}));
  put("set", document.make(Set{{document.make(std::string("x"))}}));
  Dict attributes;
  attributes.items.emplace_back(document.make(std::string("version")), document.make(std::int64_t{1}));
  dict.attributes = document.make(std::move(attributes));

  const std::string text = pickle(Value{dict}).text;
  const auto& back = the<Dict>(read(text));
  EXPECT_TRUE(back.ordered);
  const auto& list = entry<List>(back, "list").items;
  EXPECT_EQ(the<std::int64_t>(*list[0]), std::int64_t{1} << 40);
  EXPECT_EQ(the<double>(*list[1]), -0.5);
  EXPECT_TRUE(the<bool>(*list[2]));
  EXPECT_TRUE(entry<Tuple>(back, "tuple").items[0]->is_none());
  EXPECT_EQ(the<std::string>(*entry<Set>(back, "set").items[0]), "x");
  EXPECT_EQ(entry<std::int64_t>(the<Dict>(*back.attributes), "version"), 1);
  EXPECT_EQ(pickle(Value{back}).text, text);
}

TEST_F(Unpickle, WillNotWriteClassesOrCycles) {
  expect_error(ErrorCode::invalid_argument, "cannot hold an object of a class", [&] {
    pickle(Value{Object{"argparse.Namespace", document.make(Dict{})}});
  });
  Value* list = document.make(List{});
  the<List>(*list).items.push_back(list);
  expect_error(ErrorCode::invalid_argument, "nested more than", [&] { pickle(*list); });
}

}  // namespace
}  // namespace checkerlab::model::pickle
