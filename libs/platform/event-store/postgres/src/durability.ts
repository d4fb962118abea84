/** An acknowledged append must be on disk. A server that answers before that is not one to keep consents on. */
import { EngineFailure } from '@convenant/kernel';
import type { Pool } from 'pg';

export class NotDurable extends EngineFailure {
  override readonly name = 'NotDurable';
  constructor(setting: string) {
    super(
      `The server runs with ${setting} = off, so what it acknowledges can be lost when it stops. Set ${setting} = on for the server, this database and this role, and start again.`,
      { code: 'database-not-durable', setting: `${setting} of the server`, reason: 'off' },
    );
  }
}

/** Looks at what holds for this session, so that an exception made for a database or a role is found too. */
export async function assertDurable(pool: Pick<Pool, 'query'>): Promise<void> {
  const settings = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;
  for (const setting of settings) {
    const { rows } = await pool.query<{ value: string }>('select current_setting($1) as value', [setting]);
    if (rows[0]?.value === 'off') throw new NotDurable(setting);
  }
}

/**
 * Selected in a statement, it lets that one be answered before it is on disk; all others still wait. A server that is killed may then forget
 * it, and with it only what came later and was not waited for either. For what can be worked out anew from what was waited for.
 */
export const withoutWaitingForTheDisk = `set_config('synchronous_commit', 'off', true)`;
