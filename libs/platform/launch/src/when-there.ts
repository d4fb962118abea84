/** Opens what may not be there yet, as after a restart of everything at once: again and again, after pauses that grow, until it is. */
import type { OperatorLog } from '@convenant/host';
import {
  engineTroubleOf,
  mayPass,
  sleep,
  type EngineTroubleCode,
  type Random,
  type Scheduler,
} from '@convenant/kernel';

export interface Patience {
  /** How long it is tried; 0 for once. The attempt that is under way then is the last. */
  readonly patienceMs: number;
  /** One that keeps the process alive while it waits. */
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly note: OperatorLog['note'];
  /** Told before each pause what is waited for. */
  readonly waitsFor?: (code: EngineTroubleCode) => void;
}

const firstPauseMs = 500;
const lastPauseMs = 15_000;

/**
 * Only what may be over by itself is waited for. Rejects at once with anything else (credentials, a missing migration, a later release), and
 * with the last failure when the patience is at its end. Operators are told at every attempt, and once when it is there.
 */
export async function whenThere<Opened>(
  open: () => Promise<Opened>,
  { patienceMs, scheduler, random, note, waitsFor = () => undefined }: Patience,
): Promise<Opened> {
  let isOver = patienceMs === 0;
  const cancel = scheduler.after(patienceMs, () => (isOver = true));
  try {
    for (let attempt = 1, longestMs = firstPauseMs; ; attempt++, longestMs = Math.min(lastPauseMs, longestMs * 2)) {
      try {
        const opened = await open();
        if (attempt > 1) note('info', 'start-goes-on', { attempts: attempt });
        return opened;
      } catch (error) {
        const trouble = engineTroubleOf(error);
        if (isOver || !trouble || !mayPass(trouble)) throw error;
        // Services that were started together do not all come at the same moment.
        const pauseMs = Math.round(longestMs * (0.5 + random.number() / 2));
        const { code, setting, reason } = trouble;
        note('warning', 'start-waits', { trouble: code, setting, reason, attempt, pauseMs });
        waitsFor(code);
        await sleep(scheduler, pauseMs);
      }
    }
  } finally {
    cancel();
  }
}
