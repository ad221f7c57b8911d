#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A gpubench worker in plain Python, for the workload consensus. See configs/engines/README.md.

To bring your own engine, copy this file, keep the first part, the protocol, and replace the second, the workload.
"""
import gc
import json
import mmap
import os
import struct
import sys
import time
import traceback

PROTOCOL = 1

# ---- The protocol: the same for every workload ----


class Problem(Exception):
    """Becomes an error reply; kind is unavailable, absent, engine, lost-device or request."""

    def __init__(self, kind, message, remedy=None):
        super().__init__(message)
        self.reply = {"type": "error", "kind": kind, "message": message, "remedy": remedy}


def parse(line):
    """The JSON object in a line of bytes."""
    try:
        request = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as e:
        raise Problem("request", "no JSON: %s" % e) from e
    if not isinstance(request, dict):
        raise Problem("request", "expected a JSON object")
    return request


def field(request, name, kind, least=None):
    """A field of a request, which must be there, of this type, and at least so large."""
    value = request.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Problem("request", "%s: '%s' must be of type %s" % (request["type"], name, kind.__name__))
    if least is not None and value < least:
        raise Problem("request", "%s: '%s' must be at least %d" % (request["type"], name, least))
    return value


def digest(output):
    """FNV-1a with 64 bits."""
    value = 0xCBF29CE484222325
    for byte in output:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return "%016x" % value


class Worker:
    """Answers requests. Each step but the last two is a method with the name of the request."""

    def __init__(self, name, version, workloads):
        self.name, self.version, self.workloads = name, version, workloads
        self.run = None  # what prepare made

    def hello(self, request):
        protocol = min(PROTOCOL, field(request, "protocol", int, 1))
        if request.get("device") is not None:
            raise Problem("unavailable", "no device %r here: this engine computes on the processors" % request["device"],
                          "leave out --device")
        return {"protocol": protocol, "engine": self.name, "version": self.version, "device": None,
                "workloads": {workload: list(paths) for workload, paths in self.workloads.items()},
                "description": {"language": "Python " + sys.version.split()[0]}}

    def self_check(self, _request):
        checks = [workload.self_check() for paths in self.workloads.values() for workload in paths.values()]
        wrong = [check for check in checks if check]
        return {"passed": not wrong, "detail": "; ".join(wrong) or "known answers", "remedy": None}

    def prepare(self, request):
        if self.run:
            raise Problem("request", "prepare: this worker is prepared already")
        paths = self.workloads.get(field(request, "workload", str))
        if paths is None:
            raise Problem("request", "prepare: unknown workload %r" % request["workload"])
        workload = paths.get(field(request, "path", str))
        if workload is None:
            raise Problem("request", "prepare: %s has no path %r" % (request["workload"], request["path"]))
        with open(field(request, "inputs", str), "rb") as file:
            self.run = workload(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        gc.disable()  # a collection within a sample would be counted as work
        return {"clock": "host", "configuration": {"threads": 1}}

    def prepared(self, request):
        if self.run is None:
            raise Problem("request", request["type"] + ": nothing is prepared")
        return self.run

    def verify(self, request):
        run = self.prepared(request)
        digests = []
        for sample in field(request, "samples", list):
            run.stage(field({"type": "verify", "samples": sample}, "samples", int, 0))
            run.execute()
            digests.append(digest(run.output))
        return {"digests": digests}

    def measure(self, request):
        deadline = time.perf_counter_ns() + field(request, "nanos", int, 0)
        run = self.prepared(request)
        sample = field(request, "first", int, 0)
        kept_from = sample + field(request, "discard", int, 0)
        wanted = field(request, "samples", int, 1)
        starts, durations, digests = [], [], []
        while len(starts) < wanted and (not starts or time.perf_counter_ns() < deadline):
            run.stage(sample)
            start = time.perf_counter_ns()
            run.execute()
            end = time.perf_counter_ns()
            if sample >= kept_from:
                starts.append(start)
                durations.append(end - start)
                digests.append(digest(run.output))
            sample += 1
        return {"startNanos": starts, "durationNanos": durations, "digests": digests}

    def answer(self, line):
        """The reply to one line, whatever it is."""
        steps = {"hello": self.hello, "self-check": self.self_check, "prepare": self.prepare, "verify": self.verify,
                 "measure": self.measure, "telemetry": lambda _: {}, "bye": lambda _: {}}
        try:
            request = parse(line)
            kind = request.get("type")
            if not isinstance(kind, str) or kind not in steps:
                raise Problem("request", "expected a request, its type one of %s; got %r" % (", ".join(steps), kind))
            reply = {"type": kind}
            reply.update(steps[kind](request))
            return reply
        except Problem as problem:
            return problem.reply
        except Exception as e:  # whatever it is, gpubench can tell the user, and stderr has the rest
            traceback.print_exc()
            return Problem("engine", "%s: %s" % (type(e).__name__, e)).reply

    def serve(self):
        """Answers until bye or until stdin ends."""
        with os.fdopen(os.dup(1), "w") as replies:
            os.dup2(2, 1)  # a stray print goes to stderr, not between the replies
            for line in sys.stdin.buffer:
                reply = self.answer(line)
                replies.write(json.dumps(reply) + "\n")
                replies.flush()
                if reply["type"] == "bye":
                    break


# ---- The workload ----

MASK = 0xFFFFFFFFFFFFFFFF
HALF = 0xFFFFFFFF
ROUND_BYTES = 144  # of a round before its messages
MESSAGE = struct.Struct("<4Q")  # validator and round; digest; phase and zero; tag
ACCEPTED, VALIDATOR, ROUND, PHASE, ZERO, PROPOSAL, TAG, EQUIVOCATION, DUPLICATE = range(9)


def siphash(k0, k1, words):
    """SipHash-2-4 of three words."""
    a, b, c, d = k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573
    for word, rounds in zip((*words, 24 << 56, 0), (2, 2, 2, 2, 4)):
        if rounds == 4:
            c ^= 0xFF
        d ^= word
        for _ in range(rounds):
            a = a + b & MASK
            b = (b << 13 & MASK | b >> 51) ^ a
            a = a << 32 & MASK | a >> 32
            c = c + d & MASK
            d = (d << 16 & MASK | d >> 48) ^ c
            a = a + d & MASK
            d = (d << 21 & MASK | d >> 43) ^ a
            c = c + b & MASK
            b = (b << 17 & MASK | b >> 47) ^ c
            c = c << 32 & MASK | c >> 32
        a ^= word
    return a ^ b ^ c ^ d


class Consensus:
    """Counts the votes of the round of a sample; output has the answer."""

    def __init__(self, inputs):
        """From an input file as a buffer; it is read in place."""
        self.data = memoryview(inputs)
        try:
            self.load()
        except (struct.error, OverflowError) as e:
            raise Problem("engine", "the inputs are damaged: %s" % e) from e
        self.map_bytes = (self.validators + 63) // 64 * 8
        self.output = bytearray(96 + 2 * self.map_bytes)
        self.begin = None

    def load(self):
        magic, self.validators, tagged, self.total, slots = struct.unpack_from("<8sIIQQ", self.data)
        if magic != b"GBCONS01" or not slots:
            raise Problem("engine", "no inputs of the workload consensus: %d slots after %r" % (slots, magic))
        self.rounds = struct.unpack_from("<%dQ" % slots, self.data, 32)
        at = 32 + 8 * slots
        self.weights = struct.unpack_from("<%dI" % self.validators, self.data, at)
        at += 4 * (self.validators + self.validators % 2)
        self.keys = struct.unpack_from("<%dQ" % (2 * self.validators), self.data, at) if tagged else None
        for begin in self.rounds:
            messages, proposals = struct.unpack_from("<8xII", self.data, begin)
            if proposals > 16 or begin + ROUND_BYTES + MESSAGE.size * messages > len(self.data):
                raise struct.error("the round at byte %d" % begin)

    def stage(self, sample):
        self.begin = self.rounds[sample % len(self.rounds)]
        self.output[:] = b"\xa5" * len(self.output)

    def execute(self):
        number, phase, messages, proposals = struct.unpack_from("<4I", self.data, self.begin)
        digests = struct.unpack_from("<%dQ" % proposals, self.data, self.begin + 16)
        known = {}
        for k, proposal in enumerate(digests):
            known.setdefault(proposal, k)  # of two with the same digest the first counts
        counts = [0] * 9
        ballots = {}  # from a validator to the proposals of its messages
        at = self.begin + ROUND_BYTES
        for w0, w1, w2, tag in MESSAGE.iter_unpack(self.data[at:at + MESSAGE.size * messages]):
            v = w0 & HALF
            if v >= self.validators:
                counts[VALIDATOR] += 1
            elif w0 >> 32 != number:
                counts[ROUND] += 1
            elif w2 & HALF != phase:
                counts[PHASE] += 1
            elif w2 >> 32:
                counts[ZERO] += 1
            elif w1 not in known:
                counts[PROPOSAL] += 1
            elif self.keys and siphash(self.keys[2 * v], self.keys[2 * v + 1], (w0, w1, w2)) != tag:
                counts[TAG] += 1
            else:
                ballots.setdefault(v, []).append(known[w1])

        weights = [0] * proposals
        certificates = [bytearray(self.map_bytes) for _ in digests]
        equivocators = bytearray(self.map_bytes)
        for v, ballot in ballots.items():
            k = ballot[0]
            if ballot.count(k) < len(ballot):
                counts[EQUIVOCATION] += len(ballot)
                equivocators[v >> 3] |= 1 << (v & 7)
            else:
                counts[ACCEPTED] += 1
                counts[DUPLICATE] += len(ballot) - 1
                weights[k] += self.weights[v]
                certificates[k][v >> 3] |= 1 << (v & 7)
        decision, certificate = (0, 0, 0), bytes(self.map_bytes)
        for k, weight in enumerate(weights):
            if 3 * weight > 2 * self.total:
                decision, certificate = (1 | k << 32, digests[k], weight), certificates[k]
        struct.pack_into("<12Q", self.output, 0, *decision, *counts)
        self.output[96:96 + self.map_bytes] = certificate
        self.output[96 + self.map_bytes:] = equivocators

    @classmethod
    def self_check(cls):
        """Known answers: what is wrong, else None."""
        if siphash(0x0706050403020100, 0x0F0E0D0C0B0A0908, struct.unpack("<3Q", bytes(range(24)))) != 0xB8AD50C6F649AF94:
            return "SipHash-2-4 of 24 bytes is wrong"
        # weights 4, 3, 2, 1, 5; each votes, 1 repeats, 3 votes for two; and each kind of failure
        votes = [(4, 7, 100, 2, 0, 0), (0, 7, 100, 2, 0, 0), (1, 7, 100, 2, 0, 0), (1, 7, 100, 2, 0, 0),
                 (2, 7, 101, 2, 0, 0), (3, 7, 100, 2, 0, 0), (3, 7, 101, 2, 0, 0), (5, 0, 9, 0, 9, 9),
                 (2, 8, 9, 1, 9, 9), (2, 7, 9, 1, 9, 9), (2, 7, 9, 2, 9, 9), (2, 7, 9, 2, 0, 9), (2, 7, 100, 2, 0, 9)]
        expected = [(1, 100, 12, 4, 1, 1, 1, 1, 1, 1, 2, 1, 0b10011, 0b01000),
                    (0, 0, 0, 3, 1, 1, 1, 1, 1, 1, 2, 1, 0, 0b01000)]  # without the first vote
        keys = [(v + 1) * 0x9E3779B97F4A7C15 & MASK for v in range(10)]
        first = 32 + 16 + 24 + 80
        inputs = struct.pack("<8sII4Q6I10Q", b"GBCONS01", 5, 1, 15, 2, first,
                             first + ROUND_BYTES + MESSAGE.size * len(votes), 4, 3, 2, 1, 5, 0, *keys)
        for slot in range(2):
            inputs += struct.pack("<4I16Q", 7, 2, len(votes) - slot, 2, 100, 101, *[0] * 14)
            for v, number, proposal, phase, zero, wrong in votes[slot:]:
                words = (v | number << 32, proposal, phase | zero << 32)
                inputs += MESSAGE.pack(*words, siphash(*keys[v % 5 * 2:][:2], words) ^ wrong)
        run = cls(inputs)
        for slot in range(2):
            run.stage(slot)
            run.execute()
            found = struct.unpack("<14Q", run.output)
            if found != expected[slot]:
                return "round %d is %s, expected %s" % (slot, found, expected[slot])
        return None


if __name__ == "__main__":
    Worker("example-python", "1.0", {"consensus": {"call": Consensus}}).serve()
