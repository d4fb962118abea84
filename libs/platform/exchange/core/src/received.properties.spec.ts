/** What holds for every history of a consent, in whatever order and however often its messages arrive. */
import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReceivedCommand } from './received-commands.js';
import type { ReceivedEvent } from './received-events.js';
import { categoriesWithoutKey, livingKeys, openCategories, type ReceivedState } from './received-state.js';
import { received } from './received.js';

const at = '2026-10-05T09:00:00.000Z';
const until = '2027-10-05T09:00:00.000Z';
const from = { discloser: 'ggz-amstel', pseudonym: 'p-1', at };
const offered = ['K2', 'K3', 'K7'] as const;
type Switch = (typeof offered)[number];
type Told = { readonly type: 'Tell'; readonly version: number; readonly category: Switch };
type Arriving = Extract<ReceivedCommand, { type: 'RegisterConsent' | 'CloseScope' | 'ReopenScope' }> | Told;

type Act =
  | { readonly act: 'pause' | 'resume' | 'withdraw' }
  | { readonly act: 'narrow' | 'widen' | 'tell'; readonly category: Switch };
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constantFrom('pause' as const, 'resume' as const, 'withdraw' as const) }),
  fc.record({
    act: fc.constantFrom('narrow' as const, 'widen' as const, 'tell' as const),
    category: fc.constantFrom(...offered),
  }),
);

/** The messages that these acts lead to at the discloser, in order; acts that its own rules would refuse lead to none. */
function messagesOf(acts: readonly Act[]): { messages: Arriving[]; open: readonly Switch[] } {
  let version = 1;
  let granted: Switch[] = ['K2', 'K3'];
  let state: 'given' | 'paused' | 'withdrawn' = 'given';
  const about = { ...from, consentId: 'consent-1' };
  const announcement = (): Arriving => ({
    type: 'RegisterConsent',
    ...about,
    discloserKind: 'mental-health',
    version,
    purpose: 'support',
    roles: ['labourExpert'],
    categories: [...granted],
    until,
  });
  const messages: Arriving[] = [announcement()];
  for (const one of acts) {
    if (state === 'withdrawn') break;
    if (one.act === 'withdraw') {
      state = 'withdrawn';
      messages.push({ type: 'CloseScope', ...about, version: ++version, categories: [], how: 'ended' });
    } else if (one.act === 'pause' && state === 'given') {
      state = 'paused';
      messages.push({ type: 'CloseScope', ...about, version: ++version, categories: [], how: 'paused' });
    } else if (one.act === 'resume' && state === 'paused') {
      state = 'given';
      messages.push({ type: 'ReopenScope', ...about, version: ++version, until });
    } else if (one.act === 'narrow' && granted.length > 1 && granted.includes(one.category)) {
      granted = granted.filter((category) => category !== one.category);
      messages.push({ type: 'CloseScope', ...about, version: ++version, categories: [one.category], how: 'narrowed' });
    } else if (one.act === 'widen' && state === 'given' && !granted.includes(one.category)) {
      granted = [...granted, one.category];
      version++;
      messages.push(announcement());
    } else if (one.act === 'tell' && state === 'given' && granted.includes(one.category)) {
      messages.push({ type: 'Tell', version, category: one.category });
    }
  }
  return { messages, open: state === 'given' ? granted : [] };
}

interface Played {
  readonly state: ReceivedState;
  readonly events: readonly ReceivedEvent[];
}
const start: Played = [
  {
    ...from,
    type: 'ConsentRegistered',
    discloserKind: 'mental-health',
    consentId: 'identity',
    version: 1,
    purpose: 'support',
    roles: [],
    categories: ['K1'],
    until,
  } as const,
  { ...from, type: 'IntroductionLinked', clientId: 'client-1', by: 'exact-match' } as const,
].reduce<Played>(({ state, events }, event) => ({ state: received.evolve(state, event), events: [...events, event] }), {
  state: received.initial,
  events: [],
});

function carryOut({ state, events }: Played, command: ReceivedCommand): Played {
  const decision = received.decide(command, state);
  if ('refused' in decision) return { state, events };
  return {
    state: decision.accepted.reduce((before, event) => received.evolve(before, event), state),
    events: [...events, ...decision.accepted],
  };
}
/** As the inbox does it: the message, and then a key for whatever stands without one. */
function deliver(played: Played, arriving: Arriving, number: number): Played {
  const entry = played.state.register['consent-1'];
  const key =
    entry && livingKeys(entry).find(({ category }) => arriving.type === 'Tell' && category === arriving.category);
  const command: ReceivedCommand =
    arriving.type === 'Tell'
      ? {
          type: 'KeepDisclosure',
          ...from,
          messageId: `message-${number}`,
          consentId: 'consent-1',
          consentVersion: arriving.version,
          contract: `contract-${arriving.category}.v1`,
          asOf: at,
          parts: [{ category: arriving.category, keyId: key?.keyId ?? 'none', sealedText: 'sealed' }],
        }
      : arriving;
  const after = carryOut(played, command);
  const version = after.state.register['consent-1']?.version ?? 0;
  const keys = categoriesWithoutKey(after.state, 'consent-1').map((category) => ({
    category,
    keyId: `${category}-${version}`,
    publicKey: '{}',
  }));
  return keys.length > 0
    ? carryOut(after, { type: 'OfferKeys', ...from, consentId: 'consent-1', version, keys })
    : after;
}

/** Written down apart from the rules: what the messages that have arrived leave open. */
function stillOpen(arrived: readonly Arriving[]): readonly string[] {
  const highest = (numbers: readonly number[]): number => Math.max(0, ...numbers);
  const closings = arrived.filter((one) => one.type === 'CloseScope');
  if (closings.some(({ how }) => how === 'ended')) return [];
  const paused = highest(closings.filter(({ how }) => how === 'paused').map(({ version }) => version));
  if (paused > highest(arrived.filter((one) => one.type === 'ReopenScope').map(({ version }) => version))) return [];
  const announcements = arrived
    .filter((one) => one.type === 'RegisterConsent')
    .toSorted((a, b) => b.version - a.version);
  const [newest] = announcements;
  return (newest?.categories ?? []).filter(
    (category) =>
      highest(
        closings
          .filter(({ how, categories }) => how === 'narrowed' && categories.includes(category))
          .map(({ version }) => version),
      ) < (newest?.version ?? 0),
  );
}

const history = fc.array(act, { maxLength: 14 }).map(messagesOf);
/** Every message at least once, some again, in any order. */
const inAnyOrder = history.chain(({ messages, open }) =>
  fc
    .tuple(
      fc.array(fc.nat({ max: messages.length - 1 }), { maxLength: 6 }),
      fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    )
    .map(([again, chance]) => {
      const numbered = [...messages.keys(), ...again].map((index) => ({ index, place: chance.next().value as number }));
      return { messages, open, order: numbered.toSorted((a, b) => a.place - b.place).map(({ index }) => index) };
    }),
);
const openIn = ({ state }: Played): readonly string[] => openCategories(state.register['consent-1'], at);
const same = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join();
const runs = { numRuns: 1_000 };

describe('a closing wins', () => {
  it('in whatever order everything arrives: in the end just that is open which the client left open', () => {
    fc.assert(
      fc.property(inAnyOrder, ({ messages, open, order }) => {
        const played = order.reduce((before, index) => deliver(before, messages[index] as Arriving, index), start);
        return same(openIn(played), open);
      }),
      runs,
    );
  });
  it('at every moment over everything that it covers: it is neither kept nor open', () => {
    fc.assert(
      fc.property(inAnyOrder, ({ messages, order }) => {
        let played = start;
        const arrived: Arriving[] = [];
        return order.every((index) => {
          const message = messages[index] as Arriving;
          const before = played;
          played = deliver(before, message, index);
          arrived.push(message);
          const allowed = stillOpen(arrived);
          const kept = played.events
            .slice(before.events.length)
            .flatMap((event) => (event.type === 'DisclosureReceived' ? event.parts : []));
          return same(openIn(played), allowed) && kept.every(({ category }) => allowed.includes(category));
        });
      }),
      runs,
    );
  });
  it('and each is carried out exactly once, so that each can be proved', () => {
    fc.assert(
      fc.property(inAnyOrder, ({ messages, order }) => {
        const played = order.reduce((before, index) => deliver(before, messages[index] as Arriving, index), start);
        const closings = (list: readonly { how: string; version: number }[]) =>
          list.map(({ how, version }) => `${how} ${version}`);
        return same(
          closings(messages.filter((message) => message.type === 'CloseScope')),
          closings(played.events.filter((event) => event.type === 'ScopeClosed')),
        );
      }),
      runs,
    );
  });
});

describe('keys', () => {
  it('live for whatever stands open in the end, and none lives that a closing was for', () => {
    fc.assert(
      fc.property(inAnyOrder, ({ messages, open, order }) => {
        const played = order.reduce((before, index) => deliver(before, messages[index] as Arriving, index), start);
        const entry = played.state.register['consent-1'];
        const living = entry ? livingKeys(entry).map(({ category }) => category) : [];
        const ended = messages.some((message) => message.type === 'CloseScope' && message.how === 'ended');
        return ended
          ? living.length === 0
          : open.every((category) => living.includes(category)) && new Set(living).size === living.length;
      }),
      runs,
    );
  });
});

describe('every message', () => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(inAnyOrder, ({ messages, order }) => {
        let played = start;
        return order.every((index) => {
          played = deliver(played, messages[index] as Arriving, index);
          const again = deliver(played, messages[index] as Arriving, index);
          // What was turned away is written down again only by a message that the inbox has not seen; it changes nothing that is open or kept.
          return (
            again.events.slice(played.events.length).every(({ type }) => type === 'DisclosureTurnedAway') &&
            JSON.stringify(again.state) === JSON.stringify(played.state)
          );
        });
      }),
      runs,
    );
  });
});
