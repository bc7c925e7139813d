/**
 * A server made with Fedify, for Headwater's tests to talk to: an implementation of ActivityPub that shares
 * no code with ours. It keeps everything in memory and ends with its process.
 *
 * `node peer.mjs [rfc9421|draft-cavage-http-signatures-12]` signs first in the form named. It prints one line of
 * JSON when it listens: `{"federation": URL, "control": URL}`. The first address is what other servers see; the
 * second is for the tests, which tell it there what to do and ask it what it has got.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import { createServer } from "node:http";
import { configure } from "@logtape/logtape";
import { Control } from "./control.mjs";
import { Site } from "./site.mjs";

/** Why it refused what: to standard error, from the level `FEDIFY_LOG` names. */
await configure({
  contextLocalStorage: new AsyncLocalStorage(),
  sinks: { told: ({ level, category, message }) => console.error(level, category.join("."), ...message) },
  loggers: [{ category: [], sinks: ["told"], lowestLevel: process.env.FEDIFY_LOG ?? "warning" }],
});

/** Read a whole request of Node's as one of the web's. */
async function webRequest(message, origin) {
  const parts = [];
  for await (const part of message) parts.push(part);
  const body = Buffer.concat(parts);
  const hasBody = message.method !== "GET" && message.method !== "HEAD";
  return new Request(new URL(message.url, origin), {
    method: message.method,
    headers: new Headers(Object.entries(message.headers).map(([name, value]) => [name, String(value)])),
    body: hasBody ? body : undefined,
  });
}

/** Serve on a free port of 127.0.0.1; `answer` turns a web Request into a web Response. */
async function listen(answer) {
  let origin;
  const server = createServer(async (message, response) => {
    let answered;
    try {
      answered = await answer(await webRequest(message, origin));
    } catch (error) {
      answered = Response.json({ error: String(error?.stack ?? error) }, { status: 500 });
    }
    const body = Buffer.from(await answered.arrayBuffer());
    response.writeHead(answered.status, { ...Object.fromEntries(answered.headers), "content-length": body.length });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
  return origin;
}

let site;
const federation = await listen((request) => site.fetch(request));
site = new Site(federation, process.argv[2] ?? "rfc9421");
const control = new Control(site);
const address = await listen((request) => control.fetch(request));
console.log(JSON.stringify({ federation, control: address }));

// Whoever started this process holds its standard input; it ends when they do.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
