/** What an event looks like on its way to KurrentDB and back, and how a place in its log compares. */
import { describe, expect, it } from '@jest/globals';
import { sampleEvent } from '@convenant/event-store-contract';
import { comparePositions } from '@convenant/kernel';
import type { Position } from '@convenant/kernel';
import type { RecordedEvent } from '@kurrent/kurrentdb-client';
import { assertType, uuidOf, toRecord, toStored } from './envelope.js';
import { logPositionOf, positionOf } from './position.js';

const recorded = (metadata: unknown): RecordedEvent =>
  ({
    streamId: 'private-stream',
    id: '018f2b4e-0000-8000-8000-000000000001',
    isJson: true,
    revision: 4n,
    type: 'SampleNoted',
    created: new Date(0),
    data: { note: 'private' },
    metadata,
    position: { commit: 7n, prepare: 7n },
  }) as RecordedEvent;

describe('an event in KurrentDB', () => {
  it('comes back with every part, counted from 1', () => {
    const event = sampleEvent('018f2b4e-0000-8000-8000-000000000001', { note: 'private' });
    const { id, metadata } = toRecord(event);
    expect(id).not.toBe(toRecord(event).id);
    expect(Object.values(metadata as object).every((value) => typeof value === 'string')).toBe(true);
    expect(toStored(recorded(metadata))).toEqual({
      ...event,
      stream: 'private-stream',
      streamVersion: 5,
      position: positionOf({ commit: 7n, prepare: 7n }),
    });
  });
  it.each([undefined, {}, { id: 'a', version: '1', sealed: '{}' }, new Uint8Array([1])])(
    'is not taken from another writer (%#), and nothing of it is quoted',
    (metadata) => {
      const read = (): unknown => toStored(recorded(metadata));
      expect(read).toThrow('00000000000000000007.00000000000000000007 of KurrentDB was not written by Convenant');
      expect(read).not.toThrow('private');
    },
  );
  it('is known by its own id where that is a UUID, and otherwise always by the same other one', () => {
    const derived = '0f7a2c1e-9d3b-8a4c-9e5f-112233445566';
    expect(uuidOf(derived)).toBe(derived);
    for (const id of ['a', 'A', derived.toUpperCase(), '00000000-0000-0000-0000-000000000000', '']) {
      expect(uuidOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(uuidOf(id)).toBe(uuidOf(id));
      expect(uuidOf(id)).not.toBe(id);
    }
    expect(uuidOf('a')).not.toBe(uuidOf('A'));
  });
  it.each(['$metadata', '_known', '', 'Two Words', 'Cli\u0308ent'])('may not have the type %j', (type) => {
    expect(() => assertType(type)).toThrow('event type');
  });
  it.each(['ClientReferred', 'consent.given:v2', 'Zoë'])('may have the type %j', (type) => {
    expect(() => assertType(type)).not.toThrow();
  });
});

describe('a place in the log of KurrentDB', () => {
  it('compares as text as it does as numbers', () => {
    const places = [0n, 9n, 10n, 99n, 2n ** 63n, 2n ** 64n - 1n].map((n) => positionOf({ commit: n, prepare: n }));
    expect([...places].sort(comparePositions)).toEqual(places);
    expect(logPositionOf(positionOf({ commit: 10n, prepare: 9n }))).toEqual({ commit: 10n, prepare: 9n });
  });
  it('is refused when it is a place in another store', () => {
    for (const text of ['0000000000000001', '000001.00000000000000000700.0000000000000000001', ''])
      expect(() => logPositionOf(text as Position)).toThrow('not a position of a KurrentDB event store');
  });
});
