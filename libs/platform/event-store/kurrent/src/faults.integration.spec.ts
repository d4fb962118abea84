/** What the event store in KurrentDB does when the cluster fails it, over the wire on a double. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { jsonEvent, KurrentDBClient } from '@kurrent/kurrentdb-client';
import { sampleEvents } from '@convenant/event-store-contract';
import { KurrentEventStore } from './event-store.js';
import type { KurrentOptions } from './event-store.js';
import { DoubleLog } from './for-tests/double-log.js';
import { KurrentDouble } from './for-tests/kurrentdb-double.js';
import type { DoubleFault } from './for-tests/double-messages.js';
import type { DoubleOptions } from './for-tests/kurrentdb-double.js';
import { openKurrentEvents } from './open-kurrent.js';

const unavailable: DoubleFault = { code: 14, message: 'private' };
const unauthenticated: DoubleFault = { code: 16, message: 'private' };
const denied: DoubleFault = { code: 7, message: 'private', details: { name: 'kurrent.rpc.AccessDeniedErrorDetails' } };
const deniedRead: DoubleFault = { code: 7, message: 'private', metadata: { exception: 'access-denied' } };
const notLeader: DoubleFault = {
  code: 9,
  message: 'private',
  details: { name: 'kurrent.rpc.NotLeaderNodeErrorDetails' },
};
const tooLarge: DoubleFault = {
  code: 10,
  message: 'private',
  details: { name: 'kurrentdb.protocol.v2.streams.errors.AppendTransactionSizeExceededErrorDetails' },
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close();
});
async function double(options?: DoubleOptions, port?: number): Promise<KurrentDouble> {
  const started = await KurrentDouble.start(options, port);
  open.push({ close: () => started.stop() });
  return started;
}
function storeAt(address: string, options: Partial<KurrentOptions> = {}): KurrentEventStore {
  const store = new KurrentEventStore({ address, attempts: 3, firstWaitMs: 5, ...options });
  open.push(store);
  return store;
}
const idsIn = async (store: KurrentEventStore): Promise<string[]> =>
  (await store.readAll(undefined, 100)).map(({ id }) => id);
const withPassword = ({ address }: KurrentDouble): string => address.replace('://', '://somebody:private@');

describe('an append whose answer was lost', () => {
  it('is asked again, written once, and answered as if nothing had happened', async () => {
    const server = await double();
    const store = storeAt(server.address);
    server.failNext('append', 'lose');
    const answer = await store.append('s', 0, sampleEvents('a', 'b'));
    expect(server.calls.append).toBe(2);
    expect(await idsIn(store)).toEqual(['a', 'b']);
    expect(answer).toEqual({ version: 2, position: await store.head() });
  });
  it('may be repeated by whoever asked, when the store gave up', async () => {
    const server = await double();
    const store = storeAt(server.address);
    server.failNext('append', 'lose', unavailable, unavailable);
    await expect(store.append('s', 0, sampleEvents('a'))).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await store.append('s', 0, sampleEvents('a'))).toEqual({ version: 1, position: await store.head() });
    expect(await idsIn(store)).toEqual(['a']);
  });
  it('is found also when others can read it only later', async () => {
    const server = await double({ settlesAfterMs: 120 });
    const [one, other] = [storeAt(server.address), storeAt(server.address)];
    const answers = await Promise.all([one, other, one].map((store) => store.append('s', 0, sampleEvents('a', 'b'))));
    expect(new Set(answers.map(({ version, position }) => `${version} ${position}`)).size).toBe(1);
    expect(await idsIn(one)).toEqual(['a', 'b']);
  });
});

describe('a cluster that cannot be used', () => {
  it('is said to be unreachable, by the name of the setting and without its value', async () => {
    const server = await double();
    const address = withPassword(server);
    server.stop();
    const store = storeAt(address);
    for (const call of [
      () => store.append('private', 0, sampleEvents('private')),
      () => store.readAll(undefined, 1),
      () => store.head(),
    ]) {
      const error = await call().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ kind: 'unreachable' });
      expect(String(error)).toContain('Check ORGANISATION_EVENT_LOG');
      expect(String(error)).not.toMatch(/private|127\.0\.0\.1/);
    }
    await expect(openKurrentEvents({ address, attempts: 1, setting: 'ANOTHER_SETTING' })).rejects.toThrow(
      'ANOTHER_SETTING',
    );
  });
  it('is waited for a little, and used when it came back', async () => {
    const first = await double();
    const store = storeAt(first.address, { attempts: 8, firstWaitMs: 20 });
    await store.append('s', 0, sampleEvents('a'));
    first.stop();
    const appending = store.append('s', 1, sampleEvents('b'));
    const reading = store.read('s');
    await double({ log: first.log }, first.port);
    expect(await appending).toMatchObject({ version: 2 });
    expect((await reading).length).toBeGreaterThan(0);
    expect(await idsIn(store)).toEqual(['a', 'b']);
  });
  it.each([
    ['denied', 'append', unauthenticated],
    ['denied', 'append', denied],
    ['too-large', 'append', tooLarge],
    ['refused', 'append', { code: 2, message: 'private' }],
    ['denied', 'read', unauthenticated],
    ['denied', 'read', deniedRead],
  ] as const)('is asked once when it is %s (%s, %#)', async (trouble, call, fault) => {
    const server = await double();
    const store = storeAt(withPassword(server));
    server.failNext(call, fault);
    const asked = call === 'append' ? store.append('private', 0, sampleEvents('private')) : store.readAll(undefined, 1);
    const error = await asked.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: trouble });
    expect(String(error)).not.toContain('private');
    expect(server.calls[call]).toBe(1);
  });
  it.each(['append', 'read', 'features'] as const)('is given up when it says nothing to %s', async (call) => {
    const server = await double();
    const store = storeAt(server.address, { patienceMs: 150, attempts: 2 });
    server.failNext(call, 'silence', 'silence', 'silence', 'silence');
    const asked = call === 'read' ? store.readAll(undefined, 1) : store.append('s', 0, sampleEvents('a'));
    await expect(asked).rejects.toThrow('it did not answer in time. Check ORGANISATION_EVENT_LOG');
  });
  it('is said to be too old when it cannot append to several streams', async () => {
    const store = storeAt((await double({ old: true })).address);
    await expect(store.append('s', 0, sampleEvents('a'))).rejects.toThrow('older than 25.1');
  });
});

describe('a leader that leads no more', () => {
  it('is left for the new one', async () => {
    const log = new DoubleLog();
    let leader = 0;
    const leaderPort = (): number => leader;
    const [one, other] = [await double({ log, leaderPort }), await double({ log, leaderPort })];
    leader = one.port;
    const nodes = `127.0.0.1:${one.port},127.0.0.1:${other.port}`;
    const store = storeAt(`kurrentdb://${nodes}?tls=false&discoveryInterval=5`);
    await store.append('s', 0, sampleEvents('a'));
    expect([one.calls.append, other.calls.append]).toEqual([1, 0]);
    leader = other.port;
    one.failNext('append', notLeader);
    await store.append('s', 1, sampleEvents('b'));
    expect([one.calls.append, other.calls.append]).toEqual([2, 1]);
    expect(await idsIn(store)).toEqual(['a', 'b']);
    expect(other.calls.read).toBe(1);
  });
  it('is named as what is wrong when there is no other', async () => {
    const server = await double();
    server.failNext('append', notLeader, notLeader, notLeader);
    await expect(storeAt(server.address).append('s', 0, sampleEvents('a'))).rejects.toThrow(
      'the node that answered does not lead the cluster. Name the cluster in ORGANISATION_EVENT_LOG',
    );
  });
});

describe('a log', () => {
  it('is read past everything that is not an event of ours, in pages of any size', async () => {
    const store = storeAt((await double()).address);
    for (let index = 0; index < 15; index++)
      await store.append('s', index * 2, sampleEvents(`${index}`, `${index} too`));
    const all = await store.readAll(undefined, 100);
    expect(all.map(({ stream }) => stream)).toEqual(Array.from({ length: 30 }, () => 's'));
    for (const [index, { position }] of all.entries())
      expect(await store.readAll(position, 2)).toEqual(all.slice(index + 1, index + 3));
  });
  it('stops the reader at what another wrote there, and says where', async () => {
    const server = await double();
    const store = storeAt(server.address);
    await store.append('s', 0, sampleEvents('a'));
    const another = KurrentDBClient.connectionString(server.address);
    const events = [jsonEvent({ type: 'Foreign', data: { note: 'private' }, metadata: {} })];
    await another.multiStreamAppend([{ streamName: 'private', expectedState: 'no_stream', events }]);
    const error = await store.readAll(undefined, 10).catch((reason: unknown) => reason);
    expect(String(error)).toContain('was not written by Convenant');
    expect(String(error)).not.toContain('private');
    expect(await store.readAll(undefined, 1)).toHaveLength(1);
  });
  it.each(['$stats', '$all', '_known-a', '_KNOWN-a', ''])('refuses a stream named %j', async (stream) => {
    const store = storeAt((await double()).address);
    await expect(store.append(stream, 0, sampleEvents('a'))).rejects.toThrow('stream');
    expect(await store.readAll(undefined, 10)).toEqual([]);
  });
  it('shows nothing of its own bookkeeping', async () => {
    const store = storeAt((await double()).address);
    const id = '018f2b4e-0000-8000-8000-000000000001';
    await store.append('s', 0, sampleEvents(id));
    expect(await store.read(`_known-${id}`)).toEqual([]);
    expect(await idsIn(store)).toEqual([id]);
  });
});

describe('the hint', () => {
  it('comes when another process appended, and again after the subscription broke', async () => {
    const server = await double();
    const [writer, reader] = [storeAt(server.address), storeAt(server.address)];
    let hints = 0;
    reader.onAppended(() => hints++);
    const heardAfter = async (act: () => Promise<unknown>): Promise<void> => {
      const before = hints;
      await act();
      await until(() => hints > before);
    };
    await heardAfter(() => writer.append('s', 0, sampleEvents('a')));
    server.endSubscriptions();
    await until(() => server.calls.subscribe >= 2);
    await heardAfter(() => writer.append('s', 1, sampleEvents('b')));
  });
});

describe('closing', () => {
  it('waits for what is under way, and then refuses', async () => {
    const server = await double({ settlesAfterMs: 100 });
    const store = storeAt(server.address);
    const appending = store.append('s', 0, sampleEvents('a'));
    await store.close();
    expect(server.log.stream('s')).toHaveLength(1);
    expect(await appending).toMatchObject({ version: 1 });
    await expect(store.append('s', 1, sampleEvents('b'))).rejects.toThrow('closed');
    await expect(store.read('s')).rejects.toThrow('closed');
    await expect(store.head()).rejects.toThrow('closed');
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let waits = 0; !isSo(); waits++) {
    if (waits > 5_000) throw new Error('It did not become so.');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
