/** What a partner made of everything that was told to it, counted from the two logs alone: per message, and in the order of each lane. */
import { disclosureEvents, type DisclosureEvent } from '@convenant/consent';
import { receivedEvents, type ReceivedEvent } from '@convenant/exchange';
import type { StoredEvent } from '@convenant/kernel';

/** Message ids, each where it went wrong; a message that was told and is not kept yet counts as lost until it is. */
export interface Kept {
  /** Everything that was told to this partner. */
  readonly told: readonly string[];
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  /** Kept at another place in its lane than where it was told. */
  readonly outOfTurn: readonly string[];
}

/** Of messages about clients, which are what a lane is for. Both logs whole, in their order. */
export function whatWasKept(
  discloser: readonly StoredEvent[],
  recipientsLog: readonly StoredEvent[],
  recipient: string,
): Kept {
  const told = lanes(discloser.flatMap((stored) => toldIn(stored, recipient)));
  const kept = lanes(recipientsLog.flatMap(keptIn));
  const all = [...told.values()].flat();
  const times = new Map<string, number>();
  for (const id of [...kept.values()].flat()) times.set(id, (times.get(id) ?? 0) + 1);
  return {
    told: all,
    lost: all.filter((id) => !times.has(id)),
    duplicated: [...times].flatMap(([id, count]) => (count > 1 ? [id] : [])),
    outOfTurn: [...told].flatMap(([lane, ids]) => misplaced(ids, kept.get(lane) ?? [])),
  };
}

interface InLane {
  readonly lane: string;
  readonly messageId: string;
}

function toldIn(stored: StoredEvent, recipient: string): readonly InLane[] {
  if (stored.type !== 'Disclosed') return [];
  const event = disclosureEvents.decode(stored) as Extract<DisclosureEvent, { type: 'Disclosed' }>;
  return event.recipient === recipient ? [{ lane: event.pseudonym, messageId: event.messageId }] : [];
}

function keptIn(stored: StoredEvent): readonly InLane[] {
  if (stored.type !== 'DisclosureReceived' && stored.type !== 'IntroductionReceived') return [];
  const event = receivedEvents.decode(stored) as Extract<
    ReceivedEvent,
    { type: 'DisclosureReceived' | 'IntroductionReceived' }
  >;
  return [{ lane: event.pseudonym, messageId: event.messageId }];
}

function lanes(messages: readonly InLane[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { lane, messageId } of messages) found.set(lane, [...(found.get(lane) ?? []), messageId]);
  return found;
}

/** Only of what is there: what is lost is told by itself, and moves nothing up. */
function misplaced(told: readonly string[], kept: readonly string[]): readonly string[] {
  const there = [...new Set(kept)];
  const due = told.filter((id) => there.includes(id));
  return due.filter((id, index) => there.filter((each) => due.includes(each))[index] !== id);
}
