/** Every stored version of what a recipient keeps, and of the names between organisations, stays readable. */
import { describe, expect, it } from '@jest/globals';
import { fold } from '@convenant/kernel';
import { brokenHistory, type KeptExample } from '@convenant/shared-domain';
import names from './client-names.history.json' with { type: 'json' };
import { clientName, clientNameEvents } from './client-names.js';
import kept from './received.history.json' with { type: 'json' };
import { receivedEvents, type ReceivedEvent } from './received-events.js';
import { received } from './received.js';

describe('the kept examples', () => {
  it('of received events are there for every version, and can all be read', () => {
    expect(brokenHistory(receivedEvents, kept as unknown as KeptExample[])).toEqual([]);
  });
  it('of client names too', () => {
    expect(brokenHistory(clientNameEvents, names as unknown as KeptExample[])).toEqual([]);
  });
  it('lead to a state without a fault', () => {
    const events = (kept as unknown as KeptExample[]).map((example) => receivedEvents.decode(example) as ReceivedEvent);
    const { register, taken } = fold(received, events);
    expect(register['consent-1']).toMatchObject({ endedAtVersion: 2, destroyedKeyIds: ['key-1', 'key-2'] });
    expect(Object.keys(taken)).toEqual(['taken-1']);
  });
});

describe('a pseudonym', () => {
  const assigned = {
    type: 'PseudonymAssigned',
    partner: 'uwv',
    pseudonym: 'p-1',
    clientId: 'client-1',
    at: '2026-10-05T09:00:00.000Z',
  } as const;
  const { type: _type, ...command } = assigned;
  it('is assigned to one client, once', () => {
    expect(clientName.decide(command, {})).toEqual({ accepted: [assigned] });
    expect(clientName.decide(command, fold(clientName, [assigned]))).toEqual({ accepted: [] });
  });
  it('is never given to a second client', () => {
    expect(clientName.decide({ ...command, clientId: 'client-2' }, fold(clientName, [assigned]))).toEqual({
      refused: 'already-assigned',
    });
  });
});
