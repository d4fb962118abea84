/** Events as they are stored for ever: a clear part that rules and sorting need, and a sealed part with everything personal. */
import { z } from 'zod';
import type { Category } from './category.js';
import type { Position } from './event-store.js';
import type { Sealed } from './sealed.js';

/** Who caused it. A person is known by the subject that this organisation's identity provider gives, never by name. */
export type Actor =
  | { readonly kind: 'person'; readonly person: string; readonly role: string; readonly responsible?: string }
  | { readonly kind: 'partner'; readonly organisation: string; readonly message: string }
  | { readonly kind: 'system'; readonly process: string };

/** Set by the host, never by hand. */
export interface EventMeta {
  readonly at: string;
  readonly actor: Actor;
  /** The command or message that led to this event. */
  readonly cause: string;
  /** The client whom this event is about, when it is about one: what erasure, the door and the client's own views go by. */
  readonly client?: string;
  readonly traceparent?: string;
}

export interface NewEvent {
  /** Derived from the cause and the index, so that the same cause appends the same ids. */
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sealed: Readonly<Record<string, string>>;
  readonly meta: EventMeta;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** 1 for the first event of the stream. */
  readonly streamVersion: number;
  readonly position: Position;
}

export interface SealedField<T> {
  readonly category: Category;
  readonly optional: boolean;
  readonly holds?: T;
}
/** A field that holds a sealed `T` of this category. */
export const sealed = <T>(category: Category): SealedField<T> & { optional: false } => ({ category, optional: false });
export const sealedOptional = <T>(category: Category): SealedField<T> & { optional: true } => ({
  category,
  optional: true,
});

type SealedShape = Readonly<Record<string, SealedField<unknown>>>;
type SealedValues<S extends SealedShape> = {
  readonly [K in keyof S as S[K]['optional'] extends true ? never : K]: S[K] extends SealedField<infer T>
    ? Sealed<T>
    : never;
} & {
  readonly [K in keyof S as S[K]['optional'] extends true ? K : never]?: S[K] extends SealedField<infer T>
    ? Sealed<T> | undefined
    : never;
};

export interface EventDefinition<
  Type extends string = string,
  C extends z.ZodRawShape = z.ZodRawShape,
  S extends SealedShape = SealedShape,
> {
  readonly type: Type;
  readonly version: number;
  readonly clear: C;
  readonly sealed: S;
  readonly schema: z.ZodObject<C>;
  /** Pure steps from version n to n + 1, by n; each works on clear and sealed fields together and cannot open the latter. */
  readonly upcast: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
}

/** Names and shapes are stored for ever: change them only by raising the version and adding the step that reads the old one. */
export function defineEvent<
  Type extends string,
  C extends z.ZodRawShape,
  S extends SealedShape = Record<never, SealedField<unknown>>,
>(
  type: Type,
  shape: { clear: C; sealed?: S; version?: number; upcast?: EventDefinition['upcast'] },
): EventDefinition<Type, C, S> {
  return {
    type,
    version: shape.version ?? 1,
    clear: shape.clear,
    sealed: (shape.sealed ?? {}) as S,
    schema: z.strictObject(shape.clear) as unknown as z.ZodObject<C>,
    upcast: shape.upcast ?? {},
  };
}

export type EventOf<D> =
  D extends EventDefinition<infer Type, infer C, infer S>
    ? { readonly type: Type } & Readonly<z.infer<z.ZodObject<C>>> & SealedValues<S>
    : never;

export interface EventCatalogue<Event extends { type: string }> {
  readonly definitions: readonly EventDefinition[];
  /** Splits an event into its clear and sealed part. Throws on a field that is not declared: that is a bug. */
  encode(event: Event): Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>;
  /** Brings a stored event to the newest version. Throws `UnknownEvent` for a type or a version that this release cannot read. */
  decode(stored: Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>): Event;
  knows(type: string): boolean;
}

export class UnknownEvent extends Error {
  constructor(
    readonly type: string,
    readonly version: number,
  ) {
    super(
      `This release cannot read ${type} version ${version}. Install a release that can; the reader stops here and keeps its position.`,
    );
  }
}

/** The events that a catalogue knows, as one union. */
export type CatalogueEvent<C> = C extends EventCatalogue<infer Event> ? Event : never;

interface AnyEventDefinition {
  readonly type: string;
  readonly version: number;
  readonly clear: z.ZodRawShape;
  readonly sealed: SealedShape;
  readonly schema: z.ZodType;
}

export function defineEvents<D extends readonly AnyEventDefinition[]>(
  ...definitions: D
): EventCatalogue<EventOf<D[number]>> {
  const byType = new Map(
    (definitions as unknown as EventDefinition[]).map((definition) => [definition.type, definition]),
  );
  return {
    definitions: definitions as unknown as EventDefinition[],
    knows: (type) => byType.has(type),
    encode(event) {
      const { type, ...fields } = event as { type: string } & Record<string, unknown>;
      const definition = byType.get(type);
      if (!definition) throw new UnknownEvent(type, 0);
      const data: Record<string, unknown> = {};
      const hidden: Record<string, string> = {};
      for (const [name, value] of Object.entries(fields)) {
        if (value === undefined) continue;
        if (name in definition.sealed) hidden[name] = value as string;
        else data[name] = value;
      }
      for (const [name, field] of Object.entries(definition.sealed)) {
        if (!field.optional && typeof hidden[name] !== 'string')
          throw new Error(`${type}.${name} must be sealed and is missing.`);
      }
      definition.schema.parse(data);
      return { type, version: definition.version, data, sealed: hidden };
    },
    decode(stored) {
      const definition = byType.get(stored.type);
      if (!definition || stored.version > definition.version) throw new UnknownEvent(stored.type, stored.version);
      let fields: Record<string, unknown> = { ...stored.data, ...stored.sealed };
      for (let version = stored.version; version < definition.version; version++) {
        const step = definition.upcast[version];
        if (!step) throw new UnknownEvent(stored.type, stored.version);
        fields = step(fields);
      }
      return { type: stored.type, ...fields } as never;
    },
  };
}

/** Any catalogue, whatever its events: enough to read with, not to write with. */
export interface AnyCatalogue {
  readonly definitions: readonly EventDefinition[];
  decode(stored: Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>): { readonly type: string };
  knows(type: string): boolean;
}
type EventIn<C> = C extends { decode(stored: never): infer Event } ? Event : never;

/** Several catalogues as one, for readers of more than one kind of stream. Throws when two define the same type. */
export function joinCatalogues<C extends readonly AnyCatalogue[]>(
  ...catalogues: C
): AnyCatalogue & { decode(stored: Pick<NewEvent, 'type' | 'version' | 'data' | 'sealed'>): EventIn<C[number]> } {
  const owner = new Map<string, AnyCatalogue>();
  for (const catalogue of catalogues) {
    for (const { type } of catalogue.definitions) {
      if (owner.has(type)) throw new Error(`Two catalogues define ${type}.`);
      owner.set(type, catalogue);
    }
  }
  return {
    definitions: catalogues.flatMap((catalogue) => catalogue.definitions),
    knows: (type) => owner.has(type),
    decode(stored) {
      const found = owner.get(stored.type);
      if (!found) throw new UnknownEvent(stored.type, stored.version);
      return found.decode(stored) as EventIn<C[number]>;
    },
  };
}
