/** What people were told that was done, and what of it stands in the logs of their organisations. */
import { openPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import type { Position } from '@convenant/kernel';
import type { CarriedOut } from '../story/person.js';

export interface Compared {
  readonly acknowledged: number;
  /** Names of commands that were carried out by somebody's answer and are in no log. */
  readonly lost: readonly string[];
  /** Names of commands with an effect that stands there twice. */
  readonly duplicated: readonly string[];
}

const causeOf = ({ person, command, requestId }: CarriedOut): string => `${person}:${command}:${requestId}`;

/** A request may do more than one thing, each with a word of its own behind the cause that it is. */
const requestIn = (cause: string): string => cause.split(':').slice(0, 3).join(':');

/** Reads every log to its end, whatever the process that wrote it is doing. */
export async function compareWithLogs(
  carriedOut: readonly CarriedOut[],
  databases: Readonly<Record<string, OrganisationDatabase>>,
): Promise<Compared> {
  const lost: string[] = [];
  const duplicated: string[] = [];
  for (const [organisation, { application }] of Object.entries(databases)) {
    const { events, close } = await openPostgres({ database: { application }, organisation, poolSize: 1 });
    const causes = new Set<string>();
    const effects = new Map<string, number>();
    try {
      for (let after: Position | undefined; ;) {
        const page = await events.readAll(after, 1_000);
        for (const { stream, type, data, meta } of page) {
          causes.add(requestIn(meta.cause));
          // The same fact of the same request in the same stream: what a request that was carried out twice would leave behind.
          if (meta.actor.kind === 'person') count(effects, JSON.stringify([meta.cause, stream, type, data]));
        }
        const last = page.at(-1);
        if (!last) break;
        after = last.position;
      }
    } finally {
      await close();
    }
    const here = carriedOut.filter((each) => each.organisation === organisation);
    lost.push(...here.filter((each) => !causes.has(causeOf(each))).map(({ command }) => command));
    duplicated.push(...[...effects].filter(([, times]) => times > 1).map(([effect]) => String(JSON.parse(effect)[2])));
  }
  return { acknowledged: carriedOut.length, lost, duplicated };
}

const count = (times: Map<string, number>, key: string): void => void times.set(key, (times.get(key) ?? 0) + 1);
