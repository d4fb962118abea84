/** What a privacy officer asks of the log: who saw this client or this datum, and who tries what is not theirs. */
import { addMilliseconds, isAfter, type Category } from '@convenant/kernel';
import { wasAnswered, wasRefused, type LoggedRecord, type RelationKind } from './access-record.js';

export interface Sighting {
  /** Absent when the person could not be recognised or can no longer be read. */
  readonly person: string | undefined;
  readonly role: string;
  readonly responsible: string | undefined;
  readonly times: number;
  readonly first: string;
  readonly last: string;
  readonly operations: readonly string[];
  readonly purposes: readonly string[];
  readonly categories: readonly Category[];
  readonly relations: readonly RelationKind[];
}

export interface WhoSawQuestion {
  readonly client: string;
  /** One datum: a category, one thing by its opaque id, or both. */
  readonly category?: Category | undefined;
  readonly object?: string | undefined;
}

export interface WhoSaw {
  readonly saw: readonly Sighting[];
  /** Those who asked and were refused. A refused record names no categories, so it counts for the client, not for one datum. */
  readonly tried: readonly Sighting[];
}

/** One line per person and role, the latest first. Takes any records; those about others are passed over. */
export function whoSaw(records: readonly LoggedRecord[], { client, category, object }: WhoSawQuestion): WhoSaw {
  const about = records.filter(
    (record) => record.client === client && (object === undefined || record.object === object),
  );
  const answered = about.filter(
    (record) => wasAnswered(record) && (category === undefined || record.categories.includes(category)),
  );
  return { saw: sightings(answered), tried: sightings(about.filter(wasRefused)) };
}

function sightings(records: readonly LoggedRecord[]): readonly Sighting[] {
  const groups = groupBy(records, ({ user }) => JSON.stringify([user.person, user.role, user.responsible]));
  return [...groups.values()]
    .map((group) => {
      const moments = group.map(({ at }) => at).sort();
      const { person, role, responsible } = group[0]!.user;
      return {
        person,
        role,
        responsible,
        times: group.length,
        first: moments[0]!,
        last: moments.at(-1)!,
        operations: distinct(group.map(({ operation }) => operation)),
        purposes: distinct(group.flatMap(({ purpose }) => purpose ?? [])),
        categories: distinct(group.flatMap(({ categories }) => categories)),
        relations: distinct(group.map(({ relation }) => relation)),
      };
    })
    .sort((a, b) => (a.last > b.last ? -1 : a.last < b.last ? 1 : 0));
}

/** Answers that were given to somebody without a relation. The log refuses to write them: one of these is an alarm in itself. */
export const answersWithoutRelation = (records: readonly LoggedRecord[]): readonly LoggedRecord[] =>
  records.filter(
    (record) => wasAnswered(record) && record.relation === 'none' && (record.client !== undefined || record.erased),
  );

export interface AttemptLimits {
  /** So many refusals within the window are no slip of the hand any more. */
  readonly refusals: number;
  /** Or refusals about so many different people. */
  readonly subjects: number;
  readonly windowMs: number;
}
export const attemptLimits: AttemptLimits = { refusals: 10, subjects: 3, windowMs: 24 * 60 * 60 * 1000 };

export interface SuspiciousAttempts {
  /** Absent: nobody was recognised, and all such attempts are counted together. */
  readonly person: string | undefined;
  readonly roles: readonly string[];
  readonly refusals: number;
  /** Clients, and identifiers that are no client here, each once. */
  readonly subjects: number;
  readonly from: string;
  readonly until: string;
  readonly why: 'many-refusals' | 'many-subjects';
}

/** Per person the worst window; the one with the most refusals first. What was answered never counts, however much it is. */
export function suspiciousAttempts(
  records: readonly LoggedRecord[],
  limits: AttemptLimits = attemptLimits,
): readonly SuspiciousAttempts[] {
  const refused = records.filter(wasRefused).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.number - b.number));
  return [...groupBy(refused, ({ user }) => user.person).values()]
    .flatMap((attempts) => worstWindow(attempts, limits) ?? [])
    .sort((a, b) => b.refusals - a.refusals);
}

function worstWindow(attempts: readonly LoggedRecord[], limits: AttemptLimits): SuspiciousAttempts | undefined {
  let worst: SuspiciousAttempts | undefined;
  let start = 0;
  for (const [end, last] of attempts.entries()) {
    while (isAfter(last.at, addMilliseconds(attempts[start]!.at, limits.windowMs))) start++;
    const window = attempts.slice(start, end + 1);
    const subjects = new Set(window.flatMap(({ client, askedFor }) => client ?? askedFor ?? [])).size;
    const many = subjects >= limits.subjects;
    if (!many && window.length < limits.refusals) continue;
    if (worst && window.length <= worst.refusals && subjects <= worst.subjects) continue;
    worst = {
      person: last.user.person,
      roles: distinct(window.map(({ user }) => user.role)),
      refusals: window.length,
      subjects,
      from: window[0]!.at,
      until: last.at,
      why: many ? 'many-subjects' : 'many-refusals',
    };
  }
  return worst;
}

const distinct = <T extends string>(values: readonly T[]): T[] => [...new Set(values)].sort();

function groupBy<T, Key>(values: readonly T[], keyOf: (value: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
