/**
 * The client's own list of who looked (U20): one line per day, role and reason, without names.
 *
 * Attempts that were stopped are in it, because an attempt on her data is hers to know; but as one line per day in the same words for
 * all. Were it told who tried, how often or why it was stopped, then the line would tell about a third party (a neighbour at the
 * counter, an ex-partner) or that somebody met a restriction of hers. Her representative does not get that line at all: it could tell
 * him that she objected to him. The privacy officer sees attempts in full.
 */
import type { Category, Sentence } from '@convenant/kernel';
import { categoryNames, dayOf } from '@convenant/kernel';
import { wasAnswered, wasRefused, type LoggedRecord } from './access-record.js';
import * as words from './client-words.js';

export type Locale = keyof Sentence;

export interface ReadingInWords {
  /** The calendar day in the Netherlands. */
  readonly day: string;
  /** One line for the list, such as 'uw verzekeringsarts bij UWV, beoordelen van voortgang'. */
  readonly sentence: string;
  readonly kind: 'reading' | 'stopped';
  /** Empty for an attempt that was stopped. */
  readonly who: string;
  readonly why: string;
  readonly did: string;
  /** Which of her data, in words. */
  readonly what: readonly string[];
  /** The versions of the rules and the consents that it rested on, which are hers. */
  readonly rules: readonly string[];
  readonly consents: readonly string[];
  readonly emergency: false;
}

export interface WordingOptions {
  readonly reader?: 'client' | 'representative';
  /** What an operation is for, where that says more than its purpose: 'beoordelen van voortgang'. */
  readonly reasons?: Readonly<Record<string, Sentence>>;
}

/** Newest day first. Takes records about one client; faulty requests and broken machines are no readings and are left out. */
export function readingsInWords(
  records: readonly LoggedRecord[],
  locale: Locale,
  options: WordingOptions = {},
): readonly ReadingInWords[] {
  const lines = new Map<string, LoggedRecord[]>();
  for (const record of records) {
    const key = foldKey(record, options);
    if (key === undefined) continue;
    const folded = lines.get(key);
    if (folded) folded.push(record);
    else lines.set(key, [record]);
  }
  return [...lines.values()]
    .map((folded) => line(folded, locale, options))
    .sort((a, b) => (a.day === b.day ? (a.sentence < b.sentence ? -1 : 1) : a.day > b.day ? -1 : 1));
}

/** Repeated looks, looks by colleagues in the same role and lists come together in one line. */
function foldKey(record: LoggedRecord, options: WordingOptions): string | undefined {
  const day = dayOf(record.at);
  if (wasAnswered(record)) return [day, who(record).nl, why(record, options).nl, did(record)].join('|');
  return wasRefused(record) && record.relation !== 'self' && options.reader !== 'representative'
    ? `${day}|stopped`
    : undefined;
}

function line(folded: readonly LoggedRecord[], locale: Locale, options: WordingOptions): ReadingInWords {
  const first = folded[0]!;
  const day = dayOf(first.at);
  if (!wasAnswered(first)) {
    const nothing = { who: '', why: '', did: '', what: [], rules: [], consents: [] };
    return { day, kind: 'stopped', sentence: words.stoppedInWords[locale], ...nothing, emergency: false };
  }
  const done = did(first);
  const named = { who: who(first)[locale], why: why(first, options)[locale], did: words.didInWords[done][locale] };
  return {
    day,
    kind: 'reading',
    sentence: `${named.who}, ${named.why}${done === 'read' ? '' : ` (${named.did})`}`,
    ...named,
    what: each(folded, ({ categories }) => categories).map((category: Category) => categoryNames[category][locale]),
    rules: each(folded, ({ policyVersion }) => [policyVersion]),
    consents: each(folded, ({ consents }) => consents),
    emergency: false,
  };
}

const who = ({ user }: LoggedRecord): Sentence => lookUp(words.whoInWords, user.role) ?? words.someoneInWords;

function why(record: LoggedRecord, { reasons = {} }: WordingOptions): Sentence {
  const told = lookUp(reasons, record.operation);
  if (told) return told;
  if (record.relation === 'self' || record.relation === 'representative') return words.ownPageInWords;
  if (record.relation === 'oversight') return words.oversightInWords;
  return (record.purpose === undefined ? undefined : lookUp(words.whyInWords, record.purpose)) ?? words.workInWords;
}

function did({ event, action }: LoggedRecord): keyof typeof words.didInWords {
  if (event === 'export' || event === 'transfer') return 'sent';
  return action === 'C' || action === 'U' || action === 'D' ? 'changed' : 'read';
}

const lookUp = (sentences: Readonly<Record<string, Sentence>>, key: string): Sentence | undefined =>
  Object.hasOwn(sentences, key) ? sentences[key] : undefined;

const each = <T extends string>(records: readonly LoggedRecord[], of: (record: LoggedRecord) => readonly T[]): T[] =>
  [...new Set(records.flatMap(of))].sort();
