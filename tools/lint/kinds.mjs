/** Who may import whom, as data: the table of the architecture, read by the lint rules and by the canaries that prove them. */

const nest = ['@nestjs/*', 'reflect-metadata', 'rxjs'];
const graphql = [
  'graphql',
  'graphql-*',
  '@graphql-tools/*',
  '@apollo/*',
  '@as-integrations/*',
  '@escape.tech/*',
  'fastify',
  '@fastify/*',
];
const ownFiles = ['node:fs', 'node:fs/promises', 'node:path', 'node:url'];
const schema = ['zod', 'temporal-polyfill'];

/** Per kind: which kinds it may import, and which packages from outside (`*` at the end matches any rest; undefined means any). */
export const kinds = {
  pure: { imports: ['pure'], external: schema },
  adapter: { imports: ['pure'], external: undefined },
  host: { imports: ['pure'], external: [...schema, ...nest, ...graphql, ...ownFiles, 'node:async_hooks'] },
  // Another service is only ever the shared slices: the wall between organisations stands beside this table.
  service: { imports: ['pure', 'host', 'service'], external: [...schema, ...nest, 'graphql', ...ownFiles] },
  app: { imports: ['*'], external: undefined },
  test: { imports: ['*'], external: undefined },
};

/** What a spec may import on top of what its project may: memory adapters and contract suites instead of mocks. */
export const inSpecs = {
  pure: ['pure', 'test'],
  adapter: ['pure', 'adapter', 'test'],
  host: ['pure', 'host', 'adapter', 'test'],
  service: ['pure', 'host', 'service', 'adapter', 'test'],
  external: ['@jest/globals', 'fast-check', '@nestjs/testing'],
};

export const organisations = ['mental-health', 'uwv', 'municipality', 'insurer', 'covenant'];

const clock =
  'Time is an argument here, so that a replay and a simulation give the same answer: take `at` from the command, or the Clock port in the host.';
const timer = 'Waiting belongs to an adapter, so that a simulation can turn the clock: use the Scheduler port.';
const chance =
  'Chance is an argument here, so that the same seed gives the same story: take an id or a number from the Ids or Random port.';
const cryptography =
  'Keys and ciphers live in adapters, where they can be replaced by a deterministic pair in a simulation: use the Sealer, Ids or Random port.';
const machine = 'Rules know nothing about the machine they run on: pass what is needed as an argument.';

/** Globals forbidden outside adapters, apps and tests, each with its reason and the replacement. */
export const forbiddenOutsideAdapters = {
  Date: clock,
  setTimeout: timer,
  setInterval: timer,
  setImmediate: timer,
  crypto: cryptography,
};

/** Globals forbidden in pure projects on top of those. */
export const forbiddenInPure = {
  performance: clock,
  process: machine,
  fetch: 'Rules do not call anyone: gather the fact in a handler of the service and pass it as an argument.',
  console: 'Rules do not print: return what happened, the host records it.',
  queueMicrotask: timer,
  globalThis: 'A way around the rules on clock, chance and machine: name what you need, or pass it as an argument.',
  global: 'A way around the rules on clock, chance and machine: name what you need, or pass it as an argument.',
};

/** Members forbidden outside adapters, apps and tests. */
export const forbiddenMembers = [
  { object: 'Math', property: 'random', message: chance },
  { object: 'Temporal', property: 'Now', message: clock },
  { object: 'globalThis', property: 'Date', message: clock },
  { object: 'globalThis', property: 'setTimeout', message: timer },
  { object: 'globalThis', property: 'setInterval', message: timer },
  { object: 'globalThis', property: 'setImmediate', message: timer },
  { object: 'globalThis', property: 'crypto', message: cryptography },
];
