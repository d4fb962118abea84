/** The access log is written before anything is answered, together for those who wait, and tells nobody which client it is about. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exampleLog, exampleRecord, exampleRefusal } from './example-log.js';
import { MemoryAccessLogStore, MemoryHeadAnchor } from './memory-access-log.js';
import { type AccessLogUnavailable, type NewLink } from './ports.js';

const page = { limit: 100 };

/** A store whose disk is slow: it answers when the test says so. */
class SlowStore extends MemoryAccessLogStore {
  readonly #held: (() => void)[] = [];
  override async append(link: NewLink): Promise<'appended' | 'overtaken'> {
    await new Promise<void>((go) => this.#held.push(go));
    return super.append(link);
  }
  async release(): Promise<void> {
    while (!this.#held.length) await Promise.resolve();
    this.#held.shift()!();
  }
}

class FailingStore extends MemoryAccessLogStore {
  failing = true;
  override append(link: NewLink): Promise<'appended' | 'overtaken'> {
    return this.failing ? Promise.reject(new Error('disk full')) : super.append(link);
  }
}

class FailingAnchor extends MemoryHeadAnchor {
  failing = false;
  override write(signed: string): Promise<void> {
    return this.failing ? Promise.reject(new Error('read-only file system')) : super.write(signed);
  }
}

describe('the access log', () => {
  it('gives back what was written, for the client, for the person and for the period', async () => {
    const { log } = exampleLog();
    await log.write([exampleRecord(), exampleRefusal({ at: '2026-11-03T10:00:00.000Z', client: 'client-2' })]);

    expect(await log.about('client-1', page)).toEqual([
      expect.objectContaining({
        number: 1,
        client: 'client-1',
        operation: 'vocationalProfile',
        emergency: false,
        erased: false,
      }),
    ]);
    expect(await log.by('person-noor', page)).toHaveLength(2);
    expect(await log.during({ ...page, from: '2026-11-03T00:00:00.000Z' })).toEqual([
      expect.objectContaining({ client: 'client-2', outcome: 8, refusal: 'no-relation' }),
    ]);
  });

  it('pages through records of the same moment without losing or repeating one', async () => {
    const { log } = exampleLog();
    await log.write(Array.from({ length: 7 }, () => exampleRecord()));
    const first = await log.about('client-1', { limit: 4 });
    const { at, number } = first.at(-1)!;
    const rest = await log.about('client-1', { limit: 4, after: { at, number } });
    expect([...first, ...rest].map((record) => record.number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('lets requests that wait share one commit and one link', async () => {
    const store = new SlowStore();
    const { log } = exampleLog({ store });
    const writes = Array.from({ length: 50 }, () => log.write([exampleRecord()]));
    await store.release();
    await store.release();
    await Promise.all(writes);
    expect(store.stored.map(({ records }) => records.length)).toEqual([1, 49]);
  });

  it('does not resolve before the store has it', async () => {
    const store = new SlowStore();
    const { log } = exampleLog({ store });
    let answered = false;
    const write = log.write([exampleRecord()]).then(() => (answered = true));
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    expect(answered).toBe(false);
    await store.release();
    await write;
    expect(answered).toBe(true);
  });

  it('rejects every waiting request when the log cannot be written, and works again once it can', async () => {
    const store = new FailingStore();
    const { log } = exampleLog({ store });
    const writes = await Promise.allSettled([log.write([exampleRecord()]), log.write([exampleRecord()])]);
    expect(writes.map((write) => write.status === 'rejected' && (write.reason as AccessLogUnavailable).reason)).toEqual(
      ['store', 'store'],
    );
    store.failing = false;
    await log.write([exampleRecord()]);
    expect(await log.about('client-1', page)).toHaveLength(1);
  });

  it('rejects when the head cannot be kept outside the database', async () => {
    const anchor = new FailingAnchor();
    const { log } = exampleLog({ anchor });
    await log.write([exampleRecord()]);
    anchor.failing = true;
    await expect(log.write([exampleRecord()])).rejects.toMatchObject({ reason: 'anchor' });
  });

  it('turns a request away at once when too many wait, instead of filling the memory', async () => {
    const store = new SlowStore();
    const { log } = exampleLog({ store, mostWaiting: 3 });
    const writes = [1, 2, 3].map(() => log.write([exampleRecord()]));
    await expect(log.write([exampleRecord()])).rejects.toMatchObject({ reason: 'full' });
    await store.release();
    await store.release();
    await Promise.all(writes);
    const again = log.write([exampleRecord()]);
    await store.release();
    await again;
  });

  it('does not write on behind a tail that was cut off, because that would cover its traces', async () => {
    const first = exampleLog();
    await first.log.write([exampleRecord()]);
    await first.log.write([exampleRecord()]);
    first.store.stored.pop();
    const restarted = exampleLog({ store: first.store, anchor: first.anchor });
    await expect(restarted.log.write([exampleRecord()])).rejects.toMatchObject({ reason: 'broken' });
    expect(first.store.stored).toHaveLength(1);
  });

  it('does not begin anew when the anchor of a filled log is gone', async () => {
    const { store, log } = exampleLog();
    await log.write([exampleRecord()]);
    await expect(exampleLog({ store }).log.write([exampleRecord()])).rejects.toMatchObject({ reason: 'broken' });
  });

  it('lets two instances of one organisation write one chain', async () => {
    const one = exampleLog();
    const two = exampleLog({ store: one.store, anchor: one.anchor });
    for (let turn = 0; turn < 5; turn++)
      await Promise.all([one.log.write([exampleRecord()]), two.log.write([exampleRecord()])]);
    expect(one.store.stored.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('peer 23: refuses to write down an answer without a working relation, so that it cannot be given', async () => {
    const { log, store } = exampleLog();
    await expect(log.write([exampleRecord({ relation: 'none' })])).rejects.toMatchObject({
      reason: 'without-relation',
    });
    expect(store.stored).toEqual([]);
  });
});

describe('what an access record tells', () => {
  it('holds no client, consent or object in clear, whatever they are', async () => {
    const id = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    await fc.assert(
      fc.asyncProperty(id, id, id, id, async (client, consent, object, subject) => {
        const { log, store } = exampleLog();
        const user = { person: subject, role: 'client', requestor: true };
        await log.write([exampleRecord({ client, consents: [consent], object, user, relation: 'self' })]);
        await log.write([exampleRefusal({ client: undefined, askedFor: object, user })]);
        const text = JSON.stringify(store.stored);
        for (const each of [client, consent, object, subject]) expect(text).not.toContain(each);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps users out of the processing log, one line per data subject, linked by trace', async () => {
    const { log, store } = exampleLog();
    await log.write([exampleRecord(), exampleRecord({ client: 'client-2' })]);
    const lines = (await store.processing(0, 10)).map(({ line }) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatchObject({
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      status: 'Ok',
      name: 'vocationalProfile',
      start_time: 1793610900000,
      end_time: 1793610900000,
      attributes: { 'dpl.core.processing_activity_id': 'urn:convenant:processing-activity:client-support' },
    });
    expect(JSON.stringify(lines)).not.toMatch(/person-noor|employmentSpecialist|client-1|client-2/);
    expect(JSON.stringify(lines[0])).not.toBe(JSON.stringify(lines[1]));
  });

  it('forgets whom it was about when her key is destroyed, and keeps who looked', async () => {
    const { log, sealer } = exampleLog();
    await log.write([exampleRecord({ consents: ['consent-1'] })]);
    await sealer.destroy('client-1');
    expect(await log.about('client-1', page)).toEqual([]);
    const [record] = await log.by('person-noor', page);
    expect(record).toMatchObject({ erased: true, consents: [], operation: 'vocationalProfile' });
    expect(record!.client).toBeUndefined();
  });

  it('still writes down an attempt on a client who was erased', async () => {
    const { log, sealer } = exampleLog();
    await sealer.destroy('client-1');
    await log.write([exampleRefusal()]);
    expect(await log.during(page)).toEqual([expect.objectContaining({ erased: true, outcome: 8 })]);
  });
});
