/** What a recipient keeps, and what it refuses: each command and each refusal once. */
import { describe, expect, it } from '@jest/globals';
import { fold, type Sealed } from '@convenant/kernel';
import { receivedRefusals, type ReceivedCommand } from './received-commands.js';
import type { ReceivedEvent } from './received-events.js';
import { categoriesWithoutKey, expiredConsents, openCategories, registeredConsents } from './received-state.js';
import { received } from './received.js';

const at = '2026-10-05T09:00:00.000Z';
const later = '2026-10-06T09:00:00.000Z';
const until = '2027-10-05T09:00:00.000Z';
const from = { discloser: 'ggz-amstel', pseudonym: 'p-1', at };
type Command<Type extends ReceivedCommand['type']> = Extract<ReceivedCommand, { type: Type }>;

const announce = (version = 1, rest: Partial<Command<'RegisterConsent'>> = {}): ReceivedCommand => ({
  type: 'RegisterConsent',
  ...from,
  discloserKind: 'mental-health',
  consentId: 'consent-1',
  version,
  purpose: 'support',
  roles: ['labourExpert'],
  categories: ['K1', 'K2', 'K3'],
  until,
  ...rest,
});
const offer = (version = 1, ...categories: ('K1' | 'K2' | 'K3' | 'K7')[]): ReceivedCommand => ({
  type: 'OfferKeys',
  ...from,
  consentId: 'consent-1',
  version,
  keys: (categories.length > 0 ? categories : (['K1', 'K2', 'K3'] as const)).map((category) => ({
    category,
    keyId: `${category}-${version}`,
    publicKey: '{}',
  })),
});
const introduce = (rest: Partial<Command<'KeepIntroduction'>> = {}): ReceivedCommand => ({
  type: 'KeepIntroduction',
  ...from,
  messageId: 'introduction-1',
  consentId: 'consent-1',
  part: { category: 'K1', keyId: 'K1-1', sealedText: 'sealed' },
  ...rest,
});
const link = (clientId = 'client-1', by: 'exact-match' | 'person' | 'own-name' = 'exact-match'): ReceivedCommand => ({
  type: 'Link',
  ...from,
  clientId,
  by,
});
const notOurs: ReceivedCommand = { type: 'SayNotOurs', ...from };
const tell = (rest: Partial<Command<'KeepDisclosure'>> = {}): ReceivedCommand => ({
  type: 'KeepDisclosure',
  ...from,
  messageId: 'message-1',
  consentId: 'consent-1',
  consentVersion: 1,
  contract: 'trajectory-status.v1',
  asOf: at,
  parts: [{ category: 'K2', keyId: 'K2-1', sealedText: 'sealed' }],
  ...rest,
});
const close = (
  how: 'ended' | 'paused' | 'narrowed' | 'expired',
  version: number,
  ...categories: ('K1' | 'K2' | 'K3')[]
): ReceivedCommand => ({
  type: 'CloseScope',
  ...from,
  consentId: 'consent-1',
  version,
  categories,
  how,
});
const reopen = (version: number): ReceivedCommand => ({
  type: 'ReopenScope',
  ...from,
  consentId: 'consent-1',
  version,
  until,
});
const destroyed = (version: number, ...keyIds: string[]): ReceivedCommand => ({
  type: 'NoteKeysDestroyed',
  ...from,
  consentId: 'consent-1',
  version,
  keyIds,
  closedAt: at,
});
const takeIn = (rest: Partial<Command<'Take'>> = {}): ReceivedCommand => ({
  type: 'Take',
  takenId: 'taken-1',
  messageId: 'message-1',
  category: 'K2',
  decisionId: 'decision-1',
  decisionKind: 'work-capacity',
  law: 'Wet WIA',
  until: '2031-10-05',
  by: 'pia',
  content: 'sealed' as Sealed<Record<string, unknown>>,
  at,
  ...rest,
});

function happened(...commands: readonly ReceivedCommand[]): ReceivedEvent[] {
  const events: ReceivedEvent[] = [];
  for (const command of commands) {
    const decision = received.decide(command, fold(received, events));
    if ('refused' in decision) throw new Error(`${command.type} was refused: ${decision.refused}`);
    events.push(...decision.accepted);
  }
  return events;
}
const after = (...commands: readonly ReceivedCommand[]) => fold(received, happened(...commands));
const when = (command: ReceivedCommand, ...before: readonly ReceivedCommand[]) =>
  received.decide(command, after(...before));
const open = (...commands: readonly ReceivedCommand[]) => openCategories(after(...commands).register['consent-1'], at);
const linked = [announce(), offer(), introduce(), link()];
const told = [...linked, tell()];

describe('an announced consent', () => {
  it('is registered with its scope, and asks for a key of each category', () => {
    const state = after(announce());
    expect(openCategories(state.register['consent-1'], at)).toEqual(['K1', 'K2', 'K3']);
    expect(categoriesWithoutKey(state, 'consent-1')).toEqual(['K1', 'K2', 'K3']);
    expect(registeredConsents(state, at)).toEqual([
      expect.objectContaining({ consentId: 'consent-1', discloser: 'ggz-amstel', closed: false }),
    ]);
  });
  it('gets one key per category, however often keys are offered', () => {
    expect(when(offer(), announce(), offer(1, 'K1', 'K2'))).toEqual({
      accepted: [expect.objectContaining({ keys: [expect.objectContaining({ category: 'K3' })] })],
    });
    expect(when(offer(), announce(), offer())).toEqual({ accepted: [] });
  });
  it('gets no key for what was never announced', () => {
    expect(when(offer(1, 'K7'), announce())).toEqual({ accepted: [] });
  });
  it('says nothing when an older version comes after it', () => {
    expect(when(announce(1), announce(3))).toEqual({ accepted: [] });
  });
  it('opens nothing when its end came first', () => {
    expect(open(close('ended', 2), announce(1))).toEqual([]);
  });
  it('has come to its end by our own clock', () => {
    const state = after(announce());
    expect(expiredConsents(state, later)).toEqual([]);
    expect(expiredConsents(state, until).map(({ consentId }) => consentId)).toEqual(['consent-1']);
    expect(openCategories(state.register['consent-1'], until)).toEqual([]);
  });
  it('goes by an id that no object has of itself', () => {
    expect(when(announce(1, { consentId: 'constructor' }))).toMatchObject({
      accepted: [{ type: 'ConsentRegistered' }],
    });
    expect(when(tell({ messageId: 'toString' }), ...linked)).toMatchObject({
      accepted: [{ type: 'DisclosureReceived' }],
    });
    expect(when(tell({ consentId: '__proto__' }), ...linked)).toMatchObject({
      accepted: [{ type: 'DisclosureTurnedAway', reason: 'not-registered' }],
    });
  });
});

describe('an introduction', () => {
  it('is kept sealed until somebody links her', () => {
    expect(when(introduce(), announce(), offer())).toMatchObject({ accepted: [{ type: 'IntroductionReceived' }] });
    expect(when(link(), announce(), offer(), introduce())).toMatchObject({
      accepted: [{ type: 'IntroductionLinked', clientId: 'client-1' }],
    });
  });
  it('is replaced by one under a later consent as long as nobody linked her', () => {
    const again = { consentId: 'consent-2', part: { category: 'K1', keyId: 'other', sealedText: 'sealed' } } as const;
    const offerOther: ReceivedCommand = {
      ...(offer() as Command<'OfferKeys'>),
      consentId: 'consent-2',
      keys: [{ category: 'K1', keyId: 'other', publicKey: '{}' }],
    };
    expect(
      when(introduce(again), announce(), offer(), introduce(), announce(1, { consentId: 'consent-2' }), offerOther),
    ).toMatchObject({ accepted: [{ consentId: 'consent-2' }] });
  });
  it('is not kept once its consent ended, or when it is not sealed to a key of ours', () => {
    expect(when(introduce(), announce(), offer(), close('ended', 2))).toEqual({ refused: 'scope-closed' });
    expect(
      when(introduce({ part: { category: 'K1', keyId: 'foreign', sealedText: 'sealed' } }), announce(), offer()),
    ).toEqual({ refused: 'scope-closed' });
    expect(
      when(introduce({ part: { category: 'K2', keyId: 'K2-1', sealedText: 'sealed' } }), announce(), offer()),
    ).toEqual({ refused: 'scope-closed' });
  });
  it('is left with its sender during a pause', () => {
    expect(when(introduce(), announce(), offer(), close('paused', 2))).toEqual({ refused: 'paused' });
    // Also when it was kept before and nobody has linked her yet: nothing may follow upon it now, so it is not over.
    expect(when(introduce(), announce(), offer(), introduce(), close('paused', 2))).toEqual({ refused: 'paused' });
    expect(when(introduce(), announce(), offer(), introduce(), close('paused', 2), reopen(3))).toEqual({
      accepted: [],
    });
  });
  it('can be linked to one client only, and only while there is one', () => {
    expect(when(link('client-2'), ...linked)).toEqual({ refused: 'already-linked' });
    expect(when(link(), announce())).toEqual({ refused: 'nothing-to-link' });
    expect(when(link('client-1', 'own-name'), announce())).toMatchObject({ accepted: [{ by: 'own-name' }] });
  });
  it('cannot be linked from memory after the client withdrew it', () => {
    expect(when(link('client-1', 'person'), announce(), offer(), introduce(), close('ended', 2))).toEqual({
      refused: 'scope-closed',
    });
  });
  it('that is not ours closes everything announced under that name', () => {
    const second = announce(1, { consentId: 'consent-2' });
    const events = happened(announce(), offer(), second, introduce(), notOurs);
    expect(
      events.filter((event) => event.type === 'ScopeClosed').map(({ consentId, keyIds }) => [consentId, keyIds]),
    ).toEqual([
      ['consent-1', ['K1-1', 'K2-1', 'K3-1']],
      ['consent-2', []],
    ]);
    expect(when(tell(), announce(), offer(), introduce(), notOurs)).toMatchObject({
      accepted: [{ type: 'DisclosureTurnedAway' }],
    });
    expect(when(announce(2), announce(), offer(), introduce(), notOurs)).toEqual({ accepted: [] });
  });
  it('cannot be given back once it was linked, or before it came', () => {
    expect(when(notOurs, ...linked)).toEqual({ refused: 'already-linked' });
    expect(when(notOurs, announce())).toEqual({ refused: 'nothing-to-link' });
  });
});

describe('a disclosure', () => {
  it('waits until she is linked', () => {
    expect(when(tell(), announce(), offer(), introduce())).toEqual({ refused: 'not-linked' });
  });
  it('is kept with its consent and its term', () => {
    expect(when(tell(), ...linked)).toMatchObject({
      accepted: [{ type: 'DisclosureReceived', purpose: 'support', until, clientId: 'client-1' }],
    });
  });
  it.each([
    ['after the end', [close('ended', 2)], at, 'closed'],
    ['after its categories were turned off', [close('narrowed', 2, 'K2')], at, 'closed'],
    ['after the term', [], until, 'expired'],
  ] as const)('is turned away %s', (_name, closings, moment, reason) => {
    expect(when(tell({ at: moment }), ...linked, ...closings)).toMatchObject({
      accepted: [{ type: 'DisclosureTurnedAway', reason }],
    });
  });
  it('is turned away when no consent on the register names it', () => {
    expect(when(tell({ consentId: 'unheard-of' }), ...linked)).toMatchObject({
      accepted: [{ reason: 'not-registered' }],
    });
  });
  it('keeps the part that is open and drops the one that is closed', () => {
    const parts = [
      { category: 'K2', keyId: 'K2-1', sealedText: 'a' },
      { category: 'K3', keyId: 'K3-1', sealedText: 'b' },
    ] as const;
    expect(when(tell({ parts }), ...linked, close('narrowed', 2, 'K3'))).toMatchObject({
      accepted: [{ parts: [{ category: 'K2' }] }],
    });
  });
  it('is left with its sender during a pause, who tells it again when she resumes', () => {
    expect(when(tell(), ...linked, close('paused', 2))).toEqual({ refused: 'paused' });
    expect(when(tell(), ...linked, close('paused', 2), reopen(3))).toMatchObject({
      accepted: [{ type: 'DisclosureReceived' }],
    });
  });
});

describe('a closing', () => {
  it('names the keys that are to be destroyed, none for a pause', () => {
    expect(when(close('ended', 2), ...told)).toMatchObject({
      accepted: [{ how: 'ended', clientId: 'client-1', keyIds: ['K1-1', 'K2-1', 'K3-1'] }],
    });
    expect(when(close('narrowed', 2, 'K3'), ...told)).toMatchObject({ accepted: [{ keyIds: ['K3-1'] }] });
    expect(when(close('paused', 2), ...told)).toMatchObject({ accepted: [{ keyIds: [] }] });
  });
  it('is acknowledged even when a later one came first', () => {
    expect(when(close('paused', 2), ...told, reopen(3))).toMatchObject({
      accepted: [{ type: 'ScopeClosed', version: 2 }],
    });
    expect(when(close('narrowed', 2, 'K3'), ...told, close('ended', 3))).toMatchObject({
      accepted: [{ type: 'ScopeClosed', keyIds: [] }],
    });
  });
  it('leaves alone the keys of a widening that came before it', () => {
    expect(
      when(
        close('narrowed', 2, 'K3'),
        announce(1, { categories: ['K1', 'K2'] }),
        offer(1, 'K1', 'K2'),
        announce(3),
        offer(3, 'K3'),
      ),
    ).toMatchObject({
      accepted: [{ keyIds: [] }],
    });
  });
  it('asks for a fresh key when a widening that came before it needs one', () => {
    const state = after(announce(1), offer(1), announce(3), close('narrowed', 2, 'K3'));
    expect(openCategories(state.register['consent-1'], at)).toEqual(['K1', 'K2', 'K3']);
    expect(categoriesWithoutKey(state, 'consent-1')).toEqual(['K3']);
  });
  it('that paused twice is not lifted by the resuming in between', () => {
    expect(open(announce(1), close('paused', 2), close('paused', 4), reopen(3))).toEqual([]);
  });
  it('of a category stays closed over a pause', () => {
    expect(open(announce(1), close('narrowed', 2, 'K3'), close('paused', 3), reopen(4))).toEqual(['K1', 'K2']);
  });
  it('that overtook the announcement does not keep it from being registered', () => {
    expect(open(close('paused', 2), announce(1), reopen(3))).toEqual(['K1', 'K2', 'K3']);
    expect(open(reopen(3), announce(1), close('paused', 2))).toEqual(['K1', 'K2', 'K3']);
  });
  it('says once that its keys were destroyed', () => {
    const ended = [...told, close('ended', 2)];
    expect(when(destroyed(2, 'K1-1', 'K2-1', 'K3-1'), ...ended)).toMatchObject({
      accepted: [{ type: 'ScopeKeysDestroyed' }],
    });
    expect(when(destroyed(2, 'K1-1', 'K2-1', 'K3-1'), ...ended, destroyed(2, 'K1-1', 'K2-1', 'K3-1'))).toEqual({
      accepted: [],
    });
  });
});

describe('taking into a decision', () => {
  it('keeps one fact for one decision', () => {
    expect(when(takeIn(), ...told)).toMatchObject({
      accepted: [{ type: 'TakenIntoDecision', discloser: 'ggz-amstel', contract: 'trajectory-status.v1' }],
    });
  });
  it('is refused when the fact never came, or is closed', () => {
    expect(when(takeIn({ messageId: 'unheard-of' }), ...told)).toEqual({ refused: 'not-received' });
    expect(when(takeIn(), ...told, close('ended', 2))).toEqual({ refused: 'scope-closed' });
    expect(when(takeIn(), ...told, close('paused', 2))).toEqual({ refused: 'scope-closed' });
    expect(when(takeIn({ category: 'K3' }), ...told)).toEqual({ refused: 'scope-closed' });
    expect(when(takeIn({ at: until }), ...told)).toEqual({ refused: 'scope-closed' });
  });
  it('is refused under a reference that was used for something else', () => {
    expect(when(takeIn({ decisionId: 'decision-2' }), ...told, takeIn())).toEqual({
      refused: 'already-taken-elsewhere',
    });
  });
});

describe('every command', () => {
  it('changes nothing the second time', () => {
    for (const command of [
      ...told,
      takeIn(),
      close('narrowed', 2, 'K3'),
      close('paused', 3),
      reopen(4),
      close('ended', 5),
      destroyed(5, 'K1-1', 'K2-1', 'K3-1'),
    ])
      expect([
        command.type,
        when(
          command,
          ...told,
          takeIn(),
          close('narrowed', 2, 'K3'),
          close('paused', 3),
          reopen(4),
          close('ended', 5),
          destroyed(5, 'K1-1', 'K2-1', 'K3-1'),
        ),
      ]).toEqual([command.type, { accepted: [] }]);
    expect(when(notOurs, announce(), offer(), introduce(), notOurs)).toEqual({ accepted: [] });
  });
  it('is refused in words, in two languages', () => {
    for (const { nl, en } of Object.values(receivedRefusals))
      expect([nl.endsWith('.'), en.endsWith('.')]).toEqual([true, true]);
  });
});
