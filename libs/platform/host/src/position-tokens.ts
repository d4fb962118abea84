/** Positions as people get them back: opaque, so that nobody reads from them how busy the organisation or the cluster was in between. */
import type { EventStore, Position, Sealer } from '@convenant/kernel';

export interface PositionTokens {
  /** The same token for the same position, so that a repeated command gives the same answer. */
  given(position: Position): Promise<Position>;
  /** What to wait for. A token of another instance, or one that was made up, stands for the end of the log as it is now. */
  meant(token: Position | undefined): Promise<Position | undefined>;
}

/** The name of the key; no client has it, as theirs are ids. */
const keyName = 'positions';
const rememberedAtMost = 10_000;

export function createPositionTokens(sealer: Sealer, store: Pick<EventStore, 'head'>): PositionTokens {
  const remembered = new Map<string, Position>();
  return {
    async given(position) {
      const token = await sealer.digest(keyName, position);
      remembered.set(token, position);
      const [oldest] = remembered.keys();
      if (remembered.size > rememberedAtMost && oldest !== undefined) remembered.delete(oldest);
      return token as Position;
    },
    meant: async (token) => (token === undefined ? undefined : (remembered.get(token) ?? (await store.head()))),
  };
}
