/** What was acknowledged beside what stands in the logs: a command or a message that is not there is named, and so is one that is there twice. */
import { describe, expect, it } from '@jest/globals';
import { compare } from './acknowledged.js';
import type { Recorded } from './doubled.js';

let version = 0;
const event = (type: string, data: Recorded['data'], cause = `cause-${type}`): Recorded => ({
  stream: 's-1',
  streamVersion: ++version,
  type,
  data,
  meta: { at: '2026-03-02T09:00:00.000Z', actor: { kind: 'system', process: 'test' }, cause },
});
const told = (messageId: string, contract = 'progress.v1') =>
  event('Disclosed', { messageId, contract, recipient: 'uwv', contentDigest: messageId }, `told-${messageId}`);
const amiss = (agency: readonly Recorded[], uwv: readonly Recorded[]) => {
  const { lost, duplicated } = compare([], { 'ggz-amstel': agency, uwv });
  return { lost, duplicated };
};

describe('what was acknowledged', () => {
  const referred = { organisation: 'ggz-amstel', person: 'karin', command: 'referClient', requestId: 'r-1' };

  it('is there when an event has the request as its cause, alone or with a word behind it', () => {
    const log = [event('ClientReferred', {}, 'karin:referClient:r-1:trajectory')];
    expect(compare([referred], { 'ggz-amstel': log })).toEqual({ acknowledged: 1, lost: [], duplicated: [] });
  });

  it('is lost when it stands in no log, or in that of somebody else', () => {
    const lost = ['ggz-amstel: referClient'];
    expect(compare([referred], { 'ggz-amstel': [] })).toMatchObject({ lost });
    const elsewhere = { 'ggz-amstel': [], uwv: [event('ClientReferred', {}, 'karin:referClient:r-1')] };
    expect(compare([referred], elsewhere)).toMatchObject({ lost });
  });

  it('is named with its log when it stands there twice', () => {
    const log = ['ten', 'eleven'].map((at) => ({
      ...event('ClientReferred', {}, 'karin:referClient:r-1'),
      meta: {
        at,
        actor: { kind: 'person', person: 'karin', role: 'caseManager' },
        cause: 'karin:referClient:r-1',
      } as const,
    }));
    expect(compare([referred], { 'ggz-amstel': log })).toMatchObject({ duplicated: ['ggz-amstel: ClientReferred'] });
  });
});

describe('what one organisation told another', () => {
  it('is there when it was kept or turned away', () => {
    const uwv = [
      event('DisclosureReceived', { messageId: 'm-1' }),
      event('DisclosureTurnedAway', { messageId: 'm-2' }),
    ];
    expect(amiss([told('m-1'), told('m-2')], uwv)).toEqual({ lost: [], duplicated: [] });
  });

  it('is lost when it was told and never arrived', () => {
    expect(amiss([told('m-1')], [])).toEqual({ lost: ['ggz-amstel: progress.v1 to uwv'], duplicated: [] });
  });

  it('is not lost when it was stopped, or says who somebody is that was known by then', () => {
    const stopped = event('Stopped', { messageId: 'm-1' });
    expect(amiss([told('m-1'), stopped, told('m-2', 'client-introduced.v1')], [])).toEqual({
      lost: [],
      duplicated: [],
    });
  });

  it('is lost where it was told when it arrived and its own log does not know it', () => {
    expect(amiss([], [event('DisclosureReceived', { messageId: 'm-1' })])).toEqual({
      lost: ['uwv: DisclosureReceived of what nobody told'],
      duplicated: [],
    });
  });

  it('is found when it was kept twice', () => {
    const uwv = ['one', 'two'].map((cause) => event('DisclosureReceived', { messageId: 'm-1' }, cause));
    expect(amiss([told('m-1')], uwv)).toEqual({ lost: [], duplicated: ['uwv: DisclosureReceived'] });
  });
});
