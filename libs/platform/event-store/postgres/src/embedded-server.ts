/** Starts and stops one PostgreSQL server on a folder, and sees to it that it does not outlive whoever it was started for. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { EmbeddedPlace } from './embedded-place.js';

export interface ServerOptions {
  readonly place: EmbeddedPlace;
  readonly port?: number;
  /** The server stops when this process ends; without it, when the present one does. */
  readonly until?: number;
  /** Removed by the server's user after the server stopped. */
  readonly removeAfterwards?: string;
  /** How many may be connected at once. */
  readonly connections?: number;
  readonly bufferMegabytes?: number;
}
export interface RunningServer {
  readonly port: number;
  readonly processId: number;
  readonly stop: () => Promise<void>;
}

/** Small, because six organisations share it on one machine; durable, because they keep consents; silent about contents. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: 0,
  min_wal_size: '64MB',
  max_wal_size: '256MB',
  io_method: 'sync',
  jit: 'off',
  max_worker_processes: 2,
  max_parallel_workers: 0,
  max_logical_replication_workers: 0,
  autovacuum_max_workers: 1,
  maintenance_work_mem: '32MB',
  password_encryption: 'scram-sha-256',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: 0,
  log_parameter_max_length_on_error: 0,
  log_min_messages: 'warning',
};

/**
 * A shell stands beside the server: it tells the server to stop when its own input ends, which happens however this process ends,
 * or when the process named by UNTIL is gone. So no server is left behind, also after `kill -9`.
 */
const keeper = `
exec 3<&0
"$0" "$@" </dev/null 3<&- & server=$!
echo $server
exec >/dev/null
if [ "$UNTIL" ]; then
  ( while [ -d "/proc/$UNTIL" ] || ps -p "$UNTIL"; do sleep 1; done; kill -INT $server ) 2>/dev/null 3<&- &
else
  ( cat <&3; kill -INT $server ) 2>/dev/null &
fi
keeper=$!
exec 3<&-
wait $server; code=$?
kill $keeper 2>/dev/null
[ "$REMOVE" ] && rm -rf "$REMOVE"
exit $code
`;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const from = Date.now();
  for (;;) {
    const port = options.port ?? (await freePort());
    const attempt = await tryToStart(options, port);
    if ('processId' in attempt) return attempt;
    const { reason } = attempt;
    if (/could not (bind|create any TCP\/IP sockets)/.test(reason) && options.port !== undefined)
      throw new Error(
        `Port ${port} is taken by another program. Choose another port for the embedded database, or stop that program.`,
      );
    const waited = Date.now() - from;
    const held = /lock file "postmaster.pid" already exists/.test(reason);
    if (held && (await removeStaleLock(options.place))) continue;
    // A server that was killed leaves its sessions for a moment, and one that was told to stop needs one.
    const passing = /pre-existing shared memory block|could not (bind|create any TCP\/IP sockets)/.test(reason);
    if ((held && waited < 3_000) || (passing && waited < 15_000)) {
      await pause(200);
      continue;
    }
    if (held)
      throw new Error(
        `The database in ${options.place.folder} is in use by another Convenant (process ${await lockHolder(options.place)}). Stop that one first.`,
      );
    throw new Error(`The embedded PostgreSQL does not start. Its log, ${logOf(options.place)}, ends with:\n${reason}`);
  }
}

async function tryToStart(
  { place, until, removeAfterwards, connections = 60, bufferMegabytes = 32 }: ServerOptions,
  port: number,
): Promise<RunningServer | { readonly reason: string }> {
  const chosen = { max_connections: connections, shared_buffers: `${bufferMegabytes}MB`, port };
  const flags = Object.entries({ ...settings, ...chosen }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = await open(logOf(place), 'a', 0o600);
  const { size } = await log.stat();
  const args = ['-D', clusterOf(place), ...flags];
  const onWindows = process.platform === 'win32';
  const child = spawn(
    onWindows ? place.postgres : '/bin/sh',
    onWindows ? args : ['-c', keeper, place.postgres, ...args],
    {
      // A folder that the server's user may stand in; and out of the terminal's Ctrl-C, which is for this process to answer.
      cwd: place.folder,
      detached: true,
      stdio: ['pipe', 'pipe', log.fd],
      env: serverEnvironment({ UNTIL: until === undefined ? '' : String(until), REMOVE: removeAfterwards ?? '' }),
      ...place.user,
    },
  );
  let over = false;
  // Its end, and not that of its pipes: a pipe of which the rest is not read never ends.
  const ended = new Promise<void>((done) => child.once('exit', () => done()).once('error', () => done())).then(
    () => void (over = true),
  );
  const announced = onWindows ? Promise.resolve(child.pid ?? 0) : firstLine(child);
  child.stdin?.on('error', () => undefined);
  await log.close();
  const processId = await announced;
  while (!over && !(await isReady(place, processId))) await pause(15);
  if (over) {
    const text = await readFile(logOf(place), 'utf8');
    return { reason: Buffer.from(text).subarray(size).toString().trim() };
  }
  for (const handle of [child, child.stdin, child.stdout]) (handle as { unref?: () => void } | null)?.unref?.();
  return { port, processId, stop: () => stopServer(place, child, processId, ended, until !== undefined) };
}

async function stopServer(
  place: EmbeddedPlace,
  child: ChildProcess,
  processId: number,
  ended: Promise<void>,
  shared: boolean,
): Promise<void> {
  child.ref();
  if (process.platform === 'win32')
    spawn(place.control, ['stop', '-D', clusterOf(place), '-m', 'fast'], { stdio: 'ignore' });
  else if (shared && child.exitCode === null) process.kill(processId, 'SIGINT');
  else child.stdin?.end();
  await ended;
}

export const clusterOf = (place: Pick<EmbeddedPlace, 'folder'>): string => join(place.folder, 'cluster');
export const logOf = (place: Pick<EmbeddedPlace, 'folder'>): string => join(place.folder, 'postgres.log');

/** Nothing of this process's own environment, which may hold secrets and PG variables; English messages, because they are read here. */
export const serverEnvironment = (own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv =>
  process.platform === 'win32'
    ? { ...process.env, ...own }
    : { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', ...own };

async function isReady(place: EmbeddedPlace, processId: number): Promise<boolean> {
  const lines = (await readFile(lockOf(place), 'utf8').catch(() => '')).split('\n');
  return Number(lines[0]) === processId && lines[7]?.trim() === 'ready';
}

/** True when the lock named a process that is no PostgreSQL server on this folder: its number was given to another since. */
async function removeStaleLock(place: EmbeddedPlace): Promise<boolean> {
  const holder = await lockHolder(place);
  const command = await readFile(`/proc/${holder}/cmdline`, 'utf8').catch(() => undefined);
  if (command === undefined || command.includes(clusterOf(place))) return false;
  await rm(lockOf(place), { force: true });
  return true;
}

const lockOf = (place: EmbeddedPlace): string => join(clusterOf(place), 'postmaster.pid');
const lockHolder = async (place: EmbeddedPlace): Promise<number> =>
  Number.parseInt(await readFile(lockOf(place), 'utf8').catch(() => '0'), 10);

/** 0 when it ended without a word. To be called in the same turn as the spawning, before either can have been missed. */
function firstLine(child: ChildProcess): Promise<number> {
  return new Promise((done) => {
    child.stdout?.on('data', (data: Buffer) => done(Number.parseInt(data.toString(), 10)));
    child.once('exit', () => done(0)).once('error', () => done(0));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
