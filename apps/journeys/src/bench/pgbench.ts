/** Drives a database with pgbench, the load generator that comes with PostgreSQL: what the server can do when nobody of ours stands between. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export const howToGetPgbench =
  'There is no pgbench on this machine. It comes with PostgreSQL: on Debian and Ubuntu, apt-get install postgresql-contrib or postgresql; elsewhere, the client tools of PostgreSQL.';

/** The first on the PATH, or the newest where Debian keeps it; undefined when there is none. */
export async function findPgbench(
  path = process.env['PATH'] ?? '',
  whereDebianKeepsIt = '/usr/lib/postgresql/*/bin/pgbench',
): Promise<string | undefined> {
  const kept: string[] = [];
  for await (const file of glob(whereDebianKeepsIt)) kept.push(file);
  const byVersion = (file: string): number => Number(/postgresql\/(\d+)/.exec(file)?.[1] ?? 0);
  const candidates = [
    ...path
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, 'pgbench')),
    ...kept.sort((one, other) => byVersion(other) - byVersion(one)),
  ];
  for (const file of candidates) {
    const runs = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return file;
  }
  return undefined;
}

export interface PgbenchOptions {
  readonly pgbench: string;
  readonly url: string;
  readonly scriptFile: string;
  readonly clients: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** Transactions per second, connecting not counted; rejects when one of them failed. The password goes through the environment. */
export async function transactionsPerSecond(options: PgbenchOptions): Promise<number> {
  const { pgbench, url, scriptFile, clients, seconds, signal } = options;
  const { hostname, port, username, password, pathname } = new URL(url);
  const child = spawn(
    pgbench,
    [
      ...['--no-vacuum', '--protocol=prepared', `--file=${scriptFile}`, `--client=${clients}`],
      ...[`--jobs=${Math.min(2, clients)}`, `--time=${seconds}`, `--host=${hostname}`, `--port=${port || '5432'}`],
      ...[`--username=${decodeURIComponent(username)}`, decodeURIComponent(pathname.slice(1))],
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], LC_ALL: 'C', PGPASSWORD: decodeURIComponent(password) },
      signal,
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (said += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  const rate = rateIn(said);
  if (code !== 0 || rate === undefined)
    throw new Error(`pgbench ended with ${code}. It says:\n${said.trim().split('\n').slice(-5).join('\n')}`);
  return rate;
}

/** From what pgbench prints, in any version since 9.6. */
export const rateIn = (output: string): number | undefined => {
  const [, rate] =
    /^tps = ([\d.]+) \((?:without initial connection time|excluding connections establishing)\)/m.exec(output) ?? [];
  return rate === undefined ? undefined : Number(rate);
};
