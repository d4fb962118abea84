/** Commands that ask for one event have its fields: nothing is written twice, and a handler seals exactly what the event declares. */
import type { EventDefinition, Sealed, SealedField, Sealer } from '@convenant/kernel';

/** The command `Type` with the fields of the event that it asks for. */
export type CommandFor<Type extends string, Event> = Event extends { readonly type: string }
  ? { readonly type: Type } & Omit<Event, 'type'>
  : never;

/** The event with the fields of the command that asked for it. */
export const happened = <Type extends string, Command extends { readonly type: string }>(
  type: Type,
  command: Command,
): { readonly type: Type } & Omit<Command, 'type'> => ({ ...command, type });

type SealedShape = Readonly<Record<string, SealedField<unknown>>>;
type Holds<F> = F extends SealedField<infer T> ? T : never;
type ShapeOf<D> = D extends EventDefinition<string, never, infer S> ? S : D extends { sealed: infer S } ? S : never;

/** The personal fields of an event before they are sealed. */
export type PersonalFields<D extends { readonly sealed: SealedShape }> = {
  readonly [K in keyof ShapeOf<D> as D['sealed'][K & string]['optional'] extends true ? never : K]: Holds<
    ShapeOf<D>[K]
  >;
} & {
  readonly [K in keyof ShapeOf<D> as D['sealed'][K & string]['optional'] extends true ? K : never]?:
    Holds<ShapeOf<D>[K]> | undefined;
};
export type SealedFields<D extends { readonly sealed: SealedShape }> = {
  readonly [K in keyof PersonalFields<D>]: undefined extends PersonalFields<D>[K]
    ? Sealed<Exclude<PersonalFields<D>[K], undefined>> | undefined
    : Sealed<PersonalFields<D>[K]>;
};

/**
 * Seals every field that the event declares as sealed, under the client's key, and nothing else: other properties of `values` are left behind.
 * A field without a value stays away.
 */
export async function sealFields<D extends { readonly sealed: SealedShape }>(
  sealer: Sealer,
  clientId: string,
  definition: D,
  values: PersonalFields<D>,
): Promise<SealedFields<D>> {
  const given = values as Readonly<Record<string, unknown>>;
  const names = Object.keys(definition.sealed).filter((name) => given[name] !== undefined);
  const entries = names.map(async (name) => [name, await sealer.seal(clientId, given[name])] as const);
  return Object.fromEntries(await Promise.all(entries)) as SealedFields<D>;
}
