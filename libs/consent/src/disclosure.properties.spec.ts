/** The guarantees of the disclosure stream, tried on random histories of one client. */
import { describe, expect, it } from '@jest/globals';
import { fold } from '@convenant/kernel';
import fc from 'fast-check';
import { decideDisclosure } from './decide.js';
import type { DisclosureCommand } from './disclosure-commands.js';
import { disclosureEvents, type DisclosureEvent } from './disclosure-events.js';
import { isLive, type DisclosureState } from './disclosure-state.js';
import { disclosure } from './disclosure.js';
import { day, medicalProposal, medicalRequest, proposal, pseudonym, record, request } from './examples.js';
import { policy } from './matrix.js';
import { consentCategories } from './vocabulary.js';

const consentId = fc.constantFrom('support-uwv', 'support-uwv', 'support-uwv-2', 'answer-1');
const at = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(day(6), day(7), day(8)) },
  { weight: 1, arbitrary: fc.constantFrom('2027-01-10T09:00:00.000Z', '2027-11-01T09:00:00.000Z') },
);
const by = fc.constantFrom('client' as const, 'client' as const, 'representative' as const);
const some = fc.subarray(['K1', 'K2', 'K3', 'K5', 'K7'] as const);
const messageId = fc.constantFrom('message-1', 'message-2', 'message-3');
const key = fc.record({
  category: fc.constantFrom('K1', 'K2', 'K5'),
  keyId: fc.constantFrom('a', 'b', 'c'),
  publicKey: fc.constant('public'),
});
const rest = { by, at };
const partner = { recipient: fc.constantFrom('uwv', 'gemeente-amstelveld'), at };

/** A command may need the state at hand: a permit is asked for at that moment. */
type Step = (state: DisclosureState) => DisclosureCommand | undefined;
const plain = (command: fc.Arbitrary<unknown>): fc.Arbitrary<Step> =>
  command.map((made) => () => made as DisclosureCommand);
const proposals = [proposal, { ...proposal, consentId: 'support-uwv-2' }, medicalProposal] as const;

const step: fc.Arbitrary<Step> = fc.oneof(
  plain(fc.constantFrom(...proposals)),
  plain(fc.constantFrom(...proposals)),
  plain(
    fc.record({
      type: fc.constant('Answer'),
      answer: fc.constant('yes'),
      consentId,
      categories: some,
      method: fc.constant('digital'),
      language: fc.constant('nl'),
      basis: fc.constantFrom(undefined, 'mentor'),
      ...rest,
    }),
  ),
  plain(
    fc.record({
      type: fc.constant('Answer'),
      answer: fc.constant('yes'),
      consentId,
      categories: fc.constant(['K1', 'K2']),
      method: fc.constant('digital'),
      language: fc.constant('nl'),
      by: fc.constant('client'),
      at,
    }),
  ),
  plain(fc.record({ type: fc.constant('Answer'), answer: fc.constant('no'), consentId, ...rest })),
  plain(
    fc.record({
      type: fc.constant('Answer'),
      answer: fc.constant('not-today'),
      askAgainOn: fc.constantFrom('2026-10-01', '2027-12-01'),
      consentId,
      ...rest,
    }),
  ),
  plain(fc.record({ type: fc.constant('Narrow'), consentId, remove: some, ...rest })),
  plain(fc.record({ type: fc.constant('Pause'), consentId, ...rest })),
  plain(fc.record({ type: fc.constant('Pause'), all: fc.constant(true), ...rest })),
  plain(fc.record({ type: fc.constant('Resume'), consentId, ...rest })),
  plain(fc.record({ type: fc.constant('Withdraw'), consentId, ...rest })),
  plain(fc.record({ type: fc.constant('StopEverything'), ...rest })),
  plain(fc.record({ type: fc.constant('Expire'), now: at })),
  plain(
    fc.record({
      type: fc.constant('Object'),
      objectionId: fc.constantFrom('o-1', 'o-2'),
      recipient: fc.constantFrom(undefined, 'uwv'),
      purpose: fc.constantFrom(undefined, 'support'),
      categories: fc.constantFrom(undefined, ['K2'], []),
      ...rest,
    }),
  ),
  plain(fc.record({ type: fc.constant('LiftObjection'), objectionId: fc.constantFrom('o-1', 'o-2'), ...rest })),
  plain(
    fc.record({
      type: fc.constant('Ask'),
      askId: fc.constant('ask-1'),
      source: fc.constant('mental-health'),
      recipient: fc.constant('uwv'),
      recipientKind: fc.constant('uwv'),
      roles: fc.constant(['labourExpert']),
      purpose: fc.constant('support'),
      categories: some,
      at,
    }),
  ),
  plain(
    fc.record({
      type: fc.constant('DrawPseudonym'),
      pseudonym: fc.constantFrom('p-1', 'p-2'),
      again: fc.constantFrom(undefined, true),
      ...partner,
    }),
  ),
  plain(fc.record({ type: fc.constant('LearnPseudonym'), pseudonym: fc.constantFrom('p-1', 'p-2'), ...partner })),
  plain(
    fc.record({
      type: fc.constant('AnswerIntroduction'),
      pseudonym: fc.constantFrom('p-1', 'p-2'),
      linked: fc.boolean(),
      ...partner,
    }),
  ),
  plain(
    fc.record({
      type: fc.constant('LearnScopeKeys'),
      consentId,
      consentVersion: fc.constantFrom(undefined, 1, 3),
      keys: fc.array(key, { maxLength: 4 }),
      ...partner,
    }),
  ),
  plain(
    fc.record({
      type: fc.constant('AcknowledgeClosing'),
      consentId,
      consentVersion: fc.constantFrom(1, 2, 3),
      keyIds: fc.subarray(['a', 'b']),
      closedAt: at,
      proof: fc.constant('signed'),
      ...partner,
    }),
  ),
  plain(fc.record({ type: fc.constant('RecordStopped'), messageId, reason: fc.constant('withdrawn'), at })),
  plain(
    fc.record({
      type: fc.constant('RecordWithheld'),
      recipient: fc.constant('uwv'),
      recipientKind: fc.constant('uwv'),
      purpose: fc.constantFrom(undefined, 'support'),
      contract: fc.constant('job-facts.v1'),
      categories: some,
      reason: fc.constantFrom('paused', 'withdrawn'),
      policyVersion: fc.constant('v'),
      at,
    }),
  ),
  fc
    .record({ messageId, at, asked: fc.constantFrom(request, medicalRequest) })
    .map(({ messageId: id, at: now, asked }): Step => (state) => {
      const verdict = decideDisclosure({ ...asked, now }, state, policy);
      return 'permit' in verdict ? record(verdict.permit, id, { at: now }) : undefined;
    }),
  fc.record({ toldId: fc.constantFrom('t-1', 't-2'), at }).map(({ toldId, at: now }): Step => (state) => ({
    type: 'TellOutside',
    toldId,
    medium: 'spoken',
    recipient: 'uwv',
    recipientKind: 'uwv',
    roles: ['labourExpert'],
    purpose: 'support',
    categories: ['K2'],
    verdict: decideDisclosure({ ...request, now }, state, policy),
    at: now,
  })),
);

interface Taken {
  readonly command: DisclosureCommand;
  readonly before: DisclosureState;
  readonly events: readonly DisclosureEvent[];
  readonly after: DisclosureState;
}
/** Every command of the history that was a command at all, with what it did. */
function play(steps: readonly Step[]): readonly Taken[] {
  const taken: Taken[] = [];
  let state = disclosure.initial;
  for (const make of steps) {
    const command = make(state);
    if (!command) continue;
    const decision = disclosure.decide(command, state);
    const events = 'accepted' in decision ? decision.accepted : [];
    const next = events.reduce(disclosure.evolve, state);
    taken.push({ command, before: state, events, after: next });
    state = next;
  }
  return taken;
}
const yesTo =
  (consentId: string, ...categories: readonly string[]): Step =>
  () =>
    ({
      type: 'Answer',
      answer: 'yes',
      consentId,
      categories,
      method: 'digital',
      language: 'nl',
      by: 'client',
      at: day(6),
    }) as DisclosureCommand;
const always =
  (command: DisclosureCommand): Step =>
  () =>
    command;
/** Where a history begins: with nothing, or with something given, so that most of it is about a consent that stands. */
const beginnings: readonly (readonly Step[])[] = [
  [],
  [always(proposal), yesTo('support-uwv', 'K1', 'K2', 'K3'), always(pseudonym)],
  [
    always(medicalProposal),
    yesTo('answer-1', 'K1', 'K5'),
    always(pseudonym),
    always(proposal),
    yesTo('support-uwv', 'K2'),
  ],
];
const history = fc
  .tuple(fc.constantFrom(...beginnings), fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }))
  .map(([beginning, steps]) => [...beginning, ...steps]);
/** Checks every history and shows what broke the promise. */
const everyHistory = (broken: (taken: readonly Taken[]) => readonly unknown[]) =>
  fc.assert(
    fc.property(history, (steps) => {
      const violations = broken(play(steps));
      if (violations.length > 0) throw new Error(JSON.stringify(violations));
    }),
    { numRuns: 1000 },
  );

describe('the disclosure stream', () => {
  it('the same command twice changes nothing the second time', () =>
    everyHistory((taken) =>
      taken.flatMap(({ command, after }) => {
        const again = disclosure.decide(command, after);
        return 'accepted' in again ? again.accepted : [];
      }),
    ));

  it('withdrawn means denied: after "stop everything" nothing may leave, whatever went before', () =>
    everyHistory((taken) => {
      const last = taken.at(-1)?.after ?? disclosure.initial;
      const decision = disclosure.decide({ type: 'StopEverything', by: 'client', at: day(9) }, last);
      const state = ('accepted' in decision ? decision.accepted : []).reduce(disclosure.evolve, last);
      return [
        ...Object.values(state.consents).filter(isLive),
        ...[request, medicalRequest].filter(
          (asked) => 'permit' in decideDisclosure({ ...asked, now: day(9) }, state, policy),
        ),
      ];
    }));

  it('nothing is recorded as told under a consent that was not given at that moment, in that version and for those categories', () =>
    everyHistory((taken) =>
      taken.flatMap(({ before, events }) =>
        events.filter((event) => {
          if (event.type !== 'Disclosed') return false;
          const consent = before.consents[event.consentId];
          const granted = event.categories.every((category) => consent?.categories.includes(category));
          return consent?.state !== 'given' || consent.version !== event.consentVersion || !granted;
        }),
      ),
    ));

  it('versions of a consent only go up, and every ending of which its recipient heard leaves a closing to prove', () =>
    everyHistory((taken) =>
      taken.flatMap(({ before, after }) =>
        Object.values(after.consents).filter((consent) => {
          const earlier = before.consents[consent.consentId];
          if (!earlier) return false;
          const ended = isLive(earlier) && !isLive(consent);
          const heard = before.pseudonyms[consent.recipient] !== undefined;
          return (
            consent.version < earlier.version ||
            (ended && heard && consent.closings.at(-1)?.categories.join() !== earlier.categories.join()) ||
            (ended && !heard && consent.closings.length > earlier.closings.length)
          );
        }),
      ),
    ));

  it('at most one consent per recipient, purpose and question is alive', () =>
    everyHistory((taken) =>
      taken.flatMap(({ after }) => {
        const names = Object.values(after.consents)
          .filter(isLive)
          .map((one) => `${one.recipient} ${one.purpose} ${one.singleUseFor ?? ''}`);
        return names.filter((name, index) => names.indexOf(name) !== index);
      }),
    ));

  it('grants only what was offered, and keeps at most one key per category', () =>
    everyHistory((taken) =>
      taken.flatMap(({ after }) =>
        Object.values(after.consents).filter(
          ({ offered, categories, keys }) =>
            !categories.every((category) => offered.includes(category)) ||
            consentCategories.some((category) => keys.filter((one) => one.category === category).length > 1),
        ),
      ),
    ));

  it('is read back as it was written', () =>
    everyHistory((taken) => {
      const events = taken.flatMap((one) => one.events);
      const stored = events.map((event) => disclosureEvents.decode(disclosureEvents.encode(event)));
      expect(stored).toEqual(events);
      expect(fold(disclosure, stored)).toEqual(taken.at(-1)?.after ?? disclosure.initial);
      return [];
    }));
});
