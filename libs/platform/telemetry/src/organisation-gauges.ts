/** What is so at this moment in one organisation: what waits for partners, what is parked, and which readers of the log are behind. */
import type { ExchangeLedger, Partners, WaitingLane } from '@convenant/exchange';
import { comparePositions, secondsBetween, type Clock, type EventStore, type Position } from '@convenant/kernel';
import type { Reading, Readings } from './metrics.js';
import { OutstandingClosings } from './outstanding-closings.js';

export interface FollowedOrganisation {
  readonly store: EventStore;
  readonly ledger: ExchangeLedger;
  readonly partners: Partners;
  readonly clock: Clock;
  /** As a running service tells it. */
  standing(): {
    readonly views: readonly {
      readonly name: string;
      readonly seen: Position | undefined;
      readonly failing: boolean;
    }[];
    readonly readers: readonly { readonly name: string; readonly failing: boolean }[];
  };
}

/** Under this name a view that stands still is a failing reader. */
export const viewReader = (view: string): string => `view:${view}`;

/** Each answers by itself, so that one that cannot be looked up takes no other with it. Add them to one `Metrics`. */
export const organisationGauges = (organisation: FollowedOrganisation): readonly Readings[] => [
  eventLog(organisation),
  readers(organisation),
  viewLag(organisation),
  lanes(organisation),
  parked(organisation),
  closings(organisation),
];

const eventLog =
  ({ store }: FollowedOrganisation): Readings =>
  async () => {
    const isUp = await Promise.race([
      store.head().then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 3_000).unref()),
    ]);
    return [{ name: 'convenant_event_log_up', labels: {}, value: isUp ? 1 : 0 }];
  };

const readers =
  ({ standing }: FollowedOrganisation): Readings =>
  async () => {
    const { views, readers: others } = standing();
    return [...others, ...views.map(({ name, failing }) => ({ name: viewReader(name), failing }))].map(
      ({ name: reader, failing }) => ({ name: 'convenant_reader_failing', labels: { reader }, value: failing ? 1 : 0 }),
    );
  };

/** Since when a view has not come to what was then the end of the log. A log that goes on meanwhile does not make it later. */
const viewLag = ({ store, clock, standing }: FollowedOrganisation): Readings => {
  const behind = new Map<string, { readonly end: Position; readonly since: string }>();
  return async () => {
    const end = await store.head();
    const now = clock.now();
    return standing().views.map(({ name: view, seen }): Reading => {
      const known = behind.get(view);
      const isBehindStill = known !== undefined && comparePositions(seen, known.end) < 0;
      const isBehind = end !== undefined && comparePositions(seen, end) < 0;
      const last = isBehindStill ? known : isBehind ? { end, since: now } : undefined;
      if (last) behind.set(view, last);
      else behind.delete(view);
      const value = last ? secondsBetween(last.since, now) : 0;
      return { name: 'convenant_view_lag_seconds', labels: { view }, value };
    });
  };
};

/** So many events are looked up at one scrape at most; in a long outage the rest follows at the next ones. */
const lookUpsMax = 200;
const lookUpsAtOnce = 8;

/** A lane's first message is looked up once: what has waited longest stays the same until its receipt. */
const lanes = ({ store, ledger, partners, clock }: FollowedOrganisation): Readings => {
  let decidedAt = new Map<string, string>();
  const placeOf = ({ stream, streamVersion }: WaitingLane): string => `${stream} ${streamVersion}`;
  const lookUp = async (lane: WaitingLane): Promise<void> => {
    const [event] = await store.read(lane.stream, lane.streamVersion - 1);
    if (event) decidedAt.set(placeOf(lane), event.meta.at);
  };
  return async () => {
    const waiting = await ledger.waitingLanes();
    decidedAt = new Map(
      waiting.flatMap((lane) => {
        const at = decidedAt.get(placeOf(lane));
        return at === undefined ? [] : [[placeOf(lane), at] as const];
      }),
    );
    const unknown = waiting.filter((lane) => !decidedAt.has(placeOf(lane))).slice(0, lookUpsMax);
    while (unknown.length > 0) await Promise.all(unknown.splice(0, lookUpsAtOnce).map(lookUp));
    const now = clock.now();
    return partners.all().flatMap(({ id: recipient }): Reading[] => {
      const mine = waiting.filter((lane) => lane.recipient === recipient);
      const count = mine.reduce((sum, lane) => sum + lane.waiting, 0);
      const oldest = mine
        .map((lane) => decidedAt.get(placeOf(lane)))
        .reduce((most, at) => (at === undefined ? most : Math.max(most, secondsBetween(at, now))), 0);
      return [
        { name: 'convenant_lane_waiting', labels: { recipient }, value: count },
        { name: 'convenant_lane_oldest_seconds', labels: { recipient }, value: oldest },
      ];
    });
  };
};

const parked =
  ({ ledger, partners }: FollowedOrganisation): Readings =>
  async () => {
    const messages = await ledger.parked();
    return partners.all().map(({ id }) => ({
      name: 'convenant_messages_parked',
      labels: { sender: id },
      value: messages.filter(({ sender }) => sender === id).length,
    }));
  };

const closings = ({ store, partners }: FollowedOrganisation): Readings => {
  const outstanding = new OutstandingClosings(store);
  return async () => {
    await outstanding.advance();
    return partners.all().map(({ id: recipient }) => ({
      name: 'convenant_closings_outstanding',
      labels: { recipient },
      value: outstanding.perPartner?.get(recipient) ?? 0,
    }));
  };
};
