/** Writes access records before anything is answered: waiting requests share one commit and one link of the chain. */
import type { Clock, Ids, Sealer } from '@convenant/kernel';
import type { AccessRecord, LoggedRecord } from './access-record.js';
import { wasAnswered } from './access-record.js';
import { appendLink, genesis, headText, readHead, type Hash, type Head, type RecordLines } from './chain.js';
import {
  AccessLogUnavailable,
  type AccessLogStore,
  type HeadAnchor,
  type HeadSigner,
  type RecordPage,
} from './ports.js';
import { openRecord, sealRecord, subjectOf, type LogSource } from './record-line.js';

export interface AccessLogParts {
  readonly source: LogSource;
  readonly store: AccessLogStore;
  readonly anchor: HeadAnchor;
  readonly signer: HeadSigner;
  readonly sealer: Sealer;
  readonly hash: Hash;
  readonly clock: Clock;
  readonly ids: Ids;
  /** How many records may wait; the next write is refused at once, so that a slow disk does not fill the memory. */
  readonly mostWaiting?: number;
  /** How many records share a link. One write is never divided over two. */
  readonly mostPerLink?: number;
}

export interface AccessLog {
  /**
   * Resolves when every record is on disk and the head is anchored. Rejects with `AccessLogUnavailable` otherwise: then the
   * caller must not answer. A rejected record may be in the log all the same; an answered one always is.
   */
  write(records: readonly AccessRecord[]): Promise<void>;
  /** What happened to one client's data, from old to new. Empty once her key is destroyed. */
  about(client: string, page: RecordPage): Promise<readonly LoggedRecord[]>;
  /** What one member of staff did. */
  by(person: string, page: RecordPage): Promise<readonly LoggedRecord[]>;
  during(page: RecordPage): Promise<readonly LoggedRecord[]>;
}

interface Waiting {
  readonly lines: readonly RecordLines[];
  done(): void;
  failed(reason: unknown): void;
}

export function createAccessLog(parts: AccessLogParts): AccessLog {
  const { source, store, sealer, ids, mostWaiting = 20_000 } = parts;
  const commit = committer(parts);
  const waiting: Waiting[] = [];
  let held = 0;
  let committing = false;

  async function commitWaiting(): Promise<void> {
    committing = true;
    for (
      let batch = take(waiting, parts.mostPerLink ?? 500);
      batch.length;
      batch = take(waiting, parts.mostPerLink ?? 500)
    ) {
      try {
        await commit(batch.flatMap(({ lines }) => lines));
        for (const each of batch) each.done();
      } catch (error) {
        const reason = error instanceof AccessLogUnavailable ? error : new AccessLogUnavailable('store', error);
        for (const each of batch) each.failed(reason);
      }
    }
    committing = false;
  }

  const opened = async (stored: ReturnType<AccessLogStore['byPeriod']>): Promise<readonly LoggedRecord[]> =>
    Promise.all((await stored).map((record) => openRecord(record, sealer)));

  return {
    async write(records) {
      if (records.length === 0) return;
      if (records.some(isImpossible)) throw new AccessLogUnavailable('without-relation');
      if (held + records.length > mostWaiting) throw new AccessLogUnavailable('full');
      held += records.length;
      try {
        const lines = await Promise.all(records.map((record) => sealRecord(record, ids.fresh(), source, sealer)));
        await new Promise<void>((done, failed) => {
          waiting.push({ lines, done, failed });
          if (!committing) void commitWaiting();
        });
      } catch (error) {
        throw error instanceof AccessLogUnavailable ? error : new AccessLogUnavailable('store', error);
      } finally {
        held -= records.length;
      }
    },
    async about(client, page) {
      const subject = await subjectOf(client, sealer);
      return subject === undefined ? [] : opened(store.bySubject(subject, page));
    },
    by: (person, page) => opened(store.byPerson(person, page)),
    during: (page) => opened(store.byPeriod(page)),
  };
}

/** Nothing about a client is ever answered to somebody without a relation to her (peers: Suwinet); the log is the last to say so. */
const isImpossible = (record: AccessRecord): boolean =>
  wasAnswered(record) && record.client !== undefined && record.relation === 'none';

/** As many whole writes as fit in one link, and at least one. */
function take(waiting: Waiting[], most: number): Waiting[] {
  let count = 0;
  let size = 0;
  for (const { lines } of waiting) {
    if (count > 0 && size + lines.length > most) break;
    count++;
    size += lines.length;
  }
  return waiting.splice(0, count);
}

/** Adds links one after another, and links again behind another instance that was first. */
function committer({
  source,
  store,
  anchor,
  signer,
  hash,
  clock,
}: AccessLogParts): (lines: readonly RecordLines[]) => Promise<void> {
  let head: Head | undefined;
  let highest: Head | undefined;

  async function findHead(): Promise<Head> {
    // The anchor is read first: an honest log is at least as long as any anchor that was written before.
    highest ??= await anchored();
    const last = await store.last();
    const found = last ? await signedHead(last.signed) : genesis(source.organisation, hash);
    if (last && found.hash !== last.hash) throw new AccessLogUnavailable('broken');
    if (highest.link > 0 && (await store.hashOf(highest.link)) !== highest.hash)
      throw new AccessLogUnavailable('broken');
    highest = found;
    return found;
  }

  /** Writing on would cover the traces of a cut tail, so what does not fit stops here, until an operator has looked. */
  async function anchored(): Promise<Head> {
    const signed = await anchor.read();
    if (signed !== undefined) return signedHead(signed);
    if (await store.last()) throw new AccessLogUnavailable('broken');
    const start = genesis(source.organisation, hash);
    await writeAnchor(await signer.sign(headText(start)));
    return start;
  }

  async function signedHead(signed: string): Promise<Head> {
    const text = await signer.verify(signed);
    const found = text === undefined ? undefined : readHead(text);
    if (found?.organisation !== source.organisation) throw new AccessLogUnavailable('broken');
    return found;
  }

  const writeAnchor = (signed: string): Promise<void> =>
    anchor.write(signed).catch((error: unknown) => {
      throw new AccessLogUnavailable('anchor', error);
    });

  return async (records) => {
    for (;;) {
      const before = head ?? (await findHead());
      // Until the store has answered, what it holds is not known.
      head = undefined;
      const link = appendLink(before, records, clock.now(), hash);
      const signed = await signer.sign(headText(link.head));
      const answer = await store.append({ ...link, signed, records });
      if (answer === 'overtaken') continue;
      head = highest = link.head;
      return writeAnchor(signed);
    }
  };
}
