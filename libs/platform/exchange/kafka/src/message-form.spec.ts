/** Where a message goes in Kafka, and that the key gives nobody away. */
import { describe, expect, it } from '@jest/globals';
import { laneKey, topicsOf } from './message-form.js';

const signed = (message: object): string =>
  `header.${Buffer.from(JSON.stringify(message)).toString('base64url')}.signature`;

describe('the place of a message', () => {
  it('is the same for all messages under one pseudonym, and another for another', () => {
    const first = laneKey(signed({ subject: 'p-1', sequence: '1' }));
    expect(laneKey(signed({ subject: 'p-1', sequence: '2' }))).toEqual(first);
    expect(laneKey(signed({ subject: 'p-2', sequence: '1' })).key).not.toBe(first.key);
  });
  it('names neither the pseudonym nor an organisation', () => {
    const { key } = laneKey(
      signed({ subject: 'pseudonym', source: 'urn:convenant:organisation:ggz-amstel', sequence: '1' }),
    );
    expect(key).toMatch(/^[\w-]{22}$/);
    expect(key).not.toContain('pseudonym');
  });
  it('is apart from the lanes for what has no place in a lane', () => {
    expect(laneKey(signed({ subject: 'p-1', sequence: '1' })).urgent).toBe(false);
    expect(laneKey(signed({ subject: 'p-1' })).urgent).toBe(true);
    expect(topicsOf('uwv')).toEqual({ lanes: 'convenant.exchange.uwv', urgent: 'convenant.exchange.uwv.urgent' });
  });
  it('is a lane of its own for what is no message of ours', () => {
    for (const text of ['', 'nonsense', 'a.b.c', `a.${Buffer.from('3').toString('base64url')}.c`])
      expect(laneKey(text)).toMatchObject({ key: expect.stringMatching(/^[\w-]{22}$/), urgent: false });
  });
});
