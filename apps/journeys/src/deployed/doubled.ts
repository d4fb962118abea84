/** What stands twice in the log of one organisation: work that was carried out twice under one cause, and one fact recorded under two causes. */
import type { DisclosureEvent } from '@convenant/consent';
import type { ReceivedEvent } from '@convenant/exchange';
import type { StoredEvent } from '@convenant/kernel';

export type Recorded = Pick<StoredEvent, 'stream' | 'streamVersion' | 'type' | 'data' | 'meta'>;
type Data = Recorded['data'];

/** The type of every event too many, as often as it is too many. The events are in the order of the log. */
export function doubledIn(log: readonly Recorded[]): readonly string[] {
  const tooMany = new Set([...carriedOutTwice(log), ...recordedTwice(log), ...toldOrNamedTwice(log)]);
  return [...tooMany].map(({ type }) => type);
}

/**
 * Whatever a cause brings to a stream is appended there at once: whoever writes looks first whether the cause has been there, and who tells
 * a partner counts the length of the stream into it. So what comes under the same cause at another moment, or behind something else, is
 * the same work again, whoever did it and whatever is in it: a second attempt has moments, and often ids, of its own, and those are no
 * part of what is compared.
 *
 * Rightly there more than once: one cause in several streams (a client and her name at a partner), and within one append several events of
 * one type that are about different things (the pause of every consent, a reason for each recipient).
 */
function* carriedOutTwice(log: readonly Recorded[]): Generator<Recorded> {
  const appends = new Map<string, { readonly at: string; last: number; readonly contents: Set<string> }>();
  for (const event of log) {
    const { stream, streamVersion, type, data, meta } = event;
    const cause = keyOf(stream, meta.cause);
    const content = keyOf(type, withoutMoments(data));
    const append = appends.get(cause);
    if (!append) appends.set(cause, { at: meta.at, last: streamVersion, contents: new Set([content]) });
    else if (append.at !== meta.at || append.last + 1 !== streamVersion || append.contents.has(content)) yield event;
    else {
      append.last = streamVersion;
      append.contents.add(content);
    }
  }
}

/**
 * What may happen once only, whatever led to it, by what it is about: a message that came again under another id, or two processes that both
 * saw that something was due. Each key is the one by which the rules themselves know that it has been (`received`, `disclosure`).
 *
 * Everything else may happen again under another cause: she may pause, resume and pause, and a colleague may write the same words twice.
 */
function* recordedTwice(log: readonly Recorded[]): Generator<Recorded> {
  const known = new Set<string>();
  for (const event of log) {
    const aboutOf = (once as Partial<Record<string, About>>)[event.type];
    if (!aboutOf) continue;
    const key = keyOf(aboutOf(event.data, event.stream));
    if (known.has(key)) yield event;
    known.add(key);
  }
}

/** A message is received once: kept, kept as an introduction, or turned away. Its id is its own in the whole log. */
const arrived = ({ messageId }: Data): unknown => ['arrived', messageId];
const ofConsent =
  (type: string, ...fields: readonly string[]) =>
  (data: Data, stream: string): unknown => [type, stream, data['consentId'], ...fields.map((field) => data[field])];

type About = (data: Data, stream: string) => unknown;
const once = {
  DisclosureReceived: arrived,
  DisclosureTurnedAway: arrived,
  IntroductionReceived: arrived,
  ConsentRegistered: ofConsent('registered', 'version'),
  ScopeReopened: ofConsent('reopened', 'version'),
  // An expiry and a withdrawal may close the same version, each with a proof of its own.
  ScopeClosed: ofConsent('closed', 'version', 'how'),
  ScopeKeysMade: ({ keys }) => ['made', (keys as readonly { readonly keyId: string }[]).map(({ keyId }) => keyId)],
  ScopeKeysDestroyed: ofConsent('destroyed', 'keyIds'),
  IntroductionLinked: (_data, stream) => ['linked', stream],
  IntroductionNotOurs: (_data, stream) => ['not ours', stream],
  TakenIntoDecision: ({ takenId }) => ['taken', takenId],
  Disclosed: ({ messageId }) => ['disclosed', messageId],
  Stopped: ({ messageId }) => ['stopped', messageId],
  // When the partner closed is no moment of ours but part of what it proves: a pause and an expiry of one version are two closings.
  ClosingAcknowledged: ofConsent('acknowledged', 'recipient', 'consentVersion', 'keyIds', 'closedAt'),
  Withheld: ({ recipient, contract, purpose, reason }, stream) => [
    'withheld',
    stream,
    recipient,
    contract,
    purpose,
    reason,
  ],
} satisfies Partial<Record<DisclosureEvent['type'] | ReceivedEvent['type'], About>>;

/**
 * What the door says anew, under another message id, though nothing changed: what is known is what was said last. Rightly said again: what was
 * stopped on its way, what it returned to after it was something else, and another name after the first was not recognised.
 */
function* toldOrNamedTwice(log: readonly Recorded[]): Generator<Recorded> {
  const last = new Map<string, { readonly said: unknown; readonly messageId?: unknown }>();
  const placeOf = new Map<unknown, string>();
  for (const event of log) {
    const { stream, type, data } = event;
    switch (type as DisclosureEvent['type']) {
      case 'Disclosed': {
        const place = keyOf(stream, data['consentId'], data['contract']);
        if (last.get(place)?.said === data['contentDigest']) yield event;
        last.set(place, { said: data['contentDigest'], messageId: data['messageId'] });
        placeOf.set(data['messageId'], place);
        break;
      }
      case 'Stopped': {
        const place = placeOf.get(data['messageId']) ?? '';
        if (last.get(place)?.messageId === data['messageId']) last.delete(place);
        break;
      }
      case 'PseudonymDrawn': {
        const place = keyOf(stream, data['recipient']);
        if (last.has(place)) yield event;
        last.set(place, { said: data['pseudonym'] });
        break;
      }
      case 'IntroductionAnswered':
        if (data['linked'] === false) last.delete(keyOf(stream, data['recipient']));
        break;
      default:
    }
  }
}

const keyOf = (...parts: readonly unknown[]): string => JSON.stringify(parts);

const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** The same in every other respect, wherever in it a moment stands. */
function withoutMoments(value: unknown): unknown {
  if (typeof value === 'string') return moment.test(value) ? 'a moment' : value;
  if (Array.isArray(value)) return value.map(withoutMoments);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutMoments(each)]));
}
