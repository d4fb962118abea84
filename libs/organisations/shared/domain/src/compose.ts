/** How the present state of a client becomes the content of a contract, still sealed where it was stored sealed. */
import type { DisclosureContract, ValuesOf } from '@convenant/contracts';
import type { EventCatalogue, Sealed } from '@convenant/kernel';

/** Stands in the place of a `T` that only its key opens; the door opens it right before it tells. */
export interface StillSealed<T = unknown> {
  readonly sealed: Sealed<T>;
}
export const stillSealed = <T>(value: Sealed<T>): StillSealed<T> => ({ sealed: value });

/**
 * A value of a contract's field: the value in clear, or the whole of it still sealed; and where the field is a list of records,
 * a list whose records hold values in clear or still sealed. Nothing is nested deeper.
 */
export type ComposedValue<T> =
  | T
  | StillSealed<T>
  | (T extends readonly (infer Item)[]
      ? readonly { readonly [K in keyof Item]: Item[K] | StillSealed<Item[K]> }[]
      : never);
/** One value for every field of the contract; `undefined` for a field that there is nothing to tell about. */
export type Composed<C extends DisclosureContract> = {
  readonly [K in keyof ValuesOf<C>]: ComposedValue<ValuesOf<C>[K]>;
};

/** What any composition yields: a door can open it without knowing the contract, by replacing every `{ sealed }`. */
export type AnyComposedValue =
  | string
  | number
  | boolean
  | undefined
  | StillSealed
  | readonly AnyComposedValue[]
  | { readonly [name: string]: AnyComposedValue };

export interface Composition {
  readonly contract: DisclosureContract;
  /**
   * The client's own streams that hold what this contract tells. `singleUseFor` is what the consent names when it is for one answer;
   * a contract for single answers has no stream and composes nothing without it, every other contract pays no attention to it.
   */
  streams(clientId: string, singleUseFor?: string): readonly string[];
  /**
   * The types of event after which something else may have to be told. The door composes again after these and no others: what a type that is
   * missing here changes is not told, until something else sets the door going. `typesThatChange` in `promises.ts` holds the list to `compose`.
   */
  readonly changedBy: readonly string[];
  /** `events`: those streams one after the other, each in its own order, decoded. `undefined`: there is nothing to tell (yet). */
  compose(events: readonly { readonly type: string }[]): Readonly<Record<string, AnyComposedValue>> | undefined;
}

/** Declares a composition over the events of one catalogue; events of other types in the same streams are passed over. */
export function composition<C extends DisclosureContract, Event extends { readonly type: string }>(
  declared: Omit<Composition, 'contract' | 'changedBy' | 'compose'> & {
    readonly contract: C;
    readonly events: EventCatalogue<Event>;
    readonly changedBy: readonly NoInfer<Event>['type'][];
    compose(events: readonly NoInfer<Event>[]): Composed<C> | undefined;
  },
): Composition {
  const { contract, streams, changedBy, events: catalogue, compose } = declared;
  return {
    contract,
    streams,
    changedBy,
    compose: (events) =>
      compose(events.filter((event): event is Event => catalogue.knows(event.type))) as
        Readonly<Record<string, AnyComposedValue>> | undefined,
  };
}
