/** A composed state: its fields and their categories, how it is opened, when it was so, and whether it is the same as what was told before. */
import type { DisclosureContract } from '@convenant/contracts';
import { isAfter, isBefore, type Category, type Opened, type Sealed, type StoredEvent } from '@convenant/kernel';
import type { AnyComposedValue, StillSealed } from '@convenant/shared-domain';

type Open = (sealed: Sealed<unknown>) => Promise<Opened<unknown>>;

const isStillSealed = (value: object): value is StillSealed =>
  Object.keys(value).length === 1 && typeof (value as { sealed?: unknown }).sealed === 'string';

/** Opens what is still sealed and leaves out what is undefined. One part that was erased makes the whole unknown: half of a state is not told. */
export async function openComposed(
  composed: Readonly<Record<string, AnyComposedValue>>,
  open: Open,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  let gone = false;
  const openValue = async (value: AnyComposedValue): Promise<unknown> => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all((value as readonly AnyComposedValue[]).map(openValue));
    if (isStillSealed(value)) {
      const opened = await open(value.sealed);
      if (typeof opened !== 'string') return opened.value;
      gone = true;
      return undefined;
    }
    const entries = await Promise.all(
      Object.entries(value).map(async ([name, inner]) => [name, await openValue(inner as AnyComposedValue)] as const),
    );
    return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
  };
  const opened = (await openValue(composed)) as Readonly<Record<string, unknown>>;
  return gone ? undefined : opened;
}

/** The moment of the newest event that a state was made of. */
export const asOf = (events: readonly StoredEvent[]): string | undefined =>
  events.reduce<string | undefined>(
    (latest, { meta }) => (latest === undefined || isAfter(meta.at, latest) ? meta.at : latest),
    undefined,
  );

/** The moment of the oldest event that it was made of: what a consent for facts from a day on is held against. */
export const earliest = (events: readonly StoredEvent[]): string | undefined =>
  events.reduce<string | undefined>(
    (first, { meta }) => (first === undefined || isBefore(meta.at, first) ? meta.at : first),
    undefined,
  );

/** The same text for the same values, whatever the order of their names. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
    return `{${entries
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalText(inner)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** The category of each of these fields; what is the organisation's own has none that leaves. */
export const categoriesByField = (contract: DisclosureContract, names: readonly string[]): Record<string, Category> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const category = contract.fields[name]?.category;
      return category && category !== 'own' ? [[name, category]] : [];
    }),
  );

const wholes = new WeakMap<DisclosureContract, Readonly<Record<string, Category>>>();
/** Of all its fields; the same object for the same contract, so not to be changed. */
export function allCategories(contract: DisclosureContract): Readonly<Record<string, Category>> {
  const whole = wholes.get(contract) ?? categoriesByField(contract, Object.keys(contract.fields));
  wholes.set(contract, whole);
  return whole;
}
