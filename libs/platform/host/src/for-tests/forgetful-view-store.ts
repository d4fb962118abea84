/** A store of views that loses what it saved last, for tests of whoever relies on it. */
import { MemoryViewStore } from '@convenant/event-store-memory';
import type { ViewId, ViewStore } from '@convenant/kernel';

/** As a server does that is killed before the last of what it answered is on disk; a version that was dropped stays dropped. */
export class ForgetfulViewStore extends MemoryViewStore {
  #saves: Parameters<ViewStore['save']>[] = [];
  #onDisk = 0;
  #last: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  override save(...save: Parameters<ViewStore['save']>): Promise<boolean> {
    return this.#inTurn(async () => {
      const saved = await super.save(...save);
      if (saved) this.#saves.push(save);
      return saved;
    });
  }
  override drop(view: ViewId): Promise<void> {
    return this.#inTurn(async () => {
      await super.drop(view);
      this.#saves = this.#saves.filter(([{ name, version }]) => name !== view.name || version !== view.version);
      this.#onDisk = this.#saves.length;
    });
  }
  override onPerhapsForgotten(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
  forget(last: number): Promise<void> {
    return this.#inTurn(async () => {
      const kept = this.#saves.slice(0, Math.max(this.#onDisk, this.#saves.length - last));
      for (const [id] of this.#saves) await super.drop(id);
      for (const save of kept) await super.save(...save);
      this.#saves = kept;
      this.#listeners.forEach((listener) => listener());
    });
  }
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
