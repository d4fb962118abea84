/** How a record is stored: what rules and look-up need in clear, and whatever tells which client it is about sealed under her key. */
import { categories, KeyDestroyed, type Sealed, type Sealer } from '@convenant/kernel';
import { z } from 'zod';
import { eventActions, eventTypes, relationKinds, type AccessRecord, type LoggedRecord } from './access-record.js';
import { canonical } from './canonical.js';
import type { RecordLines } from './chain.js';
import type { StoredRecord } from './ports.js';
import { processingActivities, type ActivityId } from './processing-activities.js';
import { processingLine } from './processing-record.js';

/** Where the record was made. */
export interface LogSource {
  readonly organisation: string;
  readonly system: string;
}

const activityIds = Object.keys(processingActivities) as [ActivityId, ...ActivityId[]];

const lineShape = z.strictObject({
  v: z.literal(1),
  id: z.string(),
  at: z.string(),
  startedAt: z.string().optional(),
  event: z.enum(eventTypes),
  action: z.enum(eventActions),
  outcome: z.union([z.literal(0), z.literal(4), z.literal(8), z.literal(12)]),
  operation: z.string(),
  /** Absent for the client and her representative: their subject would name the client, and is sealed. */
  person: z.string().optional(),
  role: z.string(),
  responsible: z.string().optional(),
  requestor: z.boolean(),
  purpose: z.string().optional(),
  policyVersion: z.string(),
  relation: z.enum(relationKinds),
  categories: z.array(z.enum(categories)),
  emergency: z.literal(false),
  refusal: z.string().optional(),
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  activity: z.enum(activityIds),
  organisation: z.string(),
  system: z.string(),
  /** Stands for the client: a digest under her own key, which nobody can make again once that key is destroyed. */
  subject: z.string().optional(),
  sealed: z.string().optional(),
  /** A digest, under the organisation's look-up key, of an identifier that is no client here. */
  asked: z.string().optional(),
  /** Her key was destroyed before this was written. */
  erased: z.literal(true).optional(),
});
type Line = z.infer<typeof lineShape>;

interface SealedPart {
  readonly client: string;
  readonly object?: string | undefined;
  readonly consents: readonly string[];
  readonly person?: string | undefined;
}

/**
 * Both texts of one record. What they hold about the client is under her key. A seal may carry the name of its key, which is her opaque
 * id (a JWE does): that id leads to nobody any more once the key is destroyed, and nothing here is found by it.
 */
export async function sealRecord(
  record: AccessRecord,
  id: string,
  source: LogSource,
  sealer: Sealer,
): Promise<RecordLines> {
  const { user, trace, client, object, askedFor, consents, ...clear } = record;
  const ownSession = user.role === 'client' || user.role === 'representative';
  const person = ownSession ? undefined : user.person;
  const hidden =
    client === undefined
      ? {}
      : await hide({ client, object, consents, ...(ownSession && { person: user.person }) }, sealer);
  // An account of a client that asks about nobody in particular: recognisable when it comes back, without being named.
  const stranger =
    ownSession && client === undefined && user.person !== undefined
      ? await sealer.lookupDigest(user.person)
      : undefined;
  const line: Line = {
    v: 1,
    id,
    ...clear,
    categories: [...clear.categories],
    person: person ?? stranger,
    role: user.role,
    responsible: user.responsible,
    requestor: user.requestor,
    emergency: false,
    ...trace,
    ...source,
    subject: hidden.subject,
    sealed: hidden.sealed,
    erased: hidden.erased,
    asked: askedFor === undefined ? undefined : await sealer.lookupDigest(askedFor),
  };
  return { id, access: canonical(line), processing: processingLine(record, hidden.processingSubject) };
}

interface Hidden {
  readonly subject?: string;
  readonly processingSubject?: string;
  readonly sealed?: string;
  readonly erased?: true;
}

/** An attempt on an erased client is still an attempt; it is written down without her. */
async function hide(part: SealedPart, sealer: Sealer): Promise<Hidden> {
  try {
    const [subject, processingSubject, sealed] = await Promise.all([
      subjectDigest(part.client, sealer),
      sealer.digest(part.client, 'processing-log'),
      sealer.seal(part.client, part),
    ]);
    return { subject, processingSubject, sealed };
  } catch (error) {
    if (error instanceof KeyDestroyed) return { erased: true };
    throw error;
  }
}

const subjectDigest = (client: string, sealer: Sealer): Promise<string> => sealer.digest(client, 'access-log');

/** What stands for this client in the log; `undefined` once her key is destroyed. */
export async function subjectOf(client: string, sealer: Sealer): Promise<string | undefined> {
  try {
    return await subjectDigest(client, sealer);
  } catch (error) {
    if (error instanceof KeyDestroyed) return undefined;
    throw error;
  }
}

/** Throws for a text that this release did not write: verification tells which record that is. */
export async function openRecord({ number, access }: StoredRecord, sealer: Sealer): Promise<LoggedRecord> {
  const {
    v: _version,
    person,
    role,
    responsible,
    requestor,
    traceId,
    spanId,
    parentSpanId,
    subject: _subject,
    sealed,
    asked,
    erased,
    ...clear
  } = lineShape.parse(JSON.parse(access));
  const opened = sealed === undefined ? undefined : await sealer.open(sealed as Sealed<SealedPart>);
  const part = typeof opened === 'object' ? opened.value : undefined;
  return {
    ...clear,
    number,
    user: { person: person ?? part?.person, role, responsible, requestor },
    trace: { traceId, spanId, parentSpanId },
    client: part?.client,
    object: part?.object,
    consents: part?.consents ?? [],
    askedFor: asked,
    erased: erased === true || typeof opened === 'string',
  };
}
