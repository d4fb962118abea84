/**
 * Says to `npm run test:engines` what a suite here found of what was acknowledged, in the form of its other suites. Their `reportEngine` stands with
 * what starts the engines, which is built on this package and so cannot be imported here.
 */
import { appendFileSync } from 'node:fs';
import type { Pool } from 'pg';

/** Without a file to write in, as when the suite runs by itself, nothing is kept. */
export async function reportKept(
  pool: Pick<Pool, 'query'>,
  found: { lost: number; duplicated: number },
): Promise<void> {
  const file = process.env['CONVENANT_ENGINE_REPORTS'];
  if (!file) return;
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  appendFileSync(file, `${JSON.stringify({ engine: 'PostgreSQL', version: rows[0]?.server_version, ...found })}\n`);
}
