/** What is wrong with an engine that a service rests on, as a code from a closed list and what mends it; never contents. */

/** Every code has a row in docs/how-to/operate.md, which says what to do. */
export type EngineTroubleCode =
  | 'database-unreachable'
  | 'database-out-of-connections'
  | 'database-slow'
  | 'database-full'
  | 'database-refuses-credentials'
  | 'database-certificate'
  | 'database-missing'
  | 'database-refuses-rights'
  | 'database-read-only'
  | 'database-roles'
  | 'database-not-durable'
  | 'database-not-migrated'
  | 'database-from-the-future'
  | 'database-trouble'
  | 'event-log-unreachable'
  | 'event-log-slow'
  | 'event-log-refuses-credentials'
  | 'event-log-trouble';

/** Told to operators, so nothing in it comes from what the engine holds or was given. */
export interface EngineTrouble {
  readonly code: EngineTroubleCode;
  /** What to mend: the setting that names the engine, or what the engine itself is set to. Never a value. */
  readonly setting: string;
  /** The engine's or the machine's own word for it: an SQLSTATE, `ECONNREFUSED`. */
  readonly reason: string;
}

/** An engine did not do what was asked. The message is for whoever runs it, and quotes nothing that the engine held or was given. */
export class EngineFailure extends Error {
  override readonly name: string = 'EngineFailure';
  constructor(
    message: string,
    readonly trouble: EngineTrouble,
  ) {
    super(message);
  }
}

const passing: ReadonlySet<EngineTroubleCode> = new Set([
  'database-unreachable',
  'database-out-of-connections',
  'database-slow',
  'database-full',
  'event-log-unreachable',
  'event-log-slow',
]);

/** Whether it may be over a moment later without a change of any setting or release, so that it is worth while to wait. */
export const mayPass = ({ code }: EngineTrouble): boolean => passing.has(code);

/** Looks behind what others made of the failure; `undefined` when no engine is known to be the cause. */
export function engineTroubleOf(error: unknown): EngineTrouble | undefined {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < 10; depth++, each = each.cause)
    if (each instanceof EngineFailure) return each.trouble;
  return undefined;
}
