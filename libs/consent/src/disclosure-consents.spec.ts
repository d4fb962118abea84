/** What the client is asked, what she answers, and how she stops, pauses and resumes. */
import { describe, expect, it } from '@jest/globals';
import { fold, type Sealed } from '@convenant/kernel';
import { disclosure } from './disclosure.js';
import {
  after,
  day,
  announced,
  given,
  happened,
  medicalProposal,
  monday,
  no,
  notToday,
  proposal,
  thursday,
  tuesday,
  wednesday,
  when,
  withdrawal,
  yes,
} from './examples.js';
import type { DisclosureCommand, Propose } from './disclosure-commands.js';

const pause: DisclosureCommand = { type: 'Pause', consentId: 'support-uwv', by: 'client', at: wednesday };
const resume: DisclosureCommand = { type: 'Resume', consentId: 'support-uwv', by: 'client', at: thursday };
const ask: DisclosureCommand = {
  type: 'Ask',
  askId: 'ask-1',
  source: 'mental-health',
  recipient: 'uwv',
  recipientKind: 'uwv',
  roles: ['insurancePhysician', 'labourExpert'],
  purpose: 'support',
  categories: ['K1', 'K2', 'K3', 'K7'],
  at: monday,
};

describe('a question to the client', () => {
  it('is kept as it was shown, with nothing granted', () => {
    const consent = after(proposal).consents['support-uwv'];
    expect(consent).toMatchObject({ state: 'proposed', version: 0, offered: ['K1', 'K2', 'K3', 'K7'], categories: [] });
  });
  it('is not asked twice under one reference', () => expect(when(proposal, proposal)).toEqual({ accepted: [] }));
  it('refuses another question under the same reference', () =>
    expect(when({ ...proposal, categories: ['K1'] }, proposal)).toEqual({ refused: 'consent-id-taken' }));
  it('refuses to ask anything for claim assessment', () =>
    expect(when({ ...proposal, purpose: 'claim-assessment' })).toEqual({ refused: 'purpose-never' }));
  it('refuses to ask for what may never go to any of these roles', () =>
    expect(
      when({
        ...proposal,
        roles: ['labourExpert'],
        purpose: 'medical-question',
        categories: ['K5'],
        singleUseFor: 'question-1',
      }),
    ).toEqual({ refused: 'never-shared' }));
  it('refuses to ask for what no row lets out', () =>
    expect(when({ ...proposal, categories: ['K1', 'K8'] })).toEqual({ refused: 'never-shared' }));
  it('refuses a question about nothing', () =>
    expect(when({ ...proposal, categories: [] })).toEqual({ refused: 'empty-scope' }));
  it('refuses a role that the recipient does not have', () =>
    expect(when({ ...proposal, roles: ['claimsOfficer'] })).toEqual({ refused: 'role-unknown' }));
  it.each([0, 13, 1.5])('refuses a validity of %p months', (validMonths) =>
    expect(when({ ...proposal, validMonths })).toEqual({ refused: 'validity-too-long' }),
  );
  it('refuses to ask for medical data other than for one answer to one question', () => {
    const { singleUseFor: _question, ...general } = medicalProposal;
    expect(when(general as Propose)).toEqual({ refused: 'question-missing' });
  });
  it('brings the question of a recipient to the client', () =>
    expect(after(ask, { ...proposal, askId: 'ask-1' }).asks['ask-1']).toMatchObject({ consentId: 'support-uwv' }));
  it('refuses to refer to a question that nobody asked', () =>
    expect(when({ ...proposal, askId: 'ask-1' })).toEqual({ refused: 'unknown-ask' }));
  it('refuses to answer one recipient with a proposal for another', () =>
    expect(when({ ...proposal, askId: 'ask-1', recipient: 'uwv-elsewhere' }, ask)).toEqual({ refused: 'ask-differs' }));
});

describe('a recipient that asks through us', () => {
  it('is heard once', () => {
    expect(happened(ask)).toMatchObject([{ type: 'DisclosureAsked', askId: 'ask-1' }]);
    expect(when(ask, ask)).toEqual({ accepted: [] });
    expect(when({ ...ask, askId: 'ask-2' } as DisclosureCommand, ask)).toEqual({ refused: 'already-asked' });
  });
  it('cannot use one reference for two questions', () =>
    expect(when({ ...ask, categories: ['K1'] } as DisclosureCommand, ask)).toEqual({ refused: 'ask-id-taken' }));
  it('cannot ask for claim assessment', () =>
    expect(when({ ...ask, purpose: 'claim-assessment' } as DisclosureCommand)).toEqual({ refused: 'purpose-never' }));
});

describe('her answer', () => {
  it('grants what she switched on and nothing else, for the months that were offered', () => {
    const ownWords = 'sealed words' as Sealed<string>;
    const events = happened(proposal, yes('support-uwv', ['K2', 'K1'], { ownWords }));
    expect(events.at(-1)).toEqual({
      type: 'ConsentGiven',
      consentId: 'support-uwv',
      version: 1,
      categories: ['K1', 'K2'],
      until: '2027-10-06T09:00:00.000Z',
      by: 'client',
      method: 'digital',
      informationVersion: 'consent-text-1',
      language: 'nl',
      at: tuesday,
      ownWords,
    });
  });
  it('is not counted twice', () =>
    expect(when(yes('support-uwv', ['K1', 'K2', 'K3']), ...given)).toEqual({ accepted: [] }));
  it('refuses a yes to what was not offered', () =>
    expect(when(yes('support-uwv', ['K1', 'K4']), proposal)).toEqual({ refused: 'not-offered' }));
  it('refuses a yes to nothing', () =>
    expect(when(yes('support-uwv', []), proposal)).toEqual({ refused: 'empty-scope' }));
  it('refuses an answer to a question that is not known', () =>
    expect(when(no('never-asked'))).toEqual({ refused: 'unknown-consent' }));
  it('refuses a representative who does not say why she may decide', () =>
    expect(when(yes('support-uwv', ['K1'], { by: 'representative' }), proposal)).toEqual({ refused: 'basis-missing' }));
  it('takes a yes of a representative with her ground', () =>
    expect(
      happened(proposal, yes('support-uwv', ['K1'], { by: 'representative', basis: 'mentor' })).at(-1),
    ).toMatchObject({ by: 'representative', basis: 'mentor' }));
  it('keeps a no, once', () => {
    expect(after(proposal, no('support-uwv')).consents['support-uwv']?.state).toBe('refused');
    expect(when(no('support-uwv'), proposal, no('support-uwv'))).toEqual({ accepted: [] });
  });
  it('keeps "not today" with the day to ask again', () => {
    expect(after(proposal, notToday('support-uwv')).consents['support-uwv']).toMatchObject({
      state: 'not-today',
      askAgainOn: '2026-10-20',
    });
    expect(when(notToday('support-uwv'), proposal, notToday('support-uwv'))).toEqual({ accepted: [] });
  });
  it('refuses to ask again on a day that is not later', () =>
    expect(when(notToday('support-uwv', '2026-10-06'), proposal)).toEqual({ refused: 'ask-again-not-later' }));
  it('may change from no or not today to yes', () => {
    expect(after(proposal, no('support-uwv'), yes('support-uwv', ['K1'])).consents['support-uwv']?.state).toBe('given');
    const consent = after(proposal, notToday('support-uwv'), yes('support-uwv', ['K1'])).consents['support-uwv'];
    expect(consent?.state).toBe('given');
    expect(consent).not.toHaveProperty('askAgainOn');
  });
  it('may become a wider yes within what was offered', () => {
    const state = after(...given, yes('support-uwv', ['K1', 'K2', 'K3', 'K7'], { at: thursday }));
    expect(state.consents['support-uwv']).toMatchObject({
      version: 2,
      categories: ['K1', 'K2', 'K3', 'K7'],
      givenAt: thursday,
    });
  });
  it('refuses to widen and narrow in one answer', () =>
    expect(when(yes('support-uwv', ['K1', 'K7']), ...given)).toEqual({ refused: 'not-wider' }));
  it('refuses a no to what was given: that is a withdrawal', () =>
    expect(when(no('support-uwv'), ...given)).toEqual({ refused: 'already-given' }));
  it('refuses an answer while paused', () =>
    expect(when(yes('support-uwv', ['K1']), ...given, pause)).toEqual({ refused: 'consent-paused' }));
  it('refuses an answer after the end: a new question is needed', () =>
    expect(when(yes('support-uwv', ['K1']), ...given, withdrawal('support-uwv'))).toEqual({
      refused: 'consent-ended',
    }));
  it('takes the place of an older yes to the same recipient for the same purpose', () => {
    const again: Propose = { ...proposal, consentId: 'support-uwv-2' };
    const events = happened(...given, again, yes('support-uwv-2', ['K1', 'K2']));
    expect(events.slice(-2)).toMatchObject([
      { type: 'ConsentGiven', consentId: 'support-uwv-2' },
      { type: 'ConsentSuperseded', consentId: 'support-uwv', version: 2, supersededBy: 'support-uwv-2' },
    ]);
  });
  it('leaves another question to the same physician alone', () => {
    const second: Propose = { ...medicalProposal, consentId: 'answer-2', singleUseFor: 'question-2' };
    const state = after(medicalProposal, yes('answer-1', ['K1', 'K5']), second, yes('answer-2', ['K1', 'K5']));
    expect(Object.values(state.consents).map((consent) => consent.state)).toEqual(['given', 'given']);
  });
});

describe('narrowing', () => {
  const narrow = (remove: readonly ('K1' | 'K2' | 'K3' | 'K7')[]): DisclosureCommand => ({
    type: 'Narrow',
    consentId: 'support-uwv',
    remove,
    by: 'client',
    at: wednesday,
  });
  it('turns switches off and asks the recipient to close them', () =>
    expect(after(...announced, narrow(['K3'])).consents['support-uwv']).toMatchObject({
      version: 2,
      state: 'given',
      categories: ['K1', 'K2'],
      closings: [{ version: 2, categories: ['K3'], how: 'narrowed', closedAt: wednesday }],
    }));
  it('has nothing to do for a switch that is off', () =>
    expect(when(narrow(['K7']), ...given)).toEqual({ accepted: [] }));
  it('refuses to leave nothing', () =>
    expect(when(narrow(['K1', 'K2', 'K3']), ...given)).toEqual({ refused: 'nothing-left' }));
  it('refuses where nothing was given', () => expect(when(narrow(['K1']), proposal)).toEqual({ refused: 'not-given' }));
});

describe('a pause', () => {
  it('lasts at most 90 days and keeps the keys', () => {
    const keys = [{ category: 'K2' as const, keyId: 'key-2', publicKey: 'public' }];
    const consent = after(
      ...announced,
      { type: 'LearnScopeKeys', recipient: 'uwv', consentId: 'support-uwv', keys, at: tuesday },
      pause,
    ).consents['support-uwv'];
    expect(consent).toMatchObject({ state: 'paused', version: 2, keys, closings: [{ how: 'paused' }] });
    // Ninety days later by the clock on the wall: the change to winter time lies in between.
    expect(consent?.pausedUntil).toBe('2027-01-05T10:00:00.000Z');
  });
  it('is taken once', () => expect(when(pause, ...given, pause)).toEqual({ accepted: [] }));
  it('refuses to last longer', () =>
    expect(when({ ...pause, until: '2027-02-01T09:00:00.000Z' } as DisclosureCommand, ...given)).toEqual({
      refused: 'pause-too-long',
    }));
  it('refuses where nothing was given', () => expect(when(pause, proposal)).toEqual({ refused: 'not-given' }));
  it('of everything pauses all that is given, once', () => {
    const all: DisclosureCommand = { type: 'Pause', all: true, by: 'client', at: wednesday };
    const meeting: Propose = { ...proposal, consentId: 'meeting', purpose: 'operational-meeting' };
    const open: Propose = {
      ...proposal,
      consentId: 'open',
      purpose: 'funding-decision',
      categories: ['K1'],
      roles: ['labourExpert'],
    };
    const before = [...given, meeting, yes('meeting', ['K1']), open] as const;
    expect(Object.values(after(...before, all).consents).map(({ state }) => state)).toEqual([
      'paused',
      'paused',
      'proposed',
    ]);
    expect(when(all, ...before, all)).toEqual({ accepted: [] });
  });
  it('ends when she resumes', () => {
    const consent = after(...given, pause, resume).consents['support-uwv'];
    expect(consent).toMatchObject({ state: 'given', version: 3, categories: ['K1', 'K2', 'K3'] });
    expect(when(resume, ...given, pause, resume)).toEqual({ accepted: [] });
  });
  it('refuses to be ended by a representative', () =>
    expect(when({ ...resume, by: 'representative' } as DisclosureCommand, ...given, pause)).toEqual({
      refused: 'client-only',
    }));
  it('refuses to resume what was withdrawn', () =>
    expect(when(resume, ...given, withdrawal('support-uwv'))).toEqual({ refused: 'not-given' }));
  it('cannot be ended after it ran out', () =>
    expect(when({ ...resume, at: '2027-02-01T09:00:00.000Z' } as DisclosureCommand, ...given, pause)).toEqual({
      refused: 'pause-ran-out',
    }));
  it('cannot be ended after the consent itself ran out', () => {
    const short: DisclosureCommand[] = [{ ...proposal, validMonths: 1 }, yes('support-uwv', ['K1'])];
    expect(when({ ...resume, at: '2026-12-01T09:00:00.000Z' } as DisclosureCommand, ...short, pause)).toEqual({
      refused: 'no-longer-valid',
    });
  });
  it('becomes a withdrawal when it runs out', () =>
    expect(happened(...given, pause, { type: 'Expire', now: '2027-01-06T09:00:00.000Z' }).at(-1)).toMatchObject({
      type: 'ConsentWithdrawn',
      by: 'pause-ran-out',
    }));
});

describe('a withdrawal', () => {
  it('needs no reason and closes everything that was granted', () =>
    expect(after(...announced, withdrawal('support-uwv')).consents['support-uwv']).toMatchObject({
      state: 'withdrawn',
      version: 2,
      keys: [],
      closings: [{ version: 2, categories: ['K1', 'K2', 'K3'], how: 'ended', closedAt: wednesday }],
    }));
  it('can be done by staff at her request', () =>
    expect(
      happened(...given, { type: 'Withdraw', consentId: 'support-uwv', by: 'staff-at-her-request', at: wednesday }).at(
        -1,
      ),
    ).toMatchObject({ by: 'staff-at-her-request' }));
  it('is done once', () =>
    expect(when(withdrawal('support-uwv'), ...given, withdrawal('support-uwv'))).toEqual({ accepted: [] }));
  it('refuses where nothing was ever given', () =>
    expect(when(withdrawal('support-uwv'), proposal)).toEqual({ refused: 'not-given' }));
  it('peer 10: can be followed by a new consent under a new reference', () => {
    const again: Propose = { ...proposal, consentId: 'support-uwv-2', at: thursday };
    const state = after(
      ...given,
      withdrawal('support-uwv'),
      again,
      yes('support-uwv-2', ['K1', 'K2'], { at: thursday }),
    );
    expect(state.consents['support-uwv']?.state).toBe('withdrawn');
    expect(state.consents['support-uwv-2']).toMatchObject({ state: 'given', version: 1 });
  });
  it('of everything stops all that is given or paused, and nothing else', () => {
    const other: Propose = { ...proposal, consentId: 'meeting', purpose: 'operational-meeting' };
    const open: Propose = {
      ...proposal,
      consentId: 'funding',
      purpose: 'funding-decision',
      categories: ['K1'],
      roles: ['labourExpert'],
    };
    const stop: DisclosureCommand = { type: 'StopEverything', by: 'client', at: thursday };
    const before = [...given, other, yes('meeting', ['K1']), open, pause] as const;
    const states = Object.values(after(...before, stop).consents).map(({ state }) => state);
    expect(states).toEqual(['withdrawn', 'withdrawn', 'proposed']);
    expect(when(stop, ...before, stop)).toEqual({ accepted: [] });
  });
});

describe('time', () => {
  it('ends a consent at its term', () => {
    const expire: DisclosureCommand = { type: 'Expire', now: '2027-10-06T09:00:00.000Z' };
    expect(after(...announced, expire).consents['support-uwv']).toMatchObject({
      state: 'expired',
      closings: [{ how: 'expired' }],
    });
    expect(when(expire, ...given, expire)).toEqual({ accepted: [] });
  });
  it('ends nothing before its term', () =>
    expect(when({ type: 'Expire', now: day(30) }, ...given)).toEqual({ accepted: [] }));
});

describe('an objection', () => {
  const objection: DisclosureCommand = {
    type: 'Object',
    objectionId: 'objection-1',
    recipient: 'uwv',
    purpose: 'support',
    categories: ['K3'],
    by: 'client',
    at: tuesday,
  };
  const lift: DisclosureCommand = { type: 'LiftObjection', objectionId: 'objection-1', by: 'client', at: wednesday };
  it('is kept until it is lifted', () => {
    expect(after(objection).objections['objection-1']).toEqual({
      recipient: 'uwv',
      purpose: 'support',
      categories: ['K3'],
      at: tuesday,
    });
    expect(after(objection, lift).objections['objection-1']).toMatchObject({ liftedAt: wednesday });
  });
  it('ends what was agreed to before and is covered by it', () => {
    expect(
      after(...announced, { ...objection, categories: undefined, purpose: undefined } as DisclosureCommand).consents[
        'support-uwv'
      ],
    ).toMatchObject({
      state: 'withdrawn',
      closings: [{ how: 'ended' }],
    });
    const before = after(...given).consents['support-uwv'];
    expect(before?.categories).toContain('K3');
    expect(after(...given, objection).consents['support-uwv']).toMatchObject({
      state: 'given',
      categories: before?.categories.filter((category) => category !== 'K3'),
    });
  });
  it('leaves alone what it does not speak of', () =>
    expect(
      after(...given, { ...objection, recipient: 'gemeente-amstelveld' } as DisclosureCommand).consents['support-uwv'],
    ).toEqual(after(...given).consents['support-uwv']));
  it('is made and lifted once', () => {
    expect(when(objection, objection)).toEqual({ accepted: [] });
    expect(when(lift, objection, lift)).toEqual({ accepted: [] });
  });
  it('refuses another objection under the same reference', () =>
    expect(when({ ...objection, recipient: 'gemeente-amstelveld' } as DisclosureCommand, objection)).toEqual({
      refused: 'objection-id-taken',
    }));
  it('refuses an objection to no kind of data', () =>
    expect(when({ ...objection, categories: [] } as DisclosureCommand)).toEqual({ refused: 'empty-scope' }));
  it('is lifted by the client alone: whoever speaks for her cannot undo it', () =>
    expect(when({ ...lift, by: 'representative' } as DisclosureCommand, objection)).toEqual({
      refused: 'client-only',
    }));
  it('covers asking as well: nobody brings up what she objected to, until she lifts it', () => {
    expect(when(proposal, objection)).toEqual({ refused: 'objection-stands' });
    expect(when({ ...proposal, categories: ['K1', 'K2'] }, objection)).toHaveProperty('accepted.length', 1);
    expect(when(proposal, objection, lift)).toHaveProperty('accepted.length', 1);
    const general = { ...objection, purpose: undefined, categories: undefined } as DisclosureCommand;
    expect(when(ask, general)).toEqual({ refused: 'objection-stands' });
    expect(when(medicalProposal, general)).toEqual({ refused: 'objection-stands' });
  });
  it('refuses to lift what is not known', () => expect(when(lift)).toEqual({ refused: 'unknown-objection' }));
});

describe('the history of one client', () => {
  it('is folded to the same state in one go or event by event', () => {
    const events = happened(...given, pause, resume, withdrawal('support-uwv'));
    expect(events.reduce(disclosure.evolve, disclosure.initial)).toEqual(fold(disclosure, events));
  });
  it('leaves alone what it does not know: an event about an unknown consent changes nothing', () =>
    expect(
      disclosure.evolve(disclosure.initial, {
        type: 'ConsentRefused',
        consentId: 'constructor',
        by: 'client',
        at: monday,
      }),
    ).toEqual(disclosure.initial));
});
