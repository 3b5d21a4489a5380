// Renders pages of the server build: one JSON line {number, address, state} in, one {number, html} out, one after another.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const server = process.argv[2];
const build = await import(pathToFileURL(server));
const { createRequestHandler } = createRequire(server)("react-router");
const handle = createRequestHandler({ ...build, ssr: true, isSpaMode: false }, "production");

for await (const line of createInterface({ input: process.stdin })) {
  const { number, address, state } = JSON.parse(line);
  globalThis.pageState = state; // read by the state store of the build: see pages/shell/build.py
  const reply = await handle(new Request("http://localhost" + address));
  process.stdout.write(JSON.stringify({ number, html: await reply.text() }) + "\n");
}
