/** What is recorded as told, kept back and closed, and that only a permit of the decision opens the way. */
import { describe, expect, it } from '@jest/globals';
import { decideDisclosure, decideHandingOver, type Permit } from './decide.js';
import { disclosure } from './disclosure.js';
import type { DisclosureCommand } from './disclosure-commands.js';
import { policy } from './matrix.js';
import {
  after,
  announced,
  given,
  happened,
  medicalProposal,
  medicalRequest,
  permitFor,
  proposal,
  pseudonym,
  record,
  request,
  thursday,
  tuesday,
  wednesday,
  when,
  withdrawal,
  yes,
} from './examples.js';

const before = [...given, pseudonym] as const;
const permit = () => permitFor(request, after(...before));
const keys = [{ category: 'K2' as const, keyId: 'key-K2', publicKey: 'public' }];
const learn: DisclosureCommand = {
  type: 'LearnScopeKeys',
  recipient: 'uwv',
  consentId: 'support-uwv',
  consentVersion: 1,
  keys,
  at: tuesday,
};
const acknowledge: DisclosureCommand = {
  type: 'AcknowledgeClosing',
  recipient: 'uwv',
  consentId: 'support-uwv',
  consentVersion: 2,
  keyIds: ['key-K2'],
  closedAt: wednesday,
  proof: 'signed',
  at: thursday,
};

describe('a disclosure', () => {
  it('is recorded with the consent, its version and the rows that allowed it', () =>
    expect(happened(...before, record(permit())).at(-1)).toMatchObject({
      type: 'Disclosed',
      consentId: 'support-uwv',
      consentVersion: 1,
      rows: ['mental-health>uwv/insurancePhysician/K2/support', 'mental-health>uwv/labourExpert/K2/support'],
      policyVersion: policy.version,
      categories: ['K2'],
      fields: ['state', 'referredOn'],
      pseudonym: 'p-1',
    }));
  it('is remembered by message and by what was told last', () => {
    const state = after(...before, record(permit()));
    expect(state.disclosed['message-1']).toMatchObject({
      recipient: 'uwv',
      contract: 'trajectory-status.v1',
      contentDigest: 'digest-1',
    });
    expect(state.lastDigest['support-uwv|trajectory-status.v1']).toEqual({
      digest: 'digest-1',
      consentVersion: 1,
      messageId: 'message-1',
    });
  });
  it('is recorded once', () => expect(when(record(permit()), ...before, record(permit()))).toEqual({ accepted: [] }));
  it('refuses another content under the same reference', () =>
    expect(when(record(permit(), 'message-1', { contentDigest: 'digest-2' }), ...before, record(permit()))).toEqual({
      refused: 'message-id-taken',
    }));
  it('refuses a permit that was written by hand', () => {
    const { ...lookAlike } = permit();
    expect(when(record(lookAlike as Permit), ...before)).toEqual({ refused: 'permit-not-issued' });
    const plain = JSON.parse(JSON.stringify(permit())) as Permit;
    expect(when(record(plain), ...before)).toEqual({ refused: 'permit-not-issued' });
  });
  it('cannot be told of a permit that the compiler did not see made', () => {
    // @ts-expect-error a permit carries a symbol that only the decision has
    const forged: Permit = {
      source: 'mental-health',
      sourceOrganisation: 'ggz-amstel',
      recipient: 'uwv',
      recipientKind: 'uwv',
      purpose: 'support',
      contract: 'trajectory-status.v1',
      decidedAt: wednesday,
      consentId: 'support-uwv',
      consentVersion: 1,
      roles: [],
      fields: [],
      categories: [],
      rows: [],
      until: thursday,
      policyVersion: 'any',
      withheld: [],
    };
    expect(when(record(forged), ...before)).toEqual({ refused: 'permit-not-issued' });
  });
  it('cannot be widened after the decision: a permit does not change', () => {
    const issued = permit();
    expect(() => (issued.fields as string[]).push('diagnosis')).toThrow(TypeError);
    expect(() => Object.assign(issued, { recipient: 'gemeente-amstelveld' })).toThrow(TypeError);
  });
  it('peer 9: consent is asked again when it is recorded, not only when the permit was made', () => {
    const early = permit();
    expect(disclosure.decide(record(early), after(...before, withdrawal('support-uwv')))).toEqual({
      refused: 'no-longer-permitted',
    });
    const objection: DisclosureCommand = {
      type: 'Object',
      objectionId: 'o',
      recipient: 'uwv',
      purpose: 'support',
      categories: ['K2'],
      by: 'client',
      at: wednesday,
    };
    expect(disclosure.decide(record(early), after(...before, objection))).toEqual({ refused: 'no-longer-permitted' });
    expect(disclosure.decide(record(early, 'm', { at: '2028-01-01T09:00:00.000Z' }), after(...before))).toEqual({
      refused: 'no-longer-permitted',
    });
  });
  it('peer 9: a permit dies with the version of the consent that it was made under', () => {
    const pause: DisclosureCommand = { type: 'Pause', consentId: 'support-uwv', by: 'client', at: wednesday };
    const resume: DisclosureCommand = { type: 'Resume', consentId: 'support-uwv', by: 'client', at: thursday };
    const early = permit();
    expect(disclosure.decide(record(early), after(...before, pause, resume))).toEqual({
      refused: 'no-longer-permitted',
    });
  });
  it('peer 9: consent is asked once more right before handing over', () => {
    const recorded = [...before, record(permit())] as const;
    expect(decideHandingOver('message-1', request, after(...recorded), policy)).toHaveProperty('permit');
    expect(decideHandingOver('message-1', request, after(...recorded, withdrawal('support-uwv')), policy)).toEqual({
      stopped: 'withdrawn',
    });
    const narrowed: DisclosureCommand = {
      type: 'Narrow',
      consentId: 'support-uwv',
      remove: ['K2'],
      by: 'client',
      at: thursday,
    };
    expect(decideHandingOver('message-1', request, after(...recorded, narrowed), policy)).toEqual({
      stopped: 'category-not-granted',
    });
  });
  it('is not handed over under another consent than it was recorded under', () => {
    const again = { ...proposal, consentId: 'support-uwv-2' };
    const state = after(...before, record(permit()), again, yes('support-uwv-2', ['K1', 'K2']));
    expect(decideHandingOver('message-1', request, state, policy)).toEqual({ stopped: 'no-consent' });
    expect(decideHandingOver('never-recorded', request, state, policy)).toEqual({ stopped: 'no-consent' });
  });
  it('refuses a part that the permit does not name', () =>
    expect(
      when(
        record(permit(), 'message-1', { parts: [{ category: 'K3', keyId: 'key', sealedText: 'sealed' }] }),
        ...before,
      ),
    ).toEqual({ refused: 'more-than-permitted' }));
  it('refuses a name that the recipient does not know her by', () =>
    expect(when(record(permit(), 'message-1', { pseudonym: 'p-2' }), ...before)).toEqual({
      refused: 'unknown-pseudonym',
    }));
});

describe('a message that is stopped', () => {
  const stop: DisclosureCommand = { type: 'RecordStopped', messageId: 'message-1', reason: 'withdrawn', at: thursday };
  it('does not count as told', () => {
    const state = after(...before, record(permit()), stop);
    expect(state.disclosed['message-1']?.stopped).toBe(true);
    expect(state.lastDigest).toEqual({});
    expect(decideHandingOver('message-1', request, state, policy)).toEqual({ stopped: 'no-consent' });
  });
  it('is stopped once', () => expect(when(stop, ...before, record(permit()), stop)).toEqual({ accepted: [] }));
  it('refuses to stop what was never recorded', () =>
    expect(when(stop, ...before)).toEqual({ refused: 'unknown-message' }));
});

describe('a consent for one answer', () => {
  const asked = [medicalProposal, yes('answer-1', ['K1', 'K5']), pseudonym] as const;
  const introduction = { ...medicalRequest, contract: 'client-introduced.v1', fields: { familyName: 'K1' as const } };
  const answer = () => record(permitFor(medicalRequest, after(...asked)), 'answer');
  it('is used up by the answer, not by telling who she is', () => {
    const introduced = [...asked, record(permitFor(introduction, after(...asked)), 'introduction')] as const;
    expect(after(...introduced).consents['answer-1']?.state).toBe('given');
    const state = after(...introduced, answer());
    expect(state.consents['answer-1']).toMatchObject({ state: 'used', usedBy: 'answer' });
    expect(decideDisclosure(medicalRequest, state, policy)).toMatchObject({
      denied: [{ reason: 'used', categories: ['K5'] }],
    });
  });
  it('still lets the one answer be handed over, and no other message', () => {
    const state = after(...asked, answer());
    expect(decideHandingOver('answer', medicalRequest, state, policy)).toHaveProperty('permit');
    expect(decideHandingOver('another', medicalRequest, state, policy)).toEqual({ stopped: 'no-consent' });
  });
  it('still lets the introduction that went before be handed over', () => {
    const introduced = [...asked, record(permitFor(introduction, after(...asked)), 'introduction')] as const;
    expect(decideHandingOver('introduction', introduction, after(...introduced, answer()), policy)).toHaveProperty(
      'permit',
    );
  });
  it('is free again when the answer was stopped', () =>
    expect(
      after(...asked, answer(), { type: 'RecordStopped', messageId: 'answer', reason: 'paused', at: thursday })
        .consents['answer-1']?.state,
    ).toBe('given'));
  it('can still be withdrawn, so that what was shown is closed', () =>
    expect(after(...asked, answer(), withdrawal('answer-1')).consents['answer-1']).toMatchObject({
      state: 'withdrawn',
      closings: [{ categories: ['K1', 'K5'] }],
    }));
  it('stays used up after a pause', () => {
    const pause: DisclosureCommand = { type: 'Pause', consentId: 'answer-1', by: 'client', at: wednesday };
    const resume: DisclosureCommand = { type: 'Resume', consentId: 'answer-1', by: 'client', at: thursday };
    expect(after(...asked, answer(), pause, resume).consents['answer-1']?.state).toBe('used');
  });
  it('covers no other question', () =>
    expect(decideDisclosure({ ...medicalRequest, singleUseFor: 'question-2' }, after(...asked), policy)).toMatchObject({
      denied: [{ reason: 'no-consent' }],
    }));
});

describe('what is kept back', () => {
  const withheld: DisclosureCommand = {
    type: 'RecordWithheld',
    recipient: 'uwv',
    recipientKind: 'uwv',
    purpose: 'support',
    contract: 'job-facts.v1',
    categories: ['K7'],
    reason: 'category-not-granted',
    policyVersion: policy.version,
    at: wednesday,
  };
  it('is recorded once per recipient, contract, purpose and reason', () => {
    expect(happened(withheld)).toHaveLength(1);
    expect(when({ ...withheld, at: thursday } as DisclosureCommand, withheld)).toEqual({ accepted: [] });
    expect(when({ ...withheld, reason: 'paused' } as DisclosureCommand, withheld)).toHaveProperty('accepted.length', 1);
  });
});

describe('the name between two organisations', () => {
  const answered = (linked: boolean): DisclosureCommand => ({
    type: 'AnswerIntroduction',
    recipient: 'uwv',
    pseudonym: 'p-1',
    linked,
    at: wednesday,
  });
  const learned = (name: string): DisclosureCommand => ({
    type: 'LearnPseudonym',
    recipient: 'uwv',
    pseudonym: name,
    at: wednesday,
  });
  it('is drawn once', () => {
    expect(after(pseudonym).pseudonyms['uwv']).toEqual({ pseudonym: 'p-1', linked: undefined, ours: true });
    expect(when({ ...pseudonym, pseudonym: 'p-2' } as DisclosureCommand, pseudonym)).toEqual({ accepted: [] });
  });
  it('is drawn anew only on purpose, after the recipient said that she is not theirs', () => {
    const again = { type: 'DrawPseudonym', recipient: 'uwv', pseudonym: 'p-2', again: true, at: thursday } as const;
    expect(when(again, pseudonym)).toEqual({ accepted: [] });
    expect(after(pseudonym, answered(false), again).pseudonyms['uwv']).toMatchObject({
      pseudonym: 'p-2',
      linked: undefined,
    });
  });
  it('is linked when the recipient answers, once', () => {
    expect(after(pseudonym, answered(true)).pseudonyms['uwv']?.linked).toBe(true);
    expect(when(answered(true), pseudonym, answered(true))).toEqual({ accepted: [] });
  });
  it('refuses an answer about another name', () =>
    expect(when(answered(true))).toEqual({ refused: 'unknown-pseudonym' }));
  it('is learned when the other introduces her', () => {
    expect(after(learned('theirs')).pseudonyms['uwv']).toEqual({ pseudonym: 'theirs', linked: true, ours: false });
    expect(when(learned('theirs'), learned('theirs'))).toEqual({ accepted: [] });
  });
  it('refuses to replace a name that both sides know', () =>
    expect(when(learned('theirs'), pseudonym, answered(true))).toEqual({ refused: 'pseudonym-exists' }));
});

describe('scope keys', () => {
  it('are learned for what is granted, once', () => {
    expect(after(...given, learn).consents['support-uwv']?.keys).toEqual(keys);
    expect(when(learn, ...given, learn)).toEqual({ accepted: [] });
  });
  it('that swap places between two categories are still learned once (found by chance)', () => {
    const offered = (first: string, second: string) =>
      ({
        ...learn,
        keys: [
          { category: 'K1', keyId: first, publicKey: 'public' },
          { category: 'K2', keyId: second, publicKey: 'public' },
        ],
      }) as DisclosureCommand;
    const before = [...given, offered('none', 'a')] as const;
    expect(when(offered('a', 'b'), ...before, offered('a', 'b'))).toEqual({ accepted: [] });
  });
  it('are left aside for what was not granted', () => {
    const more: DisclosureCommand = {
      ...learn,
      keys: [{ category: 'K4', keyId: 'key-K4', publicKey: 'public' }],
    } as DisclosureCommand;
    expect(when(more, ...given)).toEqual({ accepted: [] });
  });
  it('are left aside once the consent has ended', () =>
    expect(when(learn, ...given, withdrawal('support-uwv'))).toEqual({ accepted: [] }));
  it('of before a narrowing are not taken for after the next widening', () => {
    const narrow: DisclosureCommand = {
      type: 'Narrow',
      consentId: 'support-uwv',
      remove: ['K2'],
      by: 'client',
      at: wednesday,
    };
    const widen = yes('support-uwv', ['K1', 'K2', 'K3'], { at: thursday });
    expect(when(learn, ...announced, narrow, widen)).toEqual({ accepted: [] });
    const fresh = {
      ...learn,
      consentVersion: 3,
      keys: [{ category: 'K2', keyId: 'key-fresh', publicKey: 'public' }],
    } as DisclosureCommand;
    expect(when(fresh, ...given, narrow, widen)).toHaveProperty('accepted.length', 1);
  });
  it('refuses keys of a partner for a consent that names another', () =>
    expect(when({ ...learn, recipient: 'gemeente-amstelveld' } as DisclosureCommand, ...given)).toEqual({
      refused: 'foreign-consent',
    }));
});

describe('the proof of a closing', () => {
  const closings = (...commands: readonly DisclosureCommand[]) => after(...commands).consents['support-uwv']?.closings;
  const pause: DisclosureCommand = { type: 'Pause', consentId: 'support-uwv', by: 'client', at: wednesday };
  const resume: DisclosureCommand = { type: 'Resume', consentId: 'support-uwv', by: 'client', at: thursday };
  const narrow: DisclosureCommand = {
    type: 'Narrow',
    consentId: 'support-uwv',
    remove: ['K3'],
    by: 'client',
    at: wednesday,
  };
  it('is not waited for from a recipient that never heard of the consent', () => {
    for (const ending of [withdrawal('support-uwv'), narrow, pause]) expect(closings(...given, ending)).toEqual([]);
    expect(closings(...given, narrow, pseudonym)).toEqual([]);
    expect(closings(...given, pause, resume, pseudonym)).toEqual([]);
  });
  it('of a pause is waited for once the paused consent is announced', () => {
    const learned: DisclosureCommand = { ...pseudonym, type: 'LearnPseudonym' } as DisclosureCommand;
    for (const name of [pseudonym, learned])
      expect(closings(...given, pause, name)).toEqual([
        { version: 2, categories: ['K1', 'K2', 'K3'], how: 'paused', closedAt: wednesday },
      ]);
    expect(closings(...announced, pause, { ...pseudonym, again: true } as DisclosureCommand)).toHaveLength(1);
  });
  it('is kept with the closing that it proves, once', () => {
    const state = after(...announced, learn, withdrawal('support-uwv'), acknowledge);
    expect(state.consents['support-uwv']?.closings).toMatchObject([{ version: 2, acknowledgedAt: wednesday }]);
    expect(when(acknowledge, ...announced, learn, withdrawal('support-uwv'), acknowledge)).toEqual({ accepted: [] });
  });
  it('of an expiry may come before our own clock says so', () => {
    const end = '2027-10-06T09:00:00.000Z';
    const early = { ...acknowledge, consentVersion: 1, closedAt: end, at: end } as DisclosureCommand;
    const state = after(...announced, learn, early, { type: 'Expire', now: '2027-10-06T10:00:00.000Z' });
    expect(state.consents['support-uwv']?.closings).toMatchObject([{ how: 'expired', acknowledgedAt: end }]);
  });
  it('of a closing that this log has lost pauses the consent, under the number of the proof', () => {
    const lost = { ...acknowledge, wasSetBack: true } as DisclosureCommand;
    const state = after(...announced, learn, lost);
    expect(state.consents['support-uwv']).toMatchObject({
      state: 'paused',
      version: 2,
      closings: [{ how: 'paused', version: 2, acknowledgedAt: wednesday }],
    });
    expect(when(lost, ...announced, learn, lost)).toEqual({ accepted: [] });
    // Her withdrawal then comes after everything that the recipient knows.
    expect(happened(...announced, learn, lost, withdrawal('support-uwv')).at(-1)).toMatchObject({
      type: 'ConsentWithdrawn',
      version: 3,
    });
  });
  it('of a closing that nobody asked for changes nothing of the consent, however high its number', () => {
    for (const consentVersion of [2, 1_000_000]) {
      const unasked = { ...acknowledge, consentVersion } as DisclosureCommand;
      expect(after(...announced, learn, unasked).consents['support-uwv']).toMatchObject({ state: 'given', version: 1 });
    }
    const tooHigh = { ...acknowledge, consentVersion: 102, wasSetBack: true } as DisclosureCommand;
    expect(after(...announced, learn, tooHigh).consents['support-uwv']).toMatchObject({ state: 'given', version: 1 });
  });
  it('takes the destroyed keys out of use', () => {
    const state = after(...given, learn, { ...acknowledge, consentVersion: 1 } as DisclosureCommand);
    expect(state.consents['support-uwv']?.keys).toEqual([]);
    expect(disclosure.decide(learn, state)).toEqual({ accepted: [] });
  });
  it('refuses the proof of a partner that the consent does not name', () =>
    expect(when({ ...acknowledge, recipient: 'gemeente-amstelveld' } as DisclosureCommand, ...given)).toEqual({
      refused: 'foreign-consent',
    }));
});

describe('what is told by telephone or on paper', () => {
  const tell = (state: ReturnType<typeof after>): DisclosureCommand => ({
    type: 'TellOutside',
    toldId: 'call-1',
    medium: 'spoken',
    recipient: 'uwv',
    recipientKind: 'uwv',
    roles: ['labourExpert'],
    purpose: 'support',
    categories: ['K2'],
    verdict: decideDisclosure(request, state, policy),
    at: wednesday,
  });
  it('is recorded as covered when the same decision allows it', () =>
    expect(happened(...given, tell(after(...given))).at(-1)).toMatchObject({
      type: 'ToldOutsideTheSystem',
      covered: true,
      policyVersion: policy.version,
    }));
  it('is recorded all the same when nothing covers it', () => {
    expect(happened(proposal, tell(after(proposal))).at(-1)).toMatchObject({ covered: false, rows: [] });
    const more = { ...tell(after(...given)), categories: ['K2', 'K7'] } as DisclosureCommand;
    expect(happened(...given, more).at(-1)).toMatchObject({ covered: false });
  });
  it('peer 18: is not covered any more by a decision from before her withdrawal or objection', () => {
    const objection: DisclosureCommand = {
      type: 'Object',
      objectionId: 'o',
      recipient: 'uwv',
      purpose: 'support',
      categories: ['K2'],
      by: 'client',
      at: wednesday,
    };
    for (const later of [withdrawal('support-uwv'), objection])
      expect(happened(...given, later, tell(after(...given))).at(-1)).toMatchObject({ covered: false });
  });
  it('is recorded once', () =>
    expect(when(tell(after(...given)), ...given, tell(after(...given)))).toEqual({ accepted: [] }));
  it('refuses something else under the same reference', () =>
    expect(
      when(
        { ...tell(after(...given)), purpose: 'operational-meeting' } as DisclosureCommand,
        ...given,
        tell(after(...given)),
      ),
    ).toEqual({ refused: 'told-id-taken' }));
  it('refuses a permit that was written by hand', () => {
    const { ...lookAlike } = permit();
    expect(
      when({ ...tell(after(...given)), verdict: { permit: lookAlike as Permit } } as DisclosureCommand, ...given),
    ).toEqual({ refused: 'permit-not-issued' });
  });
  it('refuses a call about nothing', () =>
    expect(when({ ...tell(after(...given)), categories: [] } as DisclosureCommand, ...given)).toEqual({
      refused: 'empty-scope',
    }));
});
