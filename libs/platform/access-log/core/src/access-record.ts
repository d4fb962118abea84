/** What is written down about every reading and every attempt: the fields of NEN 7513 that apply, one record per data subject and operation. */
import type { Category } from '@convenant/kernel';
import type { ActivityId } from './processing-activities.js';

/** What happened, in the list of NEN 7513. `list` is a board or work list: it counts as one reading per client per day (U20). */
export const eventTypes = [
  'read',
  'list',
  'search',
  'create',
  'enter',
  'add',
  'delete',
  'export',
  'transfer',
  'log-read',
  'direct-access',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Create, read, update, delete, execute. */
export const eventActions = ['C', 'R', 'U', 'D', 'E'] as const;
export type EventAction = (typeof eventActions)[number];

/** 0 answered; 4 not understood (faulty input); 8 refused; 12 the machine failed. */
export type Outcome = 0 | 4 | 8 | 12;

/**
 * Why this person may see this client (in NEN 7513 the "behandelrelatieprotocol"). `task` is one task at hand, `oversight` a privacy
 * officer at the log, `system` work that shows nobody anything, `none` an attempt by somebody without any of these.
 */
export const relationKinds = [
  'self',
  'representative',
  'personal',
  'team',
  'stand-in',
  'supervisor',
  'delegate',
  'task',
  'oversight',
  'system',
  'none',
] as const;
export type RelationKind = (typeof relationKinds)[number];

export interface AccessUser {
  /** The pairwise subject that this organisation's identity provider gives; absent when nobody was recognised (a forged token). */
  readonly person?: string | undefined;
  readonly role: string;
  /** The professional under whose responsibility the person acts, when that is somebody else. */
  readonly responsible?: string | undefined;
  /** True when the person asked for it; false when it was done on her behalf. */
  readonly requestor: boolean;
}

/** W3C Trace Context: 32 and 16 hexadecimal digits. The access record and the processing record share them. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
}

/** What the host hands over, once per client and operation. */
export interface AccessRecord {
  readonly at: string;
  /** When the operation began, for the processing record; `at` when absent. */
  readonly startedAt?: string | undefined;
  readonly event: EventType;
  readonly action: EventAction;
  readonly outcome: Outcome;
  /** The name of the command or query. */
  readonly operation: string;
  readonly user: AccessUser;
  /** The client whom it is about, by this organisation's own opaque id. Also when the asker is refused and is told nothing. */
  readonly client?: string | undefined;
  /** One thing of that client's (a disclosure, a question), by its opaque id. */
  readonly object?: string | undefined;
  /** What was asked for when it is no client here. Kept as a keyed digest, so that repeated guessing shows and the guess does not. */
  readonly askedFor?: string | undefined;
  readonly purpose?: string | undefined;
  /** The version of the matrix that decided (in NEN 7513 the "autorisatieprotocol"). */
  readonly policyVersion: string;
  /** The consents that it rested on (in NEN 7513 the "toestemmingsprofiel"). */
  readonly consents: readonly string[];
  readonly relation: RelationKind;
  /** The categories that the answer held; none when it was refused. */
  readonly categories: readonly Category[];
  /** The code of the refusal. Stays in the log: it is not what the asker was told. */
  readonly refusal?: string | undefined;
  readonly trace: Trace;
  readonly activity: ActivityId;
}

/** A record as it is read back. */
export interface LoggedRecord extends AccessRecord {
  readonly id: string;
  /** Its place in the log of this organisation, from 1. */
  readonly number: number;
  readonly organisation: string;
  readonly system: string;
  /** There is no emergency procedure yet; the field is in every record because the norm asks it of every record. */
  readonly emergency: false;
  /** The key of the client was destroyed: who it was about, and under which consents, can no longer be read. */
  readonly erased: boolean;
}

/** Outcomes that gave something away. */
export const wasAnswered = (record: Pick<AccessRecord, 'outcome'>): boolean => record.outcome === 0;
/** Somebody asked and was refused; faulty input and broken machines are not attempts. */
export const wasRefused = (record: Pick<AccessRecord, 'outcome'>): boolean => record.outcome === 8;
