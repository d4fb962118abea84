/**
 * Hands messages over, lane by lane and in order, and again until the recipient's receipt. No lane waits for another: a partner that does
 * not answer, or a message that cannot be made, holds up what comes after it in that lane and nothing else.
 */
import type { OpenSpan, Scheduler } from '@convenant/kernel';
import type { DoorPorts, DoorRules } from './door.js';
import { originOf, prepare, type Origin } from './hand-over.js';
import type { OutboxItem, Transport } from './ports.js';

export interface LanePorts extends DoorPorts {
  readonly transport: Transport;
  readonly scheduler: Scheduler;
}
export interface LaneSettings {
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** How many messages of one lane may be on their way without a receipt. */
  readonly window: number;
}
export const defaultLaneSettings: LaneSettings = { firstRetryMs: 1_000, lastRetryMs: 60_000, window: 32 };

export interface LaneListener {
  /** A message of this recipient's could not be made or noted. It is tried again later, each time after a longer while. */
  stuck(recipient: string, error: unknown): void;
}

export interface Lanes {
  /** Something may be waiting: hand over what was not handed over yet. Resolves when all of it was tried; never rejects for one lane's trouble. */
  wake(): Promise<void>;
  /** The recipient has kept everything in this lane up to here. */
  receipt(lane: string, upTo: number): Promise<void>;
  /** Hand over everything that waits, now, whatever was tried before; for operators and for tests that hold the clock. */
  resend(): Promise<void>;
  stop(): void;
}

type HandedOver = 'handed-over' | 'taken-out' | 'failed';

interface LaneProgress {
  readonly lane: string;
  /** The number up to which everything was handed over since the last retry. */
  handedOver: number;
  /** The highest receipt. */
  receipt: number;
  attempts: number;
  /** The last attempt failed: nothing is tried before the retry. */
  held: boolean;
  busy: Promise<void> | undefined;
  again: boolean;
  cancelRetry: (() => void) | undefined;
}

export function createLanes(
  rules: DoorRules,
  ports: LanePorts,
  settings: LaneSettings = defaultLaneSettings,
  listener?: LaneListener,
): Lanes {
  const { store, ledger, partners, transport, checkpoints, scheduler, telemetry } = ports;
  const progress = new Map<string, LaneProgress>();
  let stopped = false;
  const of = (lane: string): LaneProgress => {
    const known = progress.get(lane) ?? {
      lane,
      handedOver: 0,
      receipt: 0,
      attempts: 0,
      held: false,
      busy: undefined,
      again: false,
      cancelRetry: undefined,
    };
    progress.set(lane, known);
    return known;
  };

  /** Whether it went out; `false` leaves everything behind it in the lane until the retry. */
  const handOver = async (item: OutboxItem): Promise<HandedOver> => {
    // Not pinned at this moment: neither gets nor gives anything.
    if (!partners.find(item.recipient)) return 'failed';
    const origin = await originOf(item, store);
    return telemetry.span('send', origin.stored.meta.traceparent, { partner: item.recipient }, async (span) => {
      const outcome = await handOverWithin(span, item, origin);
      span.set({ outcome });
      return outcome;
    });
  };
  const handOverWithin = async (span: OpenSpan, item: OutboxItem, origin: Origin): Promise<HandedOver> => {
    const message = await prepare(item, origin, rules, ports, span);
    if (message === 'taken-out') return 'taken-out';
    checkpoints.pass('door: before send');
    try {
      await transport.send(item.recipient, message);
    } catch {
      return 'failed'; // surely not handed over; the recipient removes doubles if it was after all
    }
    checkpoints.pass('door: after send');
    return 'handed-over';
  };

  const handOverLane = async (state: LaneProgress): Promise<void> => {
    const { lane } = state;
    let items = await ledger.waiting(lane, settings.window);
    const next = (): OutboxItem | undefined => items.find((item) => item.number > state.handedOver);
    for (let item = next(); item && !stopped && !state.held; item = next()) {
      const outcome = await handOver(item).catch((error: unknown) => {
        listener?.stuck(item?.recipient ?? '', error);
        return 'failed' as const;
      });
      // The numbers behind it have moved up.
      if (outcome === 'taken-out') items = await ledger.waiting(lane, settings.window);
      else if (outcome === 'failed') state.held = true;
      else state.handedOver = item.number;
    }
    if (items.length === 0 && !state.again) forget(state);
    else retryLater(state);
  };
  const forget = (state: LaneProgress): void => {
    state.cancelRetry?.();
    if (progress.get(state.lane) === state) progress.delete(state.lane);
  };
  /** A retry that is set stays set: being woken often must not put it off. */
  const retryLater = (state: LaneProgress): void => {
    if (stopped || state.cancelRetry) return;
    const delayMs = Math.min(settings.lastRetryMs, settings.firstRetryMs * 2 ** Math.min(state.attempts, 16));
    state.cancelRetry = scheduler.after(delayMs, () => {
      state.cancelRetry = undefined;
      state.attempts++;
      state.held = false;
      state.handedOver = 0;
      void push(state);
    });
  };
  const push = (state: LaneProgress): Promise<void> => {
    if (stopped || (state.held && state.cancelRetry)) return Promise.resolve();
    if (state.busy) {
      state.again = true;
      return state.busy;
    }
    const work = async (): Promise<void> => {
      do {
        state.again = false;
        await handOverLane(state);
      } while (state.again && !stopped);
    };
    state.busy = work()
      .catch((error: unknown) => {
        listener?.stuck('', error);
        state.held = true;
        retryLater(state);
      })
      .finally(() => {
        state.busy = undefined;
      });
    return state.busy;
  };
  const everyLane = async (each: (state: LaneProgress) => void): Promise<void> => {
    const { held } = await ledger.afterRestore();
    const waiting = (await ledger.waitingLanes()).map(({ lane }) => lane).filter((lane) => !held || isUrgent(lane));
    const urgentFirst = [...waiting.filter(isUrgent), ...waiting.filter((lane) => !isUrgent(lane))];
    await Promise.all(
      urgentFirst.map((lane) => {
        const state = of(lane);
        each(state);
        return push(state);
      }),
    );
  };

  return {
    wake: () => everyLane(() => undefined),
    resend: () =>
      everyLane((state) => {
        state.held = false;
        state.handedOver = 0;
      }),
    async receipt(lane, upTo) {
      await ledger.noteReceipt(lane, upTo);
      const state = progress.get(lane);
      if (!state || upTo <= state.receipt) return;
      state.receipt = upTo;
      // The recipient answers: whatever is still waiting is tried again soon, not after the pause that its silence had led to.
      state.attempts = 0;
      state.cancelRetry?.();
      state.cancelRetry = undefined;
      if (state.busy) return;
      if ((await ledger.waiting(lane, 1)).length === 0) forget(state);
      else retryLater(state);
    },
    stop() {
      stopped = true;
      for (const state of progress.values()) state.cancelRetry?.();
    },
  };
}

const isUrgent = (lane: string): boolean => lane.startsWith('urgent/');
