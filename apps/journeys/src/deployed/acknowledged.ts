/** What people were told that was done, what one organisation told another, and what of it stands in the logs: all of it, and each once. */
import { clientIntroducedV1, contractId } from '@convenant/contracts';
import { openPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import type { Position } from '@convenant/kernel';
import { pause, type CarriedOut } from '../story/person.js';
import { doubledIn, type Recorded } from './doubled.js';

export interface Compared {
  readonly acknowledged: number;
  /** Names of commands that were carried out by somebody's answer and are in no log; messages that are in one log and not in the other's. */
  readonly lost: readonly string[];
  /** The types of events that stand there once too often, each with whose log it is. */
  readonly duplicated: readonly string[];
}
type Logs = Readonly<Record<string, readonly Recorded[]>>;

const arrivesWithinMs = 30_000;

/**
 * Reads every log to its end, whatever the process that wrote it is doing. What a door has only just told may still be on its way, also when
 * no lane waited a moment ago: what is not there is looked for again for half a minute.
 */
export async function compareWithLogs(
  carriedOut: readonly CarriedOut[],
  databases: Readonly<Record<string, OrganisationDatabase>>,
): Promise<Compared> {
  for (const from = performance.now(); ; await pause(500)) {
    const compared = compare(carriedOut, await readLogs(databases));
    if (compared.lost.length === 0 || performance.now() - from > arrivesWithinMs) return compared;
  }
}

export const compare = (carriedOut: readonly CarriedOut[], logs: Logs): Compared => ({
  acknowledged: carriedOut.length,
  lost: [...commandsIn(carriedOut, logs), ...messagesIn(logs)],
  duplicated: Object.entries(logs).flatMap(([organisation, log]) =>
    doubledIn(log).map((type) => `${organisation}: ${type}`),
  ),
});

const causeOf = ({ person, command, requestId }: CarriedOut): string => `${person}:${command}:${requestId}`;
/** A request may do more than one thing, each with a word of its own behind the cause that it is. */
const requestIn = (cause: string): string => cause.split(':').slice(0, 3).join(':');

function commandsIn(carriedOut: readonly CarriedOut[], logs: Logs): readonly string[] {
  const causes = new Map(
    Object.entries(logs).map(([organisation, log]) => [
      organisation,
      new Set(log.map(({ meta }) => requestIn(meta.cause))),
    ]),
  );
  return carriedOut
    .filter((each) => !causes.get(each.organisation)?.has(causeOf(each)))
    .map(({ organisation, command }) => `${organisation}: ${command}`);
}

const arrivals = new Set(['DisclosureReceived', 'DisclosureTurnedAway', 'IntroductionReceived']);

/**
 * What one organisation recorded as told has reached the other, and what reached it stands in the log of who told it. Rightly not there: what
 * was stopped on its way, and the introduction of somebody whom the recipient knew by then, of which it keeps nothing.
 */
function messagesIn(logs: Logs): readonly string[] {
  const told = new Set<unknown>();
  const arrived = new Map<unknown, string>();
  const stopped = new Set<unknown>();
  for (const [organisation, log] of Object.entries(logs))
    for (const { type, data } of log) {
      if (type === 'Disclosed') told.add(data['messageId']);
      if (type === 'Stopped') stopped.add(data['messageId']);
      if (arrivals.has(type)) arrived.set(data['messageId'], `${organisation}: ${type} of what nobody told`);
    }
  const neverArrived = Object.entries(logs).flatMap(([organisation, log]) =>
    log
      .filter(
        ({ type, data: { messageId, contract } }) =>
          type === 'Disclosed' &&
          !stopped.has(messageId) &&
          !arrived.has(messageId) &&
          contract !== contractId(clientIntroducedV1),
      )
      .map(({ data: { contract, recipient } }) => `${organisation}: ${String(contract)} to ${String(recipient)}`),
  );
  return [...neverArrived, ...[...arrived].filter(([messageId]) => !told.has(messageId)).map(([, what]) => what)];
}

/** One after the other, and in the order of each log. */
async function readLogs(databases: Readonly<Record<string, OrganisationDatabase>>): Promise<Logs> {
  const logs: Record<string, Recorded[]> = {};
  for (const [organisation, { application }] of Object.entries(databases)) {
    const { events, close } = await openPostgres({ database: { application }, organisation, poolSize: 1 });
    const log: Recorded[] = (logs[organisation] = []);
    try {
      for (let after: Position | undefined; ;) {
        const page = await events.readAll(after, 1_000);
        for (const { stream, streamVersion, type, data, meta } of page)
          log.push({ stream, streamVersion, type, data, meta });
        const last = page.at(-1);
        if (!last) break;
        after = last.position;
      }
    } finally {
      await close();
    }
  }
  return logs;
}
