// Drives the SDK for tests written in Python: one order a line on standard input, one answer a line on standard output.
//
//   {"id": 1, "on": null, "do": "connect", "with": ["key", "secret"]}   call a function of the SDK
//   {"id": 2, "on": 7, "do": "feed", "with": ["user", "ada"]}           call a method of what was kept as 7
//   {"id": 3, "on": 7, "do": "getFayeClient", "with": [], "hold": true}  the same, without waiting for what it promises
//   {"id": 4, "on": 7, "read": "userId"}                                read a property of it
//
// An answer has "value", or "kept" for what is no JSON and may be used in later orders, or "error". What a callback is
// given comes on lines of its own: {"heard": NUMBER, "message": …}.

import { createInterface } from 'node:readline';
import * as getstream from 'getstream';

const kept = new Map();

function write(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function given(argument) {
  if (Array.isArray(argument)) return argument.map(given);
  if (argument === null || typeof argument !== 'object') return argument;
  if ('$kept' in argument) return kept.get(argument.$kept);
  if ('$bytes' in argument) return Buffer.from(argument.$bytes, 'base64');
  if ('$time' in argument) return new Date(argument.$time);
  if ('$hear' in argument) return (message) => write({ heard: argument.$hear, message });
  return Object.fromEntries(Object.entries(argument).map(([name, value]) => [name, given(value)]));
}

function isPlain(value) {
  if (value === null || typeof value !== 'object') return typeof value !== 'function';
  return [Object.prototype, Array.prototype, null].includes(Object.getPrototypeOf(value));
}

function answer(value) {
  if (isPlain(value)) return { value: value === undefined ? null : value };
  kept.set(kept.size + 1, value);
  return { kept: kept.size };
}

function failure(error) {
  return {
    type: error.constructor.name,
    message: error.message,
    status: error.response?.status ?? null,
    body: error.error ?? null,
    code: error.error?.code ?? error.code ?? null,
  };
}

async function carryOut(order) {
  const on = order.on === null ? getstream : kept.get(order.on);
  if ('read' in order) return answer(on[order.read]);
  const result = on[order.do](...given(order.with));
  return answer(order.hold ? result : await result);
}

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  carryOut(order).then(
    (result) => write({ id: order.id, ...result }),
    (error) => write({ id: order.id, error: failure(error) }),
  );
}
process.exit(0); // whatever still listens for messages
