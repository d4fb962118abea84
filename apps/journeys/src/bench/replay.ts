/** Replaying: reading a whole log, and building a view anew from it, beside a bare cursor over the same rows. */
import { randomUUID } from 'node:crypto';
import { openPostgres, type OpenedPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import { asView, createViewRunner, type DeclaredView } from '@convenant/host';
import { joinCatalogues, type NewEvent, type Position, type Sealed, type StoredEvent } from '@convenant/kernel';
import { MachineIds } from '@convenant/launch';
import {
  caseload,
  clientContacts,
  contactEvents,
  contacts,
  contactsStream,
  referralEvents,
  trajectoryEvents,
} from '@convenant/mental-health-domain';
import { mentalHealthService } from '@convenant/mental-health-service';
import pg from 'pg';
import type { Benchmark, Run } from './benchmark.js';
import { figure, median, type Figure } from './figures.js';
import { contactWith, historyOf, NothingSealed } from './history.js';
import { inTurns, timedMs } from './measuring.js';

/** The same for the cursor and for `readAll`. */
const batch = 500;
const eventsPerClient = 50;

interface Log {
  readonly name: string;
  /** The view that is built from it. */
  readonly declared: DeclaredView;
  readonly catalogue: { decode(stored: StoredEvent): { type: string } };
  /** Answers how many events there are; about `count`. */
  write(run: Run, store: OpenedPostgres['events'], count: number): Promise<number>;
}
const caseloadEvents = joinCatalogues(referralEvents, trajectoryEvents);
const logs: readonly Log[] = [
  {
    name: 'all kinds of events, into the caseload',
    declared: asView(caseloadEvents, caseload),
    catalogue: joinCatalogues(...mentalHealthService.catalogues),
    write: writeEverything,
  },
  {
    name: 'contacts alone, into the contacts of a file',
    declared: asView(contactEvents, clientContacts),
    catalogue: contactEvents,
    write: writeContacts,
  },
];

export const replay: Benchmark = {
  name: 'replay',
  about:
    'Two logs. One of an agency at work, nine events for each client (registered, referred and accepted, in a trajectory, a consent, a contact, a job), of which two concern the view, which has a row per client. And the hardest that a view can meet: contacts alone, 50 for each client, each with a row of its own. `readAll` reads to the end in pages of 500 and hands out events as they were stored; the rebuild is that of the service, a batch of 500 and then batches of 2,000, decoded, rows and position saved together. Beside it a cursor on the server over the same columns in the same order, 500 rows at a time, with nothing done to them but what the driver does. Three rounds, one after the other in each; medians.',
  async measure(run) {
    const postgres = await run.postgres();
    const databases = await run.databases(
      postgres,
      logs.map((_, index) => `bench-${index}`),
    );
    const figures: Figure[] = [];
    for (const [index, log] of logs.entries()) {
      const database = databases[`bench-${index}`];
      if (!database) throw new Error('The database was not made.');
      figures.push(...(await measureLog(run, log, database)));
    }
    return figures;
  },
};

async function measureLog(run: Run, log: Log, database: OrganisationDatabase): Promise<Figure[]> {
  const opened = await openPostgres({ database, organisation: 'bench' });
  run.onStop(opened.close);
  const count = await log.write(run, opened.events, run.quick ? 5_000 : 100_000);
  const bare = new pg.Client({ connectionString: database.application });
  await bare.connect();
  run.onStop(() => bare.end());
  // What is done first in a process is slow; nobody counts that.
  run.progress('warming up');
  await readByCursor(bare);
  await readToTheEnd(opened);
  await rebuild(log, opened);

  const rounds = run.quick ? 1 : 3;
  const rates = { cursor: [] as number[], read: [] as number[], rebuilt: [] as number[] };
  const perSecond = (ms: number): number => (count / ms) * 1000;
  for (let round = 0; round < rounds; round++) {
    run.progress('a bare cursor', round * 3, rounds * 3);
    rates.cursor.push(perSecond(await timedMs(async () => expectAll(await readByCursor(bare), count))));
    run.progress('readAll', round * 3 + 1, rounds * 3);
    rates.read.push(perSecond(await timedMs(async () => expectAll(await readToTheEnd(opened), count))));
    run.progress('a rebuild', round * 3 + 2, rounds * 3);
    rates.rebuilt.push(perSecond(await timedMs(() => rebuild(log, opened))));
  }
  const base = { unit: 'events per second', base: 'a bare cursor', baseValue: median(rates.cursor) };
  return [
    figure({ name: `readAll: ${log.name}`, value: median(rates.read), ...base }),
    figure({ name: `rebuild: ${log.name}`, value: median(rates.rebuilt), ...base }, { ratioAtLeast: 0.3 }),
  ];
}

async function writeEverything(run: Run, store: OpenedPostgres['events'], count: number): Promise<number> {
  const ids = new MachineIds();
  const sealer = new NothingSealed();
  const clients = Math.round(count / 9);
  const written = await inTurns(
    Array.from({ length: clients }, (_, number) => number),
    32,
    async (number) => {
      run.progress('writing the history', number, clients);
      const { appends } = await historyOf(number, sealer, ids, 'bench-uwv');
      await Promise.all(appends.map(({ stream, events }) => store.append(stream, 0, events)));
      return appends.reduce((sum, { events }) => sum + events.length, 0);
    },
    run.signal,
  );
  return written.reduce((sum, each) => sum + each, 0);
}

/** Views never open it; as long as a sealed sentence. */
const sealedNote = 's'.repeat(200) as Sealed<string>;

async function writeContacts(run: Run, store: OpenedPostgres['events'], count: number): Promise<number> {
  const clients = Array.from({ length: count / eventsPerClient }, () => randomUUID() as string);
  await inTurns(clients, 64, async (clientId, index) => {
    run.progress('writing the history', index, clients.length);
    const events = Array.from({ length: eventsPerClient }, () => contactOf(clientId));
    await store.append(contactsStream(clientId), 0, events);
  });
  return count;
}

function contactOf(clientId: string): NewEvent {
  const command = { ...contactWith(clientId), note: sealedNote };
  const decided = contacts.decide(command, contacts.initial);
  const [event] = 'refused' in decided ? [] : decided.accepted;
  if (!event) throw new Error('A contact was refused.');
  const { contactId, at, by } = command;
  const actor = { kind: 'person', person: by, role: 'employmentSpecialist' } as const;
  return { id: contactId, ...contactEvents.encode(event), meta: { at, actor, cause: contactId, client: clientId } };
}

async function readByCursor(client: pg.Client): Promise<number> {
  await client.query('begin');
  try {
    await client.query(
      `declare bench no scroll cursor for
       select epoch, tx::text as tx, seq, stream, version, id, type, type_version, data, sealed, meta
       from convenant.events e order by e.epoch, e.tx, e.seq`,
    );
    for (let count = 0; ;) {
      const { rows } = await client.query(`fetch ${batch} from bench`);
      if (rows.length === 0) return count;
      count += rows.length;
    }
  } finally {
    await client.query('rollback');
  }
}

async function readToTheEnd({ events }: OpenedPostgres): Promise<number> {
  let after: Position | undefined;
  for (let count = 0; ;) {
    const page = await events.readAll(after, batch);
    const last = page.at(-1);
    if (!last) return count;
    after = last.position;
    count += page.length;
  }
}

async function rebuild({ declared, catalogue }: Log, { events, views }: OpenedPostgres): Promise<void> {
  const { name, version } = declared.view;
  await views.drop({ name, version });
  const failures: unknown[] = [];
  const runner = createViewRunner(
    [declared],
    (stored) => catalogue.decode(stored),
    events,
    views,
    (_view, error) => failures.push(error),
  );
  await runner.advance();
  if (failures.length > 0) throw failures[0];
  if ((await views.all({ name, version }, { limit: 1 })).length === 0) throw new Error('The rebuilt view is empty.');
}

function expectAll(found: number, count: number): void {
  if (found !== count) throw new Error(`${found} events were read, and ${count} were written.`);
}
