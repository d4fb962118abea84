/** How a message between organisations is declared: every field with its category, so that consent can be asked per field. */
import type { Category, FieldCategory, OrganisationKind } from '@convenant/kernel';
import { z } from 'zod';

export interface Field<T extends z.ZodType = z.ZodType> {
  readonly category: FieldCategory;
  readonly schema: T;
  /** The law or agreement that allows this field, where one is needed beside consent. */
  readonly law?: string;
}
export const field = <T extends z.ZodType>(category: FieldCategory, schema: T, law?: string): Field<T> => ({
  category,
  schema,
  ...(law ? { law } : {}),
});

type Fields = Readonly<Record<string, Field>>;
type Values<F extends Fields> = { readonly [K in keyof F]: z.infer<F[K]['schema']> };

interface ContractBase {
  readonly name: string;
  readonly version: number;
  /** Which kinds of organisation may send it, and to which. */
  readonly from: readonly OrganisationKind[];
  readonly to: readonly OrganisationKind[];
}

/**
 * What a client's consent lets one organisation tell another: the state as of a moment, complete for the categories that left.
 * Fields travel in one sealed part per category. A `medical` contract goes to a physician's role alone and has no reader besides.
 */
export interface DisclosureContract<F extends Fields = Fields> extends ContractBase {
  readonly kind: 'disclosure';
  readonly channel: 'shared' | 'medical';
  readonly fields: F;
  /** What a reader may keep apart: facts that belong together share this name. One contract, one subject. */
  readonly titleNl: string;
}

/**
 * What keeps two organisations in step: announcements, keys, closings, receipts. About a consent or a message, never about a life.
 * `urgent` messages wait for nothing and behind nothing. The one in the `medical` channel is a physician's question, whose text its sender seals
 * to the organisation that is asked.
 */
export interface ControlContract<F extends Fields = Fields> extends ContractBase {
  readonly kind: 'control';
  readonly channel: 'shared' | 'medical';
  readonly urgent: boolean;
  readonly fields: F;
  readonly schema: z.ZodObject;
}

export type Contract = DisclosureContract | ControlContract;
export type ValuesOf<C> = C extends { fields: infer F extends Fields } ? Values<F> : never;

export const contractId = (contract: Pick<Contract, 'name' | 'version'>): string =>
  `${contract.name}.v${contract.version}`;
export const messageType = (contract: Pick<Contract, 'name' | 'version'>): string =>
  `nl.convenant.${contractId(contract)}`;

export function disclosureContract<F extends Fields>(
  declared: Omit<DisclosureContract<F>, 'kind' | 'channel'> & { channel?: 'shared' | 'medical' },
): DisclosureContract<F> {
  const channel = declared.channel ?? 'shared';
  for (const [name, { category }] of Object.entries(declared.fields)) {
    if (category === 'K9a' || category === 'K10')
      throw new Error(`${declared.name}.${name}: ${category} is never told about one client.`);
    if (category === 'K5' && channel !== 'medical')
      throw new Error(`${declared.name}.${name}: no shared contract has a medical field.`);
  }
  return { ...declared, kind: 'disclosure', channel };
}

/** Throws for a field about a client: consent is not asked per field here. Only the medical channel may carry a medical one. */
export function controlContract<F extends Fields>(
  declared: Omit<ControlContract<F>, 'kind' | 'channel' | 'schema'> & { channel?: 'shared' | 'medical' },
): ControlContract<F> {
  const channel = declared.channel ?? 'shared';
  for (const [name, { category }] of Object.entries(declared.fields))
    if (category !== 'own' && !(category === 'K5' && channel === 'medical'))
      throw new Error(
        `${declared.name}.${name}: no control message in the ${channel} channel has a field of ${category}.`,
      );
  const shape = Object.fromEntries(Object.entries(declared.fields).map(([name, { schema }]) => [name, schema]));
  return { ...declared, kind: 'control', channel, schema: z.strictObject(shape) };
}

/** The categories of a disclosure contract, each once. */
export const categoriesOf = (contract: DisclosureContract): readonly Category[] => [
  ...new Set(Object.values(contract.fields).flatMap(({ category }) => (category === 'own' ? [] : [category]))),
];
/** The schema of the part that carries one category. Unknown fields are refused. */
export const partSchema = (contract: DisclosureContract, category: Category): z.ZodObject =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(contract.fields)
        .filter(([, declared]) => declared.category === category)
        .map(([name, { schema }]) => [name, schema]),
    ),
  );
