// SPDX-License-Identifier: Apache-2.0
// A gpubench worker in plain C++17, for the workload consensus. See configs/engines/README.md.
//
// To bring your own engine, copy this file, keep the first two parts, JSON and the protocol, and replace the third, the
// workload. One thread does everything.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using std::int64_t;
using std::size_t;
using std::string;
using std::string_view;
using std::uint32_t;
using std::uint64_t;

/// Thrown; becomes an error reply. The kind is unavailable, absent, engine, lost-device or request.
struct Problem {
    string kind, message, remedy = {};
};

// ---- JSON: what requests need, no more ----

struct Json {
    enum Kind { other, integer, text, list, object } kind = other; // other: null, true, false, or a fraction
    int64_t number = 0;
    string characters;
    std::vector<Json> items;   // of a list or an object
    std::vector<string> names; // of an object's items

    const Json *find(string_view name) const {
        for (size_t i = names.size(); i-- > 0;)
            if (names[i] == name) return &items[i];
        return nullptr;
    }
};

class JsonReader {
  public:
    static Json read(string_view line) {
        JsonReader reader(line);
        Json value = reader.value(0);
        reader.blanks();
        if (reader.at != line.size()) reader.fail("the end");
        return value;
    }

  private:
    explicit JsonReader(string_view line) : all(line) {}

    [[noreturn]] void fail(const char *expected) const {
        throw Problem{"request", "no JSON: expected " + string(expected) + " at byte " + std::to_string(at)};
    }

    bool take(string_view word) {
        const bool here = all.substr(at, word.size()) == word;
        at += here ? word.size() : 0;
        return here;
    }

    void expect(const char *word) {
        if (!take(word)) fail(word);
    }

    void blanks() { at = std::min(all.find_first_not_of(" \t\r\n", at), all.size()); }

    Json value(int depth) {
        Json made;
        if (depth > 100) fail("less nesting");
        blanks();
        if (take("{")) {
            made.kind = Json::object;
            for (blanks(); !take("}"); blanks()) {
                if (!made.items.empty()) expect(",");
                blanks();
                made.names.push_back(quoted());
                blanks();
                expect(":");
                made.items.push_back(value(depth + 1));
            }
        } else if (take("[")) {
            made.kind = Json::list;
            for (blanks(); !take("]"); blanks()) {
                if (!made.items.empty()) expect(",");
                made.items.push_back(value(depth + 1));
            }
        } else if (all.substr(at, 1) == "\"") {
            made.kind = Json::text;
            made.characters = quoted();
        } else if (!take("null") && !take("true") && !take("false")) {
            number(made);
        }
        return made;
    }

    void number(Json &made) {
        const size_t end = std::min(all.find_first_not_of("+-.0123456789eE", at), all.size());
        const string written(all.substr(at, end - at));
        char *rest;
        std::strtod(written.c_str(), &rest);
        if (written.empty() || *rest != '\0') fail("a value");
        const auto parsed = std::from_chars(written.data(), written.data() + written.size(), made.number);
        if (parsed.ec == std::errc() && *parsed.ptr == '\0') made.kind = Json::integer;
        at = end;
    }

    string quoted() {
        string made;
        expect("\"");
        while (!take("\"")) {
            if (at == all.size() || static_cast<unsigned char>(all[at]) < 0x20) fail("the end of a text");
            if (take("\\u")) {
                unicode(made);
            } else if (take("\\")) {
                const size_t which = string_view("\"\\/bfnrt").find(at < all.size() ? all[at] : 'u');
                if (which == string_view::npos) fail("an escape sequence");
                made += "\"\\/\b\f\n\r\t"[which];
                at++;
            } else {
                made += all[at++];
            }
        }
        return made;
    }

    /// Appends the character after a \u, or two of them that are a pair, as UTF-8.
    void unicode(string &made) {
        uint32_t code = unit();
        if (code >= 0xD800 && code < 0xDC00 && take("\\u")) {
            const uint32_t low = unit();
            if (low < 0xDC00 || low > 0xDFFF) fail("the second half of a pair");
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        } else if (code >= 0xD800 && code < 0xE000) {
            fail("a whole character");
        }
        const int more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        static constexpr uint32_t leads[] = {0, 0xC0, 0xE0, 0xF0};
        made += static_cast<char>(leads[more] | code >> 6 * more);
        for (int i = more; i-- > 0;) made += static_cast<char>(0x80 | (code >> 6 * i & 0x3F));
    }

    uint32_t unit() {
        const string_view hex = all.substr(at, 4);
        uint32_t code = 0;
        const auto parsed = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
        if (hex.size() < 4 || parsed.ptr != hex.data() + 4) fail("four hexadecimal digits");
        at += 4;
        return code;
    }

    string_view all;
    size_t at = 0;
};

/// As JSON. Bytes other than ASCII become question marks, since nobody has checked that they are UTF-8.
string quote(string_view text) {
    string made = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') made += '\\';
        made += c >= 0x20 && c < 0x7F ? c : '?';
    }
    return made + "\"";
}

// ---- The protocol: the same for every workload ----

/// One workload, prepared.
struct Run {
    virtual ~Run() = default;
    virtual void stage(uint64_t sample) = 0; // makes its input current and overwrites the output
    virtual void execute() = 0;              // writes the whole output
    std::vector<uint64_t> output;
};

struct Workload {
    string name, path;
    std::unique_ptr<Run> (*prepare)(const string &inputs);
    string (*wrong)(); // what a self-check finds; empty if all is well
};

/// FNV-1a with 64 bits.
uint64_t digest(const std::vector<uint64_t> &words) {
    uint64_t hash = 0xcbf29ce484222325;
    for (const uint64_t word : words)
        for (int shift = 0; shift < 64; shift += 8) hash = (hash ^ (word >> shift & 0xFF)) * 0x100000001b3;
    return hash;
}

string hexadecimal(uint64_t digest) {
    char text[20];
    std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(digest));
    return text;
}

string decimal(int64_t number) { return std::to_string(number); }

template <typename T> string list(const std::vector<T> &values, string (*text)(T)) {
    string made = "[";
    for (const T value : values) made.append(made.size() > 1 ? "," : "").append(text(value));
    return made + "]";
}

int64_t now() {
    const auto time = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

class Worker {
  public:
    Worker(string ownName, Workload work) : name(std::move(ownName)), workload(std::move(work)) {}

    /// Answers until bye or until stdin ends.
    void serve() {
        std::FILE *const replies = fdopen(dup(STDOUT_FILENO), "w");
        if (replies == nullptr || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return;
        // from here on a stray print goes to stderr, not between the replies
        for (string line; !done && std::getline(std::cin, line);) {
            const string reply = answer(line) + "\n";
            std::fwrite(reply.data(), 1, reply.size(), replies);
            std::fflush(replies);
        }
        std::fclose(replies);
    }

  private:
    string answer(const string &line) {
        try {
            const Json request = JsonReader::read(line);
            const string &type = field(request, "type", Json::text).characters;
            return "{\"type\":" + quote(type) + step(type, request) + "}";
        } catch (const Problem &problem) {
            return error(problem);
        } catch (const std::exception &e) {
            return error({"engine", e.what()});
        }
    }

    static string error(const Problem &problem) {
        return "{\"type\":\"error\",\"kind\":" + quote(problem.kind) + ",\"message\":" + quote(problem.message) +
               ",\"remedy\":" + (problem.remedy.empty() ? "null" : quote(problem.remedy)) + "}";
    }

    string step(const string &type, const Json &request) {
        if (type == "hello") return hello(request);
        if (type == "self-check") return selfCheck();
        if (type == "prepare") return prepare(request);
        if (type == "verify") return verify(request);
        if (type == "measure") return measure(request);
        done = type == "bye";
        if (done || type == "telemetry") return "";
        throw Problem{"request", "unknown request '" + type + "'"};
    }

    static const Json &field(const Json &request, const char *key, Json::Kind kind) {
        const Json *const found = request.find(key);
        if (found == nullptr || found->kind != kind)
            throw Problem{"request", string("'") + key + "' is missing or of another type than it should be"};
        return *found;
    }

    static int64_t integer(const Json &value, int64_t least) {
        if (value.kind != Json::integer || value.number < least)
            throw Problem{"request", "a number that is not an integer of at least " + std::to_string(least)};
        return value.number;
    }

    static int64_t integer(const Json &request, const char *key, int64_t least) {
        return integer(field(request, key, Json::integer), least);
    }

    string hello(const Json &request) const {
        integer(request, "protocol", 1); // whatever it offers, 1 is among it
        const Json *const device = request.find("device");
        if (device != nullptr && device->kind == Json::text)
            throw Problem{"unavailable", "no device '" + device->characters + "': this engine computes on the processors",
                          "leave out --device"};
        return ",\"protocol\":1,\"engine\":" + quote(name) + ",\"version\":\"1.0\",\"device\":null,\"workloads\":{" +
               quote(workload.name) + ":[" + quote(workload.path) + "]},\"description\":{\"language\":\"C++17\"}";
    }

    string selfCheck() const {
        const string wrong = workload.wrong();
        return string(",\"passed\":") + (wrong.empty() ? "true" : "false") +
               ",\"detail\":" + quote(wrong.empty() ? "known answers" : wrong) + ",\"remedy\":null";
    }

    string prepare(const Json &request) {
        if (run) throw Problem{"request", "this worker is prepared already"};
        const string &asked = field(request, "workload", Json::text).characters;
        if (asked != workload.name) throw Problem{"request", "unknown workload '" + asked + "'"};
        const string &path = field(request, "path", Json::text).characters;
        if (path != workload.path) throw Problem{"request", asked + " has no path '" + path + "'"};
        run = workload.prepare(field(request, "inputs", Json::text).characters);
        return ",\"clock\":\"host\",\"configuration\":{\"threads\":1}";
    }

    string verify(const Json &request) {
        if (!run) throw Problem{"request", "nothing is prepared"};
        std::vector<uint64_t> digests;
        for (const Json &sample : field(request, "samples", Json::list).items) {
            run->stage(static_cast<uint64_t>(integer(sample, 0)));
            run->execute();
            digests.push_back(digest(run->output));
        }
        return ",\"digests\":" + list(digests, hexadecimal);
    }

    string measure(const Json &request) {
        const int64_t begun = now();
        if (!run) throw Problem{"request", "nothing is prepared"};
        auto sample = static_cast<uint64_t>(integer(request, "first", 0));
        const auto wanted = static_cast<size_t>(integer(request, "samples", 1));
        const int64_t nanos = integer(request, "nanos", 0);
        int64_t discard = integer(request, "discard", 0);
        std::vector<int64_t> starts, durations;
        std::vector<uint64_t> digests;
        // The lists may grow on the way, but never within a sample.
        while (starts.size() < wanted && (starts.empty() || now() - begun < nanos)) {
            run->stage(sample++);
            const int64_t start = now();
            std::atomic_signal_fence(std::memory_order_seq_cst); // the compiler moves no work out of the sample
            run->execute();
            std::atomic_signal_fence(std::memory_order_seq_cst);
            const int64_t end = now();
            if (discard > 0) {
                discard--;
            } else {
                starts.push_back(start);
                durations.push_back(end - start);
                digests.push_back(digest(run->output));
            }
        }
        return ",\"startNanos\":" + list(starts, decimal) + ",\"durationNanos\":" + list(durations, decimal) +
               ",\"digests\":" + list(digests, hexadecimal);
    }

    const string name;
    const Workload workload;
    std::unique_ptr<Run> run; // what prepare made
    bool done = false;
};

// ---- The workload ----

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the inputs are little-endian and read in place"
#endif

struct Message {
    uint32_t validator, round;
    uint64_t digest;
    uint32_t phase, zero;
    uint64_t tag;
};

struct Round {
    uint32_t number, phase, messages, proposals;
    uint64_t digests[16];
};

enum Count { accepted, unknownValidator, wrongRound, wrongPhase, notZero, unknownProposal, wrongTag, equivocation, duplicate };

uint64_t rotated(uint64_t word, int by) { return word << by | word >> (64 - by); }

/// SipHash-2-4 of three words.
uint64_t sipHash(const uint64_t *key, uint64_t w0, uint64_t w1, uint64_t w2) {
    uint64_t a = key[0] ^ 0x736f6d6570736575, b = key[1] ^ 0x646f72616e646f6d;
    uint64_t c = key[0] ^ 0x6c7967656e657261, d = key[1] ^ 0x7465646279746573;
    const auto round = [&] {
        a += b;
        b = rotated(b, 13) ^ a;
        a = rotated(a, 32);
        c += d;
        d = rotated(d, 16) ^ c;
        a += d;
        d = rotated(d, 21) ^ a;
        c += b;
        b = rotated(b, 17) ^ c;
        c = rotated(c, 32);
    };
    for (const uint64_t word : {w0, w1, w2, uint64_t{24} << 56}) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
    c ^= 0xFF;
    for (int i = 0; i < 4; i++) round();
    return a ^ b ^ c ^ d;
}

uint64_t sipHash(const uint64_t *key, const Message &m) {
    return sipHash(key, m.validator | uint64_t{m.round} << 32, m.digest, m.phase | uint64_t{m.zero} << 32);
}

/// Counts the votes of a round; reads an input file in place, which must stay where it is.
class Consensus : public Run {
  public:
    Consensus(const void *inputs, size_t bytes) : data(static_cast<const char *>(inputs)), size(bytes) {
        if (size < 32 || std::memcmp(data, "GBCONS01", 8) != 0) throw Problem{"engine", "no inputs of the workload consensus"};
        validators = *at<uint32_t>(8);
        const bool tagged = *at<uint32_t>(12) != 0;
        total = *at<uint64_t>(16);
        const uint64_t slots = *at<uint64_t>(24);
        const uint64_t afterSlots = 32 + 8 * std::min<uint64_t>(slots, size);
        const uint64_t afterWeights = afterSlots + 4 * (uint64_t{validators} + validators % 2);
        if (slots == 0 || slots > size || afterWeights + (tagged ? 16 * uint64_t{validators} : 0) > size) damaged();
        weights = at<uint32_t>(afterSlots);
        keys = tagged ? at<uint64_t>(afterWeights) : nullptr;
        rounds.reserve(slots);
        for (uint64_t slot = 0; slot < slots; slot++) {
            const uint64_t begin = *at<uint64_t>(32 + 8 * slot);
            if (begin % 8 != 0 || begin > size || size - begin < sizeof(Round)) damaged();
            const Round *const round = at<Round>(begin);
            if (round->proposals > 16 || (size - begin - sizeof(Round)) / sizeof(Message) < round->messages) damaged();
            rounds.push_back(round);
        }
        bitmapWords = (size_t{validators} + 63) / 64;
        output.resize(12 + 2 * bitmapWords);
        ballots.resize(validators);
    }

    void stage(uint64_t sample) override {
        current = rounds[sample % rounds.size()];
        std::fill(output.begin(), output.end(), 0xA5A5A5A5A5A5A5A5);
    }

    void execute() override {
        std::array<uint64_t, 9> counts{};
        std::fill(ballots.begin(), ballots.end(), Ballot{});
        const auto *const messages = reinterpret_cast<const Message *>(current + 1);
        for (uint32_t i = 0; i < current->messages; i++) count(messages[i], counts);

        std::array<uint64_t, 16> weight{};
        uint64_t *const certificate = output.data() + 12;
        uint64_t *const equivocators = certificate + bitmapWords;
        std::fill(output.begin(), output.end(), 0);
        for (uint32_t v = 0; v < validators; v++) {
            const Ballot &ballot = ballots[v];
            if (ballot.messages == 0) continue;
            if (ballot.mixed) {
                counts[equivocation] += ballot.messages;
                equivocators[v / 64] |= uint64_t{1} << v % 64;
            } else {
                counts[accepted]++;
                counts[duplicate] += ballot.messages - 1;
                weight[ballot.proposal] += weights[v];
            }
        }
        std::copy(counts.begin(), counts.end(), output.begin() + 3);
        for (uint32_t k = 0; k < current->proposals; k++) {
            if (3 * weight[k] <= 2 * total) continue;
            output[0] = 1 | uint64_t{k} << 32;
            output[1] = current->digests[k];
            output[2] = weight[k];
            for (uint32_t v = 0; v < validators; v++) {
                const Ballot &ballot = ballots[v];
                const bool voted = ballot.messages > 0 && !ballot.mixed && ballot.proposal == k;
                certificate[v / 64] |= uint64_t{voted} << v % 64;
            }
        }
    }

  private:
    /// What became of a validator's messages that passed.
    struct Ballot {
        uint32_t messages = 0;
        unsigned char proposal = 0;
        bool mixed = false;
    };

    template <typename T> const T *at(uint64_t offset) const { return reinterpret_cast<const T *>(data + offset); }

    [[noreturn]] static void damaged() { throw Problem{"engine", "the inputs are damaged"}; }

    void count(const Message &m, std::array<uint64_t, 9> &counts) {
        uint32_t k = 0; // of two proposals with the same digest the first counts
        while (k < current->proposals && current->digests[k] != m.digest) k++;
        if (m.validator >= validators) {
            counts[unknownValidator]++;
        } else if (m.round != current->number) {
            counts[wrongRound]++;
        } else if (m.phase != current->phase) {
            counts[wrongPhase]++;
        } else if (m.zero != 0) {
            counts[notZero]++;
        } else if (k == current->proposals) {
            counts[unknownProposal]++;
        } else if (keys != nullptr && sipHash(keys + 2 * size_t{m.validator}, m) != m.tag) {
            counts[wrongTag]++;
        } else {
            Ballot &ballot = ballots[m.validator];
            if (ballot.messages == 0) ballot.proposal = static_cast<unsigned char>(k);
            ballot.mixed |= ballot.proposal != k;
            ballot.messages++;
        }
    }

    const char *const data;
    const size_t size;
    uint32_t validators = 0;
    uint64_t total = 0;
    const uint32_t *weights = nullptr;
    const uint64_t *keys = nullptr; // null if tags are not checked
    std::vector<const Round *> rounds;
    const Round *current = nullptr;
    size_t bitmapWords = 0;
    std::vector<Ballot> ballots;
};

/// A file that is readable in memory, for as long as the process lives.
std::unique_ptr<Run> prepareConsensus(const string &inputs) {
    const int file = open(inputs.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file < 0 || fstat(file, &status) != 0) throw Problem{"engine", inputs + ": " + std::strerror(errno)};
    const auto bytes = static_cast<size_t>(status.st_size);
    void *const data = mmap(nullptr, std::max<size_t>(bytes, 1), PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    const int problem = errno;
    close(file);
    if (data == MAP_FAILED) throw Problem{"engine", inputs + ": " + std::strerror(problem)};
    return std::make_unique<Consensus>(data, bytes);
}

/// Known answers: weights 4, 3, 2, 1, 5; each votes, 1 repeats, 3 votes for two; and each kind of failure.
string wrongConsensus() {
    const uint64_t key[] = {0x0706050403020100, 0x0f0e0d0c0b0a0908};
    if (sipHash(key, key[0], key[1], 0x1716151413121110) != 0xb8ad50c6f649af94) return "SipHash-2-4 of 24 bytes is wrong";
    std::vector<Message> votes = {
        {4, 7, 100, 2, 0, 0}, {0, 7, 100, 2, 0, 0}, {1, 7, 100, 2, 0, 0}, {1, 7, 100, 2, 0, 0}, {2, 7, 101, 2, 0, 0},
        {3, 7, 100, 2, 0, 0}, {3, 7, 101, 2, 0, 0}, {5, 0, 9, 0, 9, 9},   {2, 8, 9, 1, 9, 9},   {2, 7, 9, 1, 9, 9},
        {2, 7, 9, 2, 9, 9},   {2, 7, 9, 2, 0, 9},   {2, 7, 100, 2, 0, 9}};
    const std::vector<std::vector<uint64_t>> expected = {
        {1, 100, 12, 4, 1, 1, 1, 1, 1, 1, 2, 1, 0b10011, 0b01000},
        {0, 0, 0, 3, 1, 1, 1, 1, 1, 1, 2, 1, 0, 0b01000}}; // without the first vote
    constexpr uint64_t high = uint64_t{1} << 32;           // puts a number into a word's high half
    const uint64_t first = 32 + 16 + 24 + 80;
    uint64_t magic;
    std::memcpy(&magic, "GBCONS01", 8);
    std::vector<uint64_t> inputs = {magic, 5 | high, 15, 2, first, first + sizeof(Round) + sizeof(Message) * votes.size(),
                                    4 | 3 * high, 2 | 1 * high, 5};
    for (uint64_t i = 1; i <= 10; i++) inputs.push_back(i * 0x9e3779b97f4a7c15);
    const std::vector<uint64_t> keys(inputs.end() - 10, inputs.end());
    for (Message &vote : votes) vote.tag ^= sipHash(&keys[vote.validator % 5 * 2], vote);
    for (uint32_t slot = 0; slot < 2; slot++) {
        Round round = {7, 2, static_cast<uint32_t>(votes.size()) - slot, 2, {100, 101}};
        const auto append = [&](const void *from, size_t bytes) {
            inputs.resize(inputs.size() + bytes / 8);
            std::memcpy(&inputs[inputs.size() - bytes / 8], from, bytes);
        };
        append(&round, sizeof round);
        append(&votes[slot], sizeof(Message) * round.messages);
    }
    Consensus run(inputs.data(), 8 * inputs.size());
    for (uint64_t slot = 0; slot < 2; slot++) {
        run.stage(slot);
        run.execute();
        if (run.output != expected[slot]) return "the answer to round " + std::to_string(slot) + " is wrong";
    }
    return "";
}

} // namespace

int main() {
    Worker("example-cpp", {"consensus", "call", prepareConsensus, wrongConsensus}).serve();
}
