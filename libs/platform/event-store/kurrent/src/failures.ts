/** What went wrong with KurrentDB, in words for whoever runs it, and without anything that the log held or was given. */
import { EngineFailure, type EngineTroubleCode } from '@convenant/kernel';

export type KurrentTrouble =
  'unreachable' | 'late' | 'busy' | 'not-leader' | 'denied' | 'old' | 'too-large' | 'refused';

/** Carries what kind of trouble it was and the gRPC code, if there was one; never a value, a name of a stream or a password. */
export class KurrentFailure extends EngineFailure {
  override readonly name = 'KurrentFailure';
  constructor(
    readonly kind: KurrentTrouble,
    setting: string,
    readonly code?: number,
  ) {
    super(`KurrentDB: ${sentences[kind](setting, code)}.`, {
      code: toOperators[kind],
      setting,
      reason: code === undefined ? kind : `${kind} ${code}`,
    });
  }
}

const toOperators: Readonly<Record<KurrentTrouble, EngineTroubleCode>> = {
  unreachable: 'event-log-unreachable',
  late: 'event-log-slow',
  busy: 'event-log-slow',
  'not-leader': 'event-log-unreachable',
  denied: 'event-log-refuses-credentials',
  old: 'event-log-trouble',
  'too-large': 'event-log-trouble',
  refused: 'event-log-trouble',
};

const sentences: Readonly<Record<KurrentTrouble, (setting: string, code?: number) => string>> = {
  unreachable: (setting) =>
    `nothing answers there, or the connection broke. Check ${setting} and that the cluster runs`,
  late: (setting) => `it did not answer in time. Check ${setting} and the load of the cluster`,
  busy: () => 'it has more to do than it takes on now',
  'not-leader': (setting) =>
    `the node that answered does not lead the cluster. Name the cluster in ${setting}, with kurrentdb+discover:// or all nodes`,
  denied: (setting) =>
    `it refuses this user. Check name, password and certificates in ${setting}, and that the user may write streams and read $all`,
  old: (setting) =>
    `it cannot append to several streams at once, so it is older than 25.1. Name a newer one in ${setting}`,
  'too-large': () =>
    'this append is larger than it takes; MaxAppendSize and MaxAppendEventSize are settings of the server',
  refused: (_, code) => `it refused with code ${code ?? 'unknown'}`,
};

/** Whether the same thing may succeed a moment later. An append is repeated with the same ids, so it is never written twice. */
export const mayPass = (trouble: KurrentTrouble): boolean =>
  trouble === 'unreachable' || trouble === 'late' || trouble === 'busy' || trouble === 'not-leader';

const byType: Readonly<Record<string, KurrentTrouble>> = {
  unavailable: 'unreachable',
  cancelled: 'unreachable',
  'deadline-exceeded': 'late',
  timeout: 'late',
  'not-leader': 'not-leader',
  'access-denied': 'denied',
  unsupported: 'old',
  'maximum-append-size-exceeded': 'too-large',
  'transaction-max-size-exceeded': 'too-large',
  'append-record-size-exceeded': 'too-large',
};
const byCode: Readonly<Record<number, KurrentTrouble>> = {
  1: 'unreachable',
  4: 'late',
  7: 'denied',
  8: 'busy',
  13: 'unreachable',
  14: 'unreachable',
  15: 'unreachable',
  16: 'denied',
};

/** What an error of the driver means. An error that is not the driver's is a bug, or an answer, and is rethrown as it is. */
export function troubleOf(error: unknown): { readonly trouble: KurrentTrouble; readonly code?: number } {
  if (!(error instanceof Error)) throw error;
  const { type, code } = error as { readonly type?: unknown; readonly code?: unknown };
  const coded = typeof code === 'number' ? { code } : {};
  // The driver knows this refusal from reads only: of an append it makes one that it does not know.
  if (namesTheLeader(error)) return { trouble: 'not-leader', ...coded };
  const trouble = (typeof type === 'string' && byType[type]) || (typeof code === 'number' && byCode[code]);
  if (trouble) return { trouble, ...coded };
  if (isOfFinding(error)) return { trouble: 'unreachable', ...coded };
  // Every error of the driver keeps what it was made from.
  if ('_raw' in error || typeof code === 'number') return { trouble: 'refused', ...coded };
  throw error;
}

/** The driver gives up looking for a node with an error that has nothing but a message. */
const isOfFinding = (error: Error): boolean => /^Failed to discover|connect/i.test(error.message);

function namesTheLeader(error: Error): boolean {
  const raw = (error as { readonly _raw?: { readonly metadata?: { get?: (key: string) => readonly unknown[] } } })._raw;
  const details = raw?.metadata?.get?.('grpc-status-details-bin')[0];
  return Buffer.isBuffer(details) && details.includes('NotLeaderNodeErrorDetails');
}
