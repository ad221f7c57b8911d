// SPDX-License-Identifier: Apache-2.0
// A gpubench worker in JavaScript for Node.js, for the workload saxpy of examples/saxpy. See configs/engines/README.md.
'use strict';
const fs = require('node:fs');

const PROTOCOL = 1;
const ORIGIN = process.hrtime.bigint();

// ---- The protocol: the same for every workload

class Problem extends Error {
  constructor(kind, message, remedy = null) {
    super(message);
    this.reply = { type: 'error', kind, message, remedy };
  }
}

function demand(condition, message) {
  if (!condition) throw new Problem('request', message);
}

function whole(request, name, least) {
  const value = request[name];
  demand(Number.isInteger(value) && value >= least, `${request.type}: '${name}' must be a whole number of at least ${least}`);
  return value;
}

/** Nanoseconds since this process began, exact for a hundred days. */
function now() {
  return Number(process.hrtime.bigint() - ORIGIN);
}

/** FNV-1a with 64 bits over 64-bit words, the lowest byte first. */
function digest(words) {
  let hash = 0xcbf29ce484222325n;
  for (const word of words) {
    for (let shift = 0n; shift < 64n; shift += 8n) {
      hash = BigInt.asUintN(64, (hash ^ ((word >> shift) & 0xffn)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, '0');
}

let run = null; // what prepare made

const steps = {
  hello(request) {
    if (request.device != null) {
      throw new Problem('unavailable', `no device ${JSON.stringify(request.device)} here: this engine computes on the processors`, 'leave out --device');
    }
    return {
      protocol: Math.min(PROTOCOL, whole(request, 'protocol', 1)), engine: 'example-javascript', version: '1.0', device: null,
      workloads: { saxpy: ['call'] }, description: { language: `Node.js ${process.versions.node}` },
    };
  },
  'self-check': () => {
    const wrong = selfCheck();
    return { passed: wrong === null, detail: wrong ?? 'known answers', remedy: null };
  },
  prepare(request) {
    demand(run === null, 'prepare: this worker is prepared already');
    demand(request.workload === 'saxpy', `prepare: unknown workload ${JSON.stringify(request.workload)}`);
    demand(request.path === 'call', `prepare: saxpy has no path ${JSON.stringify(request.path)}`);
    demand(typeof request.inputs === 'string', "prepare: 'inputs' must name a file");
    const parameters = { type: 'prepare', ...request.parameters };
    run = new Saxpy(whole(parameters, 'n', 1), keys(fs.readFileSync(request.inputs)));
    return { clock: 'host', configuration: { threads: 1 } };
  },
  verify(request) {
    demand(run !== null, 'verify: nothing is prepared');
    demand(Array.isArray(request.samples), "verify: 'samples' must be a list");
    return {
      digests: request.samples.map((sample) => {
        run.stage(whole({ type: 'verify', samples: sample }, 'samples', 0));
        run.execute();
        return digest(run.answer());
      }),
    };
  },
  measure(request) {
    const deadline = now() + whole(request, 'nanos', 0);
    demand(run !== null, 'measure: nothing is prepared');
    let sample = whole(request, 'first', 0);
    const keptFrom = sample + whole(request, 'discard', 0);
    const wanted = whole(request, 'samples', 1);
    const reply = { startNanos: [], durationNanos: [], digests: [] };
    for (; reply.digests.length < wanted && (reply.digests.length === 0 || now() < deadline); sample++) {
      run.stage(sample);
      const start = now();
      run.execute();
      const end = now();
      if (sample >= keptFrom) {
        reply.startNanos.push(start);
        reply.durationNanos.push(end - start);
        reply.digests.push(digest(run.answer()));
      }
    }
    return reply;
  },
  telemetry: () => ({}),
  bye: () => ({}),
};

function answer(line) {
  try {
    let request = null;
    try {
      request = JSON.parse(line);
    } catch (error) {
      throw new Problem('request', `no JSON: ${error.message}`);
    }
    const type = request?.type;
    demand(typeof type === 'string' && Object.hasOwn(steps, type), `expected a request, its type one of ${Object.keys(steps).join(', ')}; got ${JSON.stringify(type)}`);
    return { type, ...steps[type](request) };
  } catch (error) {
    if (error instanceof Problem) return error.reply;
    console.error(error); // goes to stderr
    return { type: 'error', kind: 'engine', message: String(error), remedy: null };
  }
}

/** Answers until bye or until stdin ends. */
function serve() {
  let rest = Buffer.alloc(0);
  const chunk = Buffer.alloc(1 << 16);
  for (;;) {
    const size = fs.readSync(0, chunk);
    if (size === 0) return;
    rest = Buffer.concat([rest, chunk.subarray(0, size)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const reply = answer(rest.subarray(0, end).toString('utf8'));
      rest = rest.subarray(end + 1);
      const bytes = Buffer.from(JSON.stringify(reply) + '\n');
      for (let written = 0; written < bytes.length; ) written += fs.writeSync(1, bytes, written);
      if (reply.type === 'bye') return;
    }
  }
}

// ---- The workload: y = 3 x + y

/** The keys of a file of inputs: a list for each slot. */
function keys(file) {
  demand(file.toString('latin1', 0, 8) === 'GBKEYS01', 'prepare: the inputs are no file of keys');
  const slots = Number(file.readBigUInt64LE(8));
  const count = Number(file.readBigUInt64LE(16));
  return Array.from({ length: slots }, (_, slot) =>
    Array.from({ length: count }, (_, key) => file.readBigUInt64LE(24 + 8 * (slot * count + key))));
}

/** mix64 of the page on numbers of 64 bits that are two of 32 here, since BigInt is slow: leaves low and high. */
let low = 0;
let high = 0;

function times(factorLow, factorHigh) {
  const a = low & 0xffff;
  const b = low >>> 16;
  const c = factorLow & 0xffff;
  const d = factorLow >>> 16;
  const middle = b * c + ((a * c) >>> 16);
  const upper = b * d + Math.floor(middle / 65536) + (((middle & 0xffff) + a * d) / 65536 >>> 0);
  high = (Math.imul(high, factorLow) + Math.imul(low, factorHigh) + upper) | 0;
  low = Math.imul(low, factorLow);
}

function fold(bits) {
  low ^= (low >>> bits) | (high << (32 - bits));
  high ^= high >>> bits;
}

function mix64(ofLow, ofHigh) {
  low = ofLow;
  high = ofHigh;
  fold(30);
  times(0x1ce4e5b9, 0xbf58476d);
  fold(27);
  times(0x133111eb, 0x94d049bb);
  fold(31);
}

/** Calls use(i) with mix64(start + (i + 1) step + add(i)) in low and high, i from 0; add gives 32 bits. */
function forWords(start, count, add, use) {
  let stateLow = Number(start & 0xffffffffn) | 0;
  let stateHigh = Number(start >> 32n) | 0;
  for (let i = 0; i < count; i++) {
    const next = (stateLow >>> 0) + 0x7f4a7c15;
    stateLow = next | 0;
    stateHigh = (stateHigh + 0x9e3779b9 + (next > 0xffffffff ? 1 : 0)) | 0;
    const sum = (stateLow >>> 0) + add(i);
    mix64(sum | 0, sum > 0xffffffff ? (stateHigh + 1) | 0 : stateHigh);
    use(i);
  }
}

/** Fills floats with the highest 20 bits of word(key, i). */
function fill(floats, key) {
  forWords(key, floats.length, () => 0, (i) => {
    floats[i] = high >>> 12;
  });
}

/** The sums of 32-bit words w[i] and of mix64(w[i] + (i + 1) step), modulo 2^64. */
function sums(words) {
  let sum = 0; // all three are exact below 2^21 words
  let lows = 0;
  let highs = 0;
  const total = [0n, 0n];
  const carry = () => {
    total[0] += BigInt(sum);
    total[1] += BigInt(lows) + (BigInt(highs) << 32n);
    sum = lows = highs = 0;
  };
  forWords(0n, words.length, (i) => words[i], (i) => {
    sum += words[i];
    lows += low >>> 0;
    highs += high >>> 0;
    if ((i & 0xfffff) === 0xfffff) carry();
  });
  carry();
  return total.map((word) => BigInt.asUintN(64, word));
}

class Saxpy {
  constructor(n, slots) {
    this.slots = slots.map(([keyOfX, keyOfY]) => {
      const x = new Float32Array(n);
      const y = new Float32Array(n);
      fill(x, keyOfX);
      fill(y, keyOfY);
      return { x, y };
    });
    this.y = new Float32Array(n);
    this.bits = new Uint32Array(this.y.buffer);
    this.x = this.y;
  }

  /** The output is the input y before a sample, which is no right answer. */
  stage(sample) {
    const slot = this.slots[sample % this.slots.length];
    this.x = slot.x;
    this.y.set(slot.y);
  }

  execute() {
    const { x, y } = this;
    for (let i = 0; i < y.length; i++) {
      y[i] = 3 * x[i] + y[i];
    }
  }

  answer() {
    return sums(this.bits);
  }
}

/** What is wrong with a known answer; null if nothing is. */
function selfCheck() {
  const check = new Saxpy(3, [[1n, 2n]]);
  check.stage(0);
  check.execute();
  const word = (key, i) => {
    let z = BigInt.asUintN(64, key + (i + 1n) * 0x9e3779b97f4a7c15n);
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  };
  const wrong = [0n, 1n, 2n].find((i) =>
    check.y[Number(i)] !== 3 * Number(word(1n, i) >> 44n) + Number(word(2n, i) >> 44n));
  return wrong === undefined ? null : `y[${wrong}] is ${check.y[Number(wrong)]}`;
}

serve();
