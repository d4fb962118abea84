/** What the provider must remember between two requests, in memory and within a limit. */
import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Per kind of record; a session, a grant and a refresh token per sign-in are about 3 kB together. */
export const recordsMax = 1000;

/**
 * Holds at most `max` records of every kind: what has expired goes first, then what was written longest ago. Who is pushed out signs in
 * again; an access token is not stored and outlives it. Everything is gone after a restart.
 */
export class BoundedStore {
  private readonly kinds = new Map<string, Map<string, Entry>>();

  constructor(private readonly max = recordsMax) {}

  adapter(kind: string): Adapter {
    const records = this.records(kind);
    const find = (id: string): AdapterPayload | undefined => {
      const entry = records.get(id);
      if (entry && entry.expiresAt > Date.now()) return entry.payload;
      records.delete(id);
      return undefined;
    };
    return {
      find: (id) => Promise.resolve(find(id)),
      findByUid: (uid) => Promise.resolve(first(records, (payload) => payload.uid === uid, find)),
      findByUserCode: () => Promise.resolve(undefined),
      upsert: (id, payload, expiresIn) => {
        // Deleted first, so that the order of the map is the order of writing.
        records.delete(id);
        this.makeRoom(records);
        records.set(id, { payload, expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : Infinity });
        return Promise.resolve();
      },
      consume: (id) => {
        const payload = find(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
        return Promise.resolve();
      },
      destroy: (id) => {
        records.delete(id);
        return Promise.resolve();
      },
      revokeByGrantId: (grantId) => {
        for (const [id, { payload }] of records) if (payload.grantId === grantId) records.delete(id);
        return Promise.resolve();
      },
    };
  }

  size(): number {
    return [...this.kinds.values()].reduce((sum, records) => sum + records.size, 0);
  }

  private records(kind: string): Map<string, Entry> {
    const known = this.kinds.get(kind) ?? new Map<string, Entry>();
    this.kinds.set(kind, known);
    return known;
  }

  private makeRoom(records: Map<string, Entry>): void {
    if (records.size < this.max) return;
    const now = Date.now();
    for (const [id, { expiresAt }] of records) if (expiresAt <= now) records.delete(id);
    for (const id of records.keys()) {
      if (records.size < this.max) return;
      records.delete(id);
    }
  }
}

function first(
  records: ReadonlyMap<string, Entry>,
  matches: (payload: AdapterPayload) => boolean,
  find: (id: string) => AdapterPayload | undefined,
): AdapterPayload | undefined {
  for (const [id, { payload }] of records) if (matches(payload)) return find(id);
  return undefined;
}
