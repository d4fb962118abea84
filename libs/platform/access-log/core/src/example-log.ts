/** A small access log on memory, with seals and signatures that can be read, for the specs beside it. */
import { Clock, Ids, KeyDestroyed, Sealer, type Opened, type Sealed } from '@convenant/kernel';
import type { AccessRecord, LoggedRecord } from './access-record.js';
import { createAccessLog, type AccessLog, type AccessLogParts } from './access-log.js';
import { MemoryAccessLogStore, MemoryHeadAnchor } from './memory-access-log.js';
import { HeadSigner } from './ports.js';

/** Spreads every changed character over the whole answer; no more is asked of a hash in these specs. */
export function exampleHash(text: string): string {
  const parts = [0xdeadbeef, 0x41c6ce57, 0x9e3779b9];
  for (const character of text)
    for (const [index, part] of parts.entries())
      parts[index] = Math.imul(part ^ (character.codePointAt(0)! + index), 2654435761 + 2 * index) ^ (part >>> 13);
  return parts.map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
}

export class ExampleSealer extends Sealer {
  readonly #destroyed = new Set<string>();

  override seal<T>(clientId: string, value: T): Promise<Sealed<T>> {
    return this.#withKey(clientId, () => hidden(`${clientId}\n${JSON.stringify(value)}`) as Sealed<T>);
  }

  override open<T>(sealed: Sealed<T>): Promise<Opened<T>> {
    const [clientId = '', value = ''] = shown(sealed).split('\n');
    return Promise.resolve(this.#destroyed.has(clientId) ? 'erased' : { value: JSON.parse(value) as T });
  }

  override digest(clientId: string, text: string): Promise<string> {
    return this.#withKey(clientId, () => exampleHash(`key of ${clientId} ${text}`));
  }

  override lookupDigest(text: string): Promise<string> {
    return Promise.resolve(exampleHash(`look-up ${text}`));
  }

  override destroy(clientId: string): Promise<void> {
    this.#destroyed.add(clientId);
    return Promise.resolve();
  }

  #withKey<T>(clientId: string, make: () => T): Promise<T> {
    return this.#destroyed.has(clientId) ? Promise.reject(new KeyDestroyed()) : Promise.resolve(make());
  }
}

const hidden = (text: string): string =>
  [...text].map((each) => each.codePointAt(0)!.toString(16).padStart(4, '0')).join('');
const shown = (text: string): string =>
  (text.match(/.{4}/g) ?? []).map((each) => String.fromCodePoint(Number.parseInt(each, 16))).join('');

export class ExampleSigner extends HeadSigner {
  constructor(readonly secret = 'key of ggz-amstel') {
    super();
  }

  override sign(text: string): Promise<string> {
    return Promise.resolve(`${exampleHash(this.secret + text)}.${text}`);
  }

  override verify(signed: string): Promise<string | undefined> {
    const text = signed.slice(signed.indexOf('.') + 1);
    return Promise.resolve(signed === `${exampleHash(this.secret + text)}.${text}` ? text : undefined);
  }
}

class CountedIds extends Ids {
  #count = 0;
  override fresh(): string {
    return `record-${++this.#count}`;
  }
  override derive(...parts: readonly string[]): string {
    return parts.join('/');
  }
}

export class SetClock extends Clock {
  constructor(public moment = '2026-11-02T09:15:00.000Z') {
    super();
  }
  override now(): string {
    return this.moment;
  }
}

export interface ExampleLog {
  readonly log: AccessLog;
  readonly store: MemoryAccessLogStore;
  readonly anchor: MemoryHeadAnchor;
  readonly signer: ExampleSigner;
  readonly sealer: ExampleSealer;
  readonly clock: SetClock;
}

export function exampleLog(changes: Partial<AccessLogParts> = {}): ExampleLog {
  const parts = {
    store: new MemoryAccessLogStore(),
    anchor: new MemoryHeadAnchor(),
    signer: new ExampleSigner(),
    sealer: new ExampleSealer(),
    clock: new SetClock(),
  };
  const source = { organisation: 'ggz-amstel', system: 'mental-health' };
  return { ...parts, log: createAccessLog({ source, hash: exampleHash, ids: new CountedIds(), ...parts, ...changes }) };
}

/** An employment specialist reads the work profile of her client. */
export const exampleRecord = (changes: Partial<AccessRecord> = {}): AccessRecord => ({
  at: '2026-11-02T09:15:00.000Z',
  event: 'read',
  action: 'R',
  outcome: 0,
  operation: 'vocationalProfile',
  user: { person: 'person-noor', role: 'employmentSpecialist', requestor: true },
  client: 'client-1',
  purpose: 'support',
  policyVersion: 'matrix-1',
  consents: [],
  relation: 'personal',
  categories: ['K3'],
  trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
  activity: 'client-support',
  ...changes,
});

/** Somebody is refused. */
export const exampleRefusal = (changes: Partial<AccessRecord> = {}): AccessRecord =>
  exampleRecord({
    outcome: 8,
    relation: 'none',
    categories: [],
    refusal: 'no-relation',
    purpose: undefined,
    ...changes,
  });

export const exampleLogged = (changes: Partial<LoggedRecord> = {}): LoggedRecord => ({
  ...exampleRecord(),
  id: 'record-1',
  number: 1,
  organisation: 'ggz-amstel',
  system: 'mental-health',
  emergency: false,
  erased: false,
  ...changes,
});
