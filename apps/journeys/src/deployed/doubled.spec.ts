/** The comparison with which every fault ends: it finds work that was done twice, whoever did it, and is not misled by what rightly comes again. */
import { describe, expect, it } from '@jest/globals';
import { doubledIn, type Recorded } from './doubled.js';

type Data = Recorded['data'];
interface Written {
  readonly stream?: string;
  readonly cause: string;
  readonly at?: string;
  readonly actor?: Recorded['meta']['actor'];
  readonly events: readonly (readonly [type: string, data: Data])[];
}

const person = { kind: 'person', person: 'joost', role: 'employmentSpecialist' } as const;
const partner = { kind: 'partner', organisation: 'uwv', message: 'm-1' } as const;
const door = { kind: 'system', process: 'door' } as const;
const [nine, ten] = ['2026-03-02T09:00:00.000Z', '2026-03-02T10:00:00.000Z'];

/** A log as these appends leave it behind, one after the other. */
function logOf(...appends: readonly Written[]): Recorded[] {
  const versions = new Map<string, number>();
  return appends.flatMap(({ stream = 's-1', cause, at = nine, actor = person, events }) =>
    events.map(([type, data]) => {
      const streamVersion = (versions.get(stream) ?? 0) + 1;
      versions.set(stream, streamVersion);
      return { stream, streamVersion, type, data: { ...data, at }, meta: { at, actor, cause } };
    }),
  );
}

describe('carried out twice', () => {
  it.each([
    ['a person’s command', person],
    ['a partner’s message', partner],
    ['a step of the door', door],
  ])('%s is found by its cause, whatever moments and ids the second time has', (_name, actor) => {
    const first = { actor, cause: 'c-1', events: [['ContactRecorded', { contactId: 'one' }]] } as const;
    const again = { ...first, at: ten, events: [['ContactRecorded', { contactId: 'another' }]] } as const;
    expect(doubledIn(logOf(first, again))).toEqual(['ContactRecorded']);
  });

  it('is found when it happened in the same moment, behind something else or at once', () => {
    const first = { cause: 'c-1', events: [['ContactRecorded', { contactId: 'one' }]] } as const;
    const other = { cause: 'c-2', events: [['ProfileDrawnUp', {}]] } as const;
    expect(doubledIn(logOf(first, other, first))).toEqual(['ContactRecorded']);
    expect(doubledIn(logOf(first, first))).toEqual(['ContactRecorded']);
  });

  it('is found with everything that it led to', () => {
    const pause = (at: string) => ({
      cause: 'c-1',
      at,
      events: [
        ['ConsentPaused', { consentId: 'a', until: at }],
        ['ConsentPaused', { consentId: 'b', until: at }],
      ] as const,
    });
    expect(doubledIn(logOf(pause(nine), pause(ten)))).toEqual(['ConsentPaused', 'ConsentPaused']);
  });

  it('is found within one append, when nothing but a moment differs', () => {
    const twice = {
      cause: 'c-1',
      events: [
        ['Noted', { until: nine }],
        ['Noted', { until: ten }],
      ],
    } as const;
    expect(doubledIn(logOf(twice))).toEqual(['Noted']);
  });

  it('is not what one command does to several things, or in several streams', () => {
    const consents = ['a', 'b'].map((consentId) => ['ConsentPaused', { consentId }] as const);
    const streams = ['s-1', 's-2'].map((stream) => ({ stream, cause: 'c-1', events: consents, at: stream }));
    expect(doubledIn(logOf(...streams))).toEqual([]);
  });

  it('is not the same act once more: another request, another message, another step of the door', () => {
    const acts = [person, partner, door].flatMap((actor) =>
      [nine, ten].map((at) => ({
        actor,
        at,
        cause: `${actor.kind} ${at}`,
        events: [['ContactRecorded', {}]] as const,
      })),
    );
    expect(doubledIn(logOf(...acts))).toEqual([]);
  });
});

const disclosed = { messageId: 'm-1', recipient: 'uwv', consentId: 'c', contract: 'progress.v1', contentDigest: 'x' };
const withheld = { recipient: 'uwv', contract: 'progress.v1', purpose: 'coordination', reason: 'no-consent' };
const acknowledged = { recipient: 'uwv', consentId: 'c', consentVersion: 2, keyIds: ['k'], closedAt: nine };
const received = { messageId: 'm-1', consentId: 'c' };
const closed = { consentId: 'c', version: 2, how: 'ended', keyIds: ['k'] };
const made = { consentId: 'c', version: 1, keys: [{ category: 'K3', keyId: 'k', publicKey: 'p' }] };

/** Both under causes of their own, an hour apart. */
const underTwoCauses = (...both: readonly (readonly [string, Data])[]) =>
  doubledIn(logOf(...both.map((event, at) => ({ cause: `c-${at}`, at: [nine, ten][at % 2]!, events: [event] }))));

describe('recorded under two causes', () => {
  it.each<readonly [string, Data, Data]>([
    ['DisclosureReceived', received, received],
    ['DisclosureTurnedAway', received, received],
    ['IntroductionReceived', received, received],
    ['ConsentRegistered', { consentId: 'c', version: 1 }, { consentId: 'c', version: 1 }],
    ['ScopeReopened', { consentId: 'c', version: 3 }, { consentId: 'c', version: 3 }],
    ['ScopeClosed', closed, { ...closed, keyIds: [] }],
    ['ScopeKeysMade', made, { ...made, keys: [{ ...made.keys[0], publicKey: 'another' }] }],
    ['ScopeKeysDestroyed', closed, closed],
    ['IntroductionLinked', { clientId: 'one' }, { clientId: 'two' }],
    ['IntroductionNotOurs', {}, {}],
    ['TakenIntoDecision', { takenId: 't' }, { takenId: 't' }],
    ['Disclosed', disclosed, { ...disclosed, contentDigest: 'y' }],
    ['Disclosed', disclosed, { ...disclosed, messageId: 'm-2' }],
    ['Stopped', { messageId: 'm-1' }, { messageId: 'm-1' }],
    ['ClosingAcknowledged', acknowledged, { ...acknowledged, proof: 'signed again' }],
    ['Withheld', withheld, withheld],
    ['PseudonymDrawn', { recipient: 'uwv', pseudonym: 'one' }, { recipient: 'uwv', pseudonym: 'two' }],
  ])('%s is found by what it is about', (type, first, again) => {
    expect(underTwoCauses([type, first], [type, again])).toEqual([type]);
  });

  it('finds what was kept and turned away besides', () => {
    expect(underTwoCauses(['DisclosureReceived', received], ['DisclosureTurnedAway', received])).toEqual([
      'DisclosureTurnedAway',
    ]);
  });

  it.each<readonly [string, Data, Data]>([
    ['DisclosureReceived', received, { ...received, messageId: 'm-2' }],
    ['ConsentRegistered', { consentId: 'c', version: 1 }, { consentId: 'c', version: 2 }],
    ['ScopeClosed', closed, { ...closed, how: 'expired' }],
    ['ScopeKeysMade', made, { ...made, keys: [{ ...made.keys[0], keyId: 'k-2' }] }],
    ['Disclosed', disclosed, { ...disclosed, messageId: 'm-2', contentDigest: 'y' }],
    ['Disclosed', disclosed, { ...disclosed, messageId: 'm-2', recipient: 'gemeente-amstelveld', consentId: 'd' }],
    ['ClosingAcknowledged', acknowledged, { ...acknowledged, consentVersion: 4 }],
    ['ClosingAcknowledged', acknowledged, { ...acknowledged, closedAt: ten }],
    ['Withheld', withheld, { ...withheld, reason: 'paused' }],
    ['PseudonymDrawn', { recipient: 'uwv' }, { recipient: 'gemeente-amstelveld' }],
    ['ConsentPaused', { consentId: 'c', version: 2 }, { consentId: 'c', version: 4 }],
  ])('%s about something else is not', (type, first, other) => {
    expect(underTwoCauses([type, first], [type, other])).toEqual([]);
  });

  it('is not what is told again after it was stopped, or after something else', () => {
    const again = { ...disclosed, messageId: 'm-2' };
    const between = { ...disclosed, messageId: 'm-1b', contentDigest: 'y' };
    expect(underTwoCauses(['Disclosed', disclosed], ['Stopped', { messageId: 'm-1' }], ['Disclosed', again])).toEqual(
      [],
    );
    expect(underTwoCauses(['Disclosed', disclosed], ['Disclosed', between], ['Disclosed', again])).toEqual([]);
  });

  it('is what is told again after something older was stopped', () => {
    const newer = { ...disclosed, messageId: 'm-2', contentDigest: 'y' };
    expect(
      underTwoCauses(
        ['Disclosed', disclosed],
        ['Disclosed', newer],
        ['Stopped', { messageId: 'm-1' }],
        ['Disclosed', { ...newer, messageId: 'm-3' }],
      ),
    ).toEqual(['Disclosed']);
  });

  it('is not another name after the first was not recognised', () => {
    const drawn = (pseudonym: string) => ['PseudonymDrawn', { recipient: 'uwv', pseudonym }] as const;
    const answered = (linked: boolean) => ['IntroductionAnswered', { recipient: 'uwv', linked }] as const;
    expect(underTwoCauses(drawn('one'), answered(false), drawn('two'))).toEqual([]);
    expect(underTwoCauses(drawn('one'), answered(true), drawn('two'))).toEqual(['PseudonymDrawn']);
  });
});
