/** What every event store promises. The contract suite in platform/event-store/contract holds each adapter to it. */
import type { NewEvent, StoredEvent } from './event.js';

declare const positionBrand: unique symbol;
/**
 * A place in the order of the whole log. Opaque; compare two with `comparePositions` only. Survives backup and restore:
 * what is appended after a restore comes after everything before it.
 */
export type Position = string & { readonly [positionBrand]: true };

/** Negative when `a` comes first. `undefined` stands before everything. */
export const comparePositions = (a: Position | undefined, b: Position | undefined): number =>
  a === b ? 0 : a === undefined ? -1 : b === undefined ? 1 : a < b ? -1 : 1;

export interface Appended {
  /** The version of the stream after this append (that is, of its last event). */
  readonly version: number;
  /** The position of the last event that the append wrote (or had written before, when it was repeated). */
  readonly position: Position;
}

/** The stream was not at the expected version: somebody else wrote first, and nothing of this append was kept. */
export class VersionConflict extends Error {
  constructor(
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`The stream is at version ${actual}, not at ${expected}.`);
  }
}

export abstract class EventStore {
  /**
   * Writes all events or none, at `expectedVersion` (0 for a stream that does not exist). When it returns, they are on disk (fsync).
   * Of two racing writers exactly one wins; the other gets `VersionConflict`.
   * Repeating an append whose events are all in this stream already (same ids) changes nothing and returns the first answer,
   * whatever `expectedVersion` says. Ids of which only some are known, or that are known in another stream, are refused with an error.
   * Not promised: that `position` is visible to `readAll` at once; an older transaction may hold it back for a moment.
   */
  abstract append(stream: string, expectedVersion: number, events: readonly NewEvent[]): Promise<Appended>;
  /** The stream's events in order, after version `after`. An unknown stream is empty. Names are compared exactly, case included. */
  abstract read(stream: string, after?: number): Promise<readonly StoredEvent[]>;
  /** The stream's events up to this version. They never change, so this may be answered from memory; what came after may be missed. */
  async readUpTo(stream: string, version: number): Promise<readonly StoredEvent[]> {
    return (await this.read(stream)).slice(0, version);
  }
  /**
   * The stream's events from the first on as far as they are in memory, without asking anybody: perhaps not the newest, perhaps none. For who
   * asks afterwards anyway, or appends at the version that is known here and then hears of what it missed.
   */
  remembered(_stream: string): readonly StoredEvent[] {
    return [];
  }
  /**
   * At most `limit` events of the whole log after `after`, in an order that never changes. Never skips: once an event was returned,
   * no event will ever appear before it.
   */
  abstract readAll(after: Position | undefined, limit: number): Promise<readonly StoredEvent[]>;
  /** The position of the last event that `readAll` can return now; `undefined` for an empty log. */
  abstract head(): Promise<Position | undefined>;
  /** Calls back some time after something was appended. A hint: may come late, twice or not at all; readers also poll. */
  abstract onAppended(listener: () => void): () => void;
  abstract close(): Promise<void>;
}
