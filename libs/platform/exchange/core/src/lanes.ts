/**
 * Hands messages over, lane by lane and in order, and again until the recipient's receipt. No lane waits for another: a partner that does
 * not answer, or a message that cannot be made, holds up what comes after it in that lane and nothing else.
 */
import type { OpenSpan, Scheduler } from '@convenant/kernel';
import type { DoorPorts, DoorRules } from './door.js';
import { originOf, prepare, type Origin } from './hand-over.js';
import { atMost } from './in-parallel.js';
import type { OutboxItem, Transport } from './ports.js';
import { giveUpMs, sendOrGiveUp } from './send-or-give-up.js';

export interface LanePorts extends DoorPorts {
  readonly transport: Transport;
  readonly scheduler: Scheduler;
}
export interface LaneSettings {
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
  /** How many messages of one lane may be on their way without a receipt. */
  readonly window: number;
  /** So many lanes of one recipient at a time, and apart from those as many urgent ones: who answers slowly holds up nobody else and no withdrawal. */
  readonly atOnce: number;
  /** See `sendOrGiveUp`. */
  readonly giveUpMs: number;
}
export const defaultLaneSettings: LaneSettings = {
  firstRetryMs: 1_000,
  lastRetryMs: 60_000,
  window: 32,
  atOnce: 128,
  giveUpMs,
};

export interface LaneListener {
  /** A message of this recipient's could not be made or noted. It is tried again later, each time after a longer while. */
  stuck(recipient: string, error: unknown): void;
}

/** What the door has just put in lanes. */
export interface EnqueuedLanes {
  /** The recipient of each lane. */
  readonly lanes: Map<string, string>;
  /** By lane, what was all that waited there when it was put there. */
  readonly next?: Map<string, OutboxItem>;
  /** The door is held: only what is urgent leaves. */
  readonly held: boolean;
}

export interface Lanes {
  /**
   * Something may be waiting: hand over what was not handed over yet, in these lanes alone, or in every lane in which the bookkeeping has
   * something waiting. Only the latter finds what was left behind by a crash or put there by another instance.
   * Resolves when all of it was tried; never rejects for one lane's trouble.
   */
  wake(enqueued?: EnqueuedLanes): Promise<void>;
  /** This partner says that it has kept everything in this lane up to here; heard when the lane leads to it. */
  receipt(lane: string, upTo: number, partner: string): Promise<void>;
  /** Hand over everything that waits, now, whatever was tried before; for operators and for tests that hold the clock. */
  resend(): Promise<void>;
  /** Begins nothing more; resolves when what was on its way has ended. */
  stop(): Promise<void>;
}

type HandedOver = 'handed-over' | 'taken-out' | 'failed';

interface LaneProgress {
  readonly lane: string;
  readonly recipient: string;
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
  const { store, ledger, partners, checkpoints, scheduler, telemetry } = ports;
  const progress = new Map<string, LaneProgress>();
  const pools = new Map<string, ReturnType<typeof atMost>>();
  let stopped = false;
  const of = (lane: string, recipient: string): LaneProgress => {
    const known = progress.get(lane) ?? {
      lane,
      recipient,
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
    if (message === 'waits') return 'failed';
    checkpoints.pass('door: before send');
    try {
      await sendOrGiveUp(ports, item.recipient, message, settings.giveUpMs);
    } catch {
      return 'failed'; // surely not handed over; the recipient removes doubles if it was after all
    }
    checkpoints.pass('door: after send');
    return 'handed-over';
  };

  const handOverLane = async (state: LaneProgress, known: OutboxItem | undefined): Promise<void> => {
    const { lane } = state;
    let items = known ? [known] : await ledger.waiting(lane, settings.window);
    const following = (): OutboxItem | undefined => items.find((item) => item.number > state.handedOver);
    for (let item = following(); item && !stopped && !state.held; item = following()) {
      const outcome = await handOver(item).catch((error: unknown) => {
        listener?.stuck(item?.recipient ?? '', error);
        return 'failed' as const;
      });
      // The numbers behind it have moved up, or it was received.
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
  const push = (state: LaneProgress, next?: OutboxItem): Promise<void> => {
    if (stopped || (state.held && state.cancelRetry)) return Promise.resolve();
    if (state.busy) {
      state.again = true;
      return state.busy;
    }
    const work = async (): Promise<void> => {
      try {
        let known = next;
        do {
          state.again = false;
          if (!stopped) await handOverLane(state, known);
          known = undefined;
        } while (state.again && !stopped);
      } catch (error) {
        listener?.stuck('', error);
        state.held = true;
        retryLater(state);
      } finally {
        // In the same breath as the last look: whoever comes after that must not take it for still going on.
        state.busy = undefined;
      }
    };
    state.busy = poolOf(state)(work);
    return state.busy;
  };
  const poolOf = ({ lane, recipient }: LaneProgress): ReturnType<typeof atMost> => {
    const name = isUrgent(lane) ? `urgent ${recipient}` : recipient;
    const pool = pools.get(name) ?? atMost(settings.atOnce);
    pools.set(name, pool);
    return pool;
  };
  const whatWaits = async (): Promise<EnqueuedLanes> => {
    const { held } = await ledger.afterRestore();
    return { lanes: new Map((await ledger.waitingLanes()).map(({ lane, recipient }) => [lane, recipient])), held };
  };
  const pushEach = async (
    { lanes, next, held }: EnqueuedLanes,
    first: (state: LaneProgress) => void = () => undefined,
  ): Promise<void> => {
    const urgent = [...lanes].filter(([lane]) => isUrgent(lane));
    const others = held ? [] : [...lanes].filter(([lane]) => !isUrgent(lane));
    await Promise.all(
      [...urgent, ...others].map(([lane, recipient]) => {
        const state = of(lane, recipient);
        first(state);
        return push(state, next?.get(lane));
      }),
    );
  };

  return {
    wake: async (enqueued) => pushEach(enqueued ?? (await whatWaits())),
    resend: async () =>
      pushEach(await whatWaits(), (state) => {
        state.held = false;
        state.handedOver = 0;
      }),
    async receipt(lane, upTo, partner) {
      const waiting = await ledger.noteReceipt(lane, upTo, partner);
      const state = progress.get(lane);
      if (waiting === undefined || !state || upTo <= state.receipt) return;
      // Whatever is put there later wakes it anew.
      if (waiting === 0 && !state.busy) return forget(state);
      state.receipt = upTo;
      // The recipient answers: whatever is still waiting is tried again soon, not after the pause that its silence had led to.
      state.attempts = 0;
      state.cancelRetry?.();
      state.cancelRetry = undefined;
      // There is room again for what waits behind; a partner that does not answer there is not waited for here.
      void push(state);
    },
    async stop() {
      stopped = true;
      for (const state of progress.values()) state.cancelRetry?.();
      await Promise.all([...progress.values()].map(({ busy }) => busy ?? Promise.resolve()));
    },
  };
}

const isUrgent = (lane: string): boolean => lane.startsWith('urgent/');
