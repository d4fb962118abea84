/** Hears that something was appended, here or by another process, on one subscription; a hint that readers may miss, because they also poll. */
import { END, eventTypeFilter } from '@kurrent/kurrentdb-client';
import type { AllStreamSubscription } from '@kurrent/kurrentdb-client';
import { typesOfEvents } from './envelope.js';
import type { Leader } from './leader.js';

/** Subscribes again by itself. The returned function ends it. */
export function onAppendedAnywhere(leader: Leader, waitMs: number, heard: () => void): () => Promise<void> {
  let subscription: AllStreamSubscription | undefined;
  let again: NodeJS.Timeout | undefined;
  let isOver = false;

  const listen = (): void => {
    const own = leader.client.subscribeToAll({
      fromPosition: END,
      filter: eventTypeFilter({ regex: typesOfEvents, checkpointInterval: 1 }),
    });
    subscription = own;
    // What was appended while nobody listened.
    own.on('confirmation', heard);
    own.on('data', heard);
    const over = (): void => {
      if (isOver || subscription !== own) return;
      subscription = undefined;
      again = setTimeout(listen, waitMs).unref();
    };
    own.on('error', over);
    own.on('end', over);
    own.on('close', over);
  };
  listen();
  return async () => {
    isOver = true;
    clearTimeout(again);
    await subscription?.unsubscribe().catch(() => undefined);
  };
}
