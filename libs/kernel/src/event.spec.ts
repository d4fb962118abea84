/** How events are stored: what is personal stays sealed, nothing undeclared gets in, and what this release cannot read stops it. */
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineEvent, defineEvents, joinCatalogues, sealed, sealedOptional, UnknownEvent } from './event.js';
import type { Sealed } from './sealed.js';

const noted = defineEvent('ContactNoted', {
  version: 2,
  clear: { contactId: z.string(), on: z.string() },
  sealed: { note: sealed<string>('K9a'), agreed: sealedOptional<string>('K9b') },
  upcast: { 1: ({ day, ...rest }) => ({ ...rest, on: day }) },
});
const events = defineEvents(noted);
const note = 'sealed note' as Sealed<string>;
const event = { type: 'ContactNoted', contactId: 'c1', on: '2026-03-02', note } as const;

describe('an event on its way into the log', () => {
  it('keeps what is personal apart from what rules and sorting need', () => {
    expect(events.encode(event)).toEqual({
      type: 'ContactNoted',
      version: 2,
      data: { contactId: 'c1', on: '2026-03-02' },
      sealed: { note },
    });
    expect(events.decode(events.encode(event))).toEqual(event);
  });

  it('is refused without its sealed part, and the refusal does not quote it', () => {
    const { note: _note, ...bare } = event;
    expect(() => events.encode(bare as never)).toThrow('ContactNoted.note must be sealed and is missing.');
  });

  it('is refused with a field that nobody declared, so that nothing personal slips in unsealed', () =>
    expect(() => events.encode({ ...event, familyName: 'x' } as never)).toThrow());

  it('is refused when no release knows it', () =>
    expect(() => events.encode({ ...event, type: 'ContactDreamt' } as never)).toThrow(UnknownEvent));
});

describe('an event read back', () => {
  it('of an older version is brought up without being opened', () =>
    expect(
      events.decode({
        type: 'ContactNoted',
        version: 1,
        data: { contactId: 'c1', day: '2026-03-02' },
        sealed: { note },
      }),
    ).toEqual(event));

  it('of a newer version, or of an unknown type, stops the reader and names what it needs', () => {
    const stored = events.encode(event);
    expect(() => events.decode({ ...stored, version: 3 })).toThrow(UnknownEvent);
    expect(() => events.decode({ ...stored, type: 'ContactDreamt' })).toThrow('cannot read ContactDreamt version 2');
  });

  it('belongs to one catalogue: two that define the same event are noticed', () =>
    expect(() => joinCatalogues(events, defineEvents(noted))).toThrow('Two catalogues define ContactNoted.'));
});
