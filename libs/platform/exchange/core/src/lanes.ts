/**
 * Hands messages over, lane by lane and in order, and again until the recipient's receipt. Before each handing over the client's stream
 * is asked once more; what is no longer permitted is stopped instead.
 */
import {
  decideHandingOver,
  disclosure,
  disclosureEvents,
  type DisclosureState,
  type WithheldReason,
} from '@convenant/consent';
import { messageType, organisationUrn, type DisclosureContract, type Message } from '@convenant/contracts';
import { fold, run, type Category, type Scheduler, type StoredEvent } from '@convenant/kernel';
import type { DoorPorts, DoorRules } from './door.js';
import { outgoing, type Outgoing } from './outgoing.js';
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

export interface Lanes {
  /** Something may be waiting: hand over what was not handed over yet. */
  wake(): Promise<void>;
  /** The recipient has kept everything in this lane up to here. */
  receipt(lane: string, upTo: number): Promise<void>;
  /** Hand over everything that waits, now, whatever was tried before; for operators and for tests that hold the clock. */
  resend(): Promise<void>;
  stop(): void;
}

interface LaneProgress {
  handedOver: number;
  attempts: number;
  busy: Promise<void> | undefined;
  again: boolean;
  cancelRetry: () => void;
}

export function createLanes(rules: DoorRules, ports: LanePorts, settings: LaneSettings = defaultLaneSettings): Lanes {
  const progress = new Map<string, LaneProgress>();
  let stopped = false;
  const of = (lane: string): LaneProgress => {
    const known = progress.get(lane) ?? { handedOver: 0, attempts: 0, busy: undefined, again: false, cancelRetry: () => undefined };
    progress.set(lane, known);
    return known;
  };

  const handOver = async (lane: string, state: LaneProgress): Promise<void> => {
    do {
      state.again = false;
      let items = await ports.ledger.waiting(lane, settings.window);
      for (let next = items.find(item => item.number > state.handedOver); next && !stopped; next = items.find(item => item.number > state.handedOver)) {
        const message = await prepare(next, rules, ports);
        if (message === 'taken-out') {
          items = await ports.ledger.waiting(lane, settings.window);
          continue;
        }
        await ports.ledger.markHandedOver(next.messageId);
        ports.checkpoints.pass('door: before send');
        try {
          await ports.transport.send(next.recipient, message);
        } catch {
          break; // not handed over; the retry below tries again, and the recipient removes doubles
        }
        ports.checkpoints.pass('door: after send');
        state.handedOver = next.number;
      }
      if (items.length === 0 && !state.again) progress.delete(lane);
      else retryLater(lane, state);
    } while (state.again && !stopped);
  };
  const retryLater = (lane: string, state: LaneProgress): void => {
    state.cancelRetry();
    if (stopped) return;
    const delayMs = Math.min(settings.lastRetryMs, settings.firstRetryMs * 2 ** Math.min(state.attempts, 16));
    state.cancelRetry = ports.scheduler.after(delayMs, () => {
      state.attempts++;
      state.handedOver = 0;
      void push(lane).catch(() => retryLater(lane, state));
    });
  };
  const push = (lane: string): Promise<void> => {
    const state = of(lane);
    if (state.busy) {
      state.again = true;
      return state.busy;
    }
    state.busy = handOver(lane, state).finally(() => {
      state.busy = undefined;
    });
    return state.busy;
  };
  const everyLane = async (each: (lane: string) => void): Promise<void> => {
    const lanes = await ports.ledger.waitingLanes();
    await Promise.all(lanes.map(({ lane }) => (each(lane), push(lane))));
  };

  return {
    wake: () => everyLane(() => undefined),
    resend: () =>
      everyLane(lane => {
        of(lane).handedOver = 0;
      }),
    async receipt(lane, upTo) {
      await ports.ledger.noteReceipt(lane, upTo);
      const state = progress.get(lane);
      if (!state) return;
      state.attempts = 0;
      const waiting = await ports.ledger.waiting(lane, 1);
      if (waiting.length > 0) return;
      state.cancelRetry();
      if (!state.busy) progress.delete(lane);
    },
    stop() {
      stopped = true;
      for (const state of progress.values()) state.cancelRetry();
    },
  };
}

/** The signed message, made from the log; `taken-out` when it was stopped and left no trace in its lane. */
async function prepare(item: OutboxItem, rules: DoorRules, ports: LanePorts): Promise<string | 'taken-out'> {
  const history = await ports.store.read(item.stream);
  const stored = history.find(event => event.streamVersion === item.streamVersion);
  if (!stored) throw new Error('The event of a waiting message is not in the log.');
  const message = (await outgoing(stored, { signer: ports.signer, sealer: ports.sealer, history }, rules.sends))[item.index];
  if (!message) throw new Error('The event of a waiting message no longer gives rise to it.');
  const stopReason = stored.type === 'Disclosed' ? noLongerPermitted(stored, message, history, rules, ports.clock.now()) : undefined;
  if (stopReason) {
    await recordStopped(item, stored, stopReason, ports);
    if (await ports.ledger.takeOut(item.messageId)) return 'taken-out';
    // It may have arrived before. What goes out again is its number alone, so that the lane does not wait for it for ever.
    return sign({ ...message, data: { ...message.data, parts: [] } }, item, rules, ports);
  }
  return sign(message, item, rules, ports);
}

function noLongerPermitted(stored: StoredEvent, message: Outgoing, history: readonly StoredEvent[], rules: DoorRules, now: string): WithheldReason | undefined {
  const state: DisclosureState = fold(disclosure, history.map(event => disclosureEvents.decode(event)));
  const event = disclosureEvents.decode(stored);
  if (event.type !== 'Disclosed') return undefined;
  const { fields: declared } = message.contract as DisclosureContract;
  const fields = Object.fromEntries(
    event.fields.flatMap(name => {
      const category = declared[name]?.category;
      return category && category !== 'own' ? [[name, category as Category]] : [];
    }),
  );
  const { recipient, recipientKind, purpose, contract, messageId } = event;
  const { singleUseFor, dataFrom } = state.consents[event.consentId] ?? {};
  const answer = decideHandingOver(
    messageId,
    {
      source: rules.organisation.kind,
      sourceOrganisation: rules.organisation.id,
      recipient,
      recipientKind,
      purpose,
      contract,
      fields,
      ...(singleUseFor === undefined ? {} : { singleUseFor }),
      // How old its facts may be was decided when it was recorded, and a consent never changes that.
      ...(dataFrom === undefined ? {} : { dataFrom }),
      now,
    },
    state,
    rules.policy,
  );
  return 'stopped' in answer ? answer.stopped : undefined;
}

async function recordStopped(item: OutboxItem, stored: StoredEvent, reason: WithheldReason, { store, ids, clock }: LanePorts): Promise<void> {
  const at = clock.now();
  await run(
    store,
    item.stream,
    disclosureEvents,
    disclosure,
    { type: 'RecordStopped', messageId: item.messageId, reason, at },
    {
      ids,
      meta: { at, actor: { kind: 'system', process: 'door' }, cause: `stop:${item.messageId}`, ...(stored.meta.client ? { client: stored.meta.client } : {}) },
    },
  );
}

function sign(message: Outgoing, item: OutboxItem, { organisation }: DoorRules, { signer, clock }: LanePorts): Promise<string> {
  const urgent = item.lane.startsWith('urgent/');
  const event: Message = {
    specversion: '1.0',
    id: message.messageId,
    source: organisationUrn(organisation.id),
    type: messageType(message.contract),
    subject: message.pseudonym,
    time: clock.now(),
    datacontenttype: 'application/json',
    recipient: message.recipient,
    ...(urgent ? {} : { sequence: String(item.number), sequencetype: 'Integer' as const }),
    data: { ...message.data },
  };
  return signer.sign(JSON.stringify(event));
}
