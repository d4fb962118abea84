/** Holds every label and every attribute to lists that are known beforehand, so that nothing about anybody can end up in one by mistake. */
import { withheldReasons } from '@convenant/consent';
import { contractId, controlContracts, disclosureContracts } from '@convenant/contracts';
import type { InboxRefusal } from '@convenant/exchange';
import type { LabelName, SpanAttribute } from '@convenant/kernel';

/** What stands for a value that is on no list. When it shows up, something counts what it should not. */
export const otherValue = 'other';

export interface KnownValues {
  /** This organisation and its partners. */
  readonly organisations: ReadonlySet<string>;
  /** Commands, queries and reactions. */
  readonly operations: ReadonlySet<string>;
  /** Codes of refusals, beyond those that every organisation has. */
  readonly outcomes: ReadonlySet<string>;
  readonly views: ReadonlySet<string>;
  readonly readers: ReadonlySet<string>;
}
/** An organisation of which not everything is known yet; for a process that serves others, like the gateway. */
export const nothingKnown: KnownValues = {
  organisations: new Set(),
  operations: new Set(),
  outcomes: new Set(),
  views: new Set(),
  readers: new Set(),
};

const inboxRefusals = [
  'malformed',
  'unknown-sender',
  'bad-signature',
  'not-for-us',
  'not-allowed-to-send',
] as const satisfies readonly InboxRefusal[];
const everywhere: ReadonlySet<string> = new Set([
  ...['done', 'broken', 'failed'],
  ...['disclosed', 'stopped', ...withheldReasons],
  ...['handed-over', 'taken-out'],
  ...['kept', 'waits', 'parked', ...inboxRefusals],
]);
const contracts: ReadonlySet<string> = new Set([...disclosureContracts, ...controlContracts].map(contractId));

export type HoldToKnown = (name: LabelName | SpanAttribute, value: string) => string;

export function holdTo(known: KnownValues): HoldToKnown {
  const isOrganisation = (value: string) => value === 'unknown' || known.organisations.has(value);
  const isOperation = (value: string) => known.operations.has(value);
  const isKnown: Readonly<Record<LabelName | SpanAttribute, (value: string) => boolean>> = {
    command: isOperation,
    query: isOperation,
    operation: isOperation,
    recipient: isOrganisation,
    sender: isOrganisation,
    partner: isOrganisation,
    organisation: isOrganisation,
    contract: (value) => contracts.has(value),
    outcome: (value) => everywhere.has(value) || known.outcomes.has(value),
    view: (value) => known.views.has(value),
    reader: (value) => known.readers.has(value),
    status: (value) => /^[1-5]\d\d$/.test(value),
  };
  return (name, value) => (isKnown[name](value) ? value : otherValue);
}
