/** Growth: whether what is done for one client costs the same in a long history as in a short one. */
import { randomUUID } from 'node:crypto';
import { consentCategories, disclosureStream, policy } from '@convenant/consent';
import { openPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import {
  defaultLaneSettings,
  tellWhatMayBeTold,
  type DoorRules,
  type ExchangeLedger,
  type Transport,
} from '@convenant/exchange';
import { ClientSealer, FileKeyStore, KeyStoreScopeKeys, MemoryKeyStore } from '@convenant/exchange-sealing';
import { createViewRunner, defaultSettings } from '@convenant/host';
import { joinCatalogues, run as carryOut, toNewEvents } from '@convenant/kernel';
import { keysFolder, MachineIds, type LaunchedOrganisation } from '@convenant/launch';
import { contactEvents, contacts, contactsStream } from '@convenant/mental-health-domain';
import { mentalHealthService } from '@convenant/mental-health-service';
import { uwvService } from '@convenant/uwv-service';
import pg from 'pg';
import type { Benchmark, Run } from './benchmark.js';
import { figure, median } from './figures.js';
import { contactWith, historyOf, NothingSealed, specialist, type Introduced } from './history.js';
import { inTurns, timedMs } from './measuring.js';
import { Colleague, startOrganisations } from './organisations.js';

const partner = 'bench-uwv';
const operations = [
  'a decision',
  'an append',
  'reading a client’s page',
  'composing what a grant tells',
  'a message’s place in its lane, and its receipt',
  'looking which lanes wait',
] as const;
type Operation = (typeof operations)[number];
const hour = 3_600_000;

export const growth: Benchmark = {
  name: 'growth',
  about:
    'Two agencies beside each other on one server, one with few clients and one with a hundred times as many: registered, with a colleague, referred and accepted, in a trajectory, with a consent, a contact and a job, every event as the deciders make it, all views caught up. What fills the log was sealed by nobody; the clients with whom something is measured, spread evenly over the history, were sealed really. A decision is a command on one stream (read, fold, decide, append); an append is one event to a fresh stream; reading is the whole file of a client by her specialist, opened and with its line in the access log; composing is what the door does for one client who gave a consent: read, compose, ask, seal and record. Every client has a lane to a partner in which two messages went and were received; a third gets its place there, is marked as handed over and is noted as received; which lanes wait, as those of the measured clients do, is what a service asks once a second. Both databases have cleared these tables of what is out of date and gathered their statistics, as they do by themselves. One at a time, in turn at both, nothing else going on; medians.',
  async measure(run) {
    const few = run.quick ? 100 : 1_000;
    const many = run.quick ? 1_000 : 100_000;
    const samples = run.quick ? 10 : 100;
    // What is done first in a process is slow; nobody counts that.
    const warmingUp = run.quick ? 2 : 10;
    const sizes = [few, many];
    const postgres = await run.postgres();
    const measured = new Map<number, string[]>();
    const agencies = await startOrganisations(
      run,
      [
        ...sizes.map((size) => ({
          id: `bench-agency-${size}`,
          definition: mentalHealthService,
          service: {
            ...defaultSettings,
            // Nobody answers, and nobody is to ask again while something is measured.
            lanes: { ...defaultLaneSettings, firstRetryMs: hour, lastRetryMs: hour },
            pollMs: hour,
            deadlinesMs: hour,
          },
          before: async (folder: string, database: OrganisationDatabase) =>
            void measured.set(size, await writeHistory(run, folder, database, size, samples + warmingUp)),
        })),
        { id: partner, definition: uwvService },
      ],
      postgres,
      () => new NowhereTransport(),
    );
    const costs = new Map(sizes.map((size) => [size, costsOf()]));
    for (let number = 0; number < samples + warmingUp; number++) {
      run.progress('one client after another', number, samples + warmingUp);
      for (const operation of operations)
        for (const [index, size] of sizes.entries()) {
          const agency = agencies[index] as LaunchedOrganisation;
          const clientId = measured.get(size)?.[number] ?? '';
          const ms = await timedMs(() => carriedOut(operation, agency, clientId));
          if (number >= warmingUp) costs.get(size)?.[operation].push(ms);
          await agency.service.settle();
        }
    }
    for (const [index, size] of sizes.entries())
      await assertReallyDone(agencies[index] as LaunchedOrganisation, measured.get(size)?.at(-1) ?? '');
    const words = (size: number): string => `${size.toLocaleString('en')} clients`;
    return operations.map((operation) =>
      figure(
        {
          name: `${operation}, ${words(many)}`,
          value: median(costs.get(many)?.[operation] ?? []),
          unit: 'ms',
          base: words(few),
          baseValue: median(costs.get(few)?.[operation] ?? []),
        },
        { ratioAtMost: 1.5 },
      ),
    );
  },
};

/** A reading that found nothing, or a telling that told nothing, would be fast. */
async function assertReallyDone(agency: LaunchedOrganisation, clientId: string): Promise<void> {
  const file = (await new Colleague(agency, specialist, 'employmentSpecialist').asks('clientFile', { clientId })) as {
    readonly profiles: readonly { readonly workWish?: unknown }[];
    readonly jobs: readonly unknown[];
    readonly contacts: readonly unknown[];
  };
  const told = (await agency.ports.store.read(disclosureStream(clientId))).filter(({ type }) => type === 'Disclosed');
  if (typeof file.profiles[0]?.workWish !== 'string' || file.jobs.length !== 1 || file.contacts.length !== 2)
    throw new Error('The file of a measured client does not hold what was written.');
  // Her trajectory, her profile and her job.
  if (told.length !== 3) throw new Error(`A measured client was told about ${told.length} times, and not 3.`);
}

const costsOf = (): Record<Operation, number[]> =>
  Object.fromEntries(operations.map((operation): [string, number[]] => [operation, []])) as Record<Operation, number[]>;

async function carriedOut(operation: Operation, agency: LaunchedOrganisation, clientId: string): Promise<void> {
  const { ports } = agency;
  const { store, ids } = ports;
  const actor = { kind: 'person', person: specialist, role: 'employmentSpecialist' } as const;
  const metaOf = (client: string) => ({ at: ports.clock.now(), actor, cause: randomUUID(), client });
  switch (operation) {
    case 'a decision': {
      const options = { ids, meta: metaOf(clientId) };
      const ran = await carryOut(
        store,
        contactsStream(clientId),
        contactEvents,
        contacts,
        contactWith(clientId),
        options,
      );
      if ('refused' in ran) throw new Error(`A contact was refused: ${ran.refused}.`);
      return;
    }
    case 'an append': {
      const fresh = randomUUID();
      const stream = contactsStream(fresh);
      const decided = contacts.decide(contactWith(fresh), contacts.initial);
      if ('refused' in decided) throw new Error(`A contact was refused: ${decided.refused}.`);
      await store.append(stream, 0, toNewEvents(contactEvents, decided.accepted, metaOf(fresh), ids, stream));
      return;
    }
    case 'reading a client’s page':
      await new Colleague(agency, specialist, 'employmentSpecialist').asks('clientFile', { clientId });
      return;
    case 'composing what a grant tells':
      return tellWhatMayBeTold(clientId, rulesOf(agency), ports);
    case 'a message’s place in its lane, and its receipt':
      return passThrough(ports.ledger, clientId, 3);
    case 'looking which lanes wait':
      await ports.ledger.waitingLanes();
  }
}

/** The bookkeeping of one message that goes and is received, in a lane of this client's. */
async function passThrough(ledger: ExchangeLedger, clientId: string, number: number): Promise<void> {
  const [lane, messageId] = [`bench>${partner}/${clientId}`, `${clientId}-${number}`];
  const place = { lane, messageId, recipient: partner, stream: disclosureStream(clientId), streamVersion: 1, index: 0 };
  const item = await ledger.enqueue(place);
  await ledger.markHandedOver(messageId);
  const waiting = await ledger.noteReceipt(lane, number, partner);
  if (item.number !== number || waiting !== 0) throw new Error('A message did not get the next place in its lane.');
}

const allEvents = joinCatalogues(...mentalHealthService.catalogues);
const rulesOf = ({ organisation }: LaunchedOrganisation): DoorRules => ({
  organisation,
  policy,
  compositions: mentalHealthService.compositions,
  decode: (stored) => allEvents.decode(stored),
  sends: mentalHealthService.sends,
});

/** Answers the clients with whom something is to be measured. Afterwards the views are up to date, and door and reactions take the past as done. */
async function writeHistory(
  run: Run,
  folder: string,
  database: OrganisationDatabase,
  clients: number,
  toMeasure: number,
): Promise<string[]> {
  const { events, views, ledger, close } = await openPostgres({ database, organisation: 'bench' });
  try {
    const ids = new MachineIds();
    const bulk = new NothingSealed();
    const real = new ClientSealer(await FileKeyStore.open({ folder: keysFolder(folder) }));
    const scopeKeys = new KeyStoreScopeKeys(new MemoryKeyStore());
    const every = Math.floor(clients / toMeasure);
    const measured: string[] = [];
    let written = 0;
    await inTurns(
      Array.from({ length: clients }, (_, number) => number),
      32,
      async (number) => {
        const isMeasured = number % every === 0 && number / every < toMeasure;
        const introduced = isMeasured ? { keys: await offeredKeys(scopeKeys) } : undefined;
        const history = await historyOf(number, isMeasured ? real : bulk, ids, partner, introduced);
        await Promise.all(history.appends.map(({ stream, events: those }) => events.append(stream, 0, those)));
        for (const message of [1, 2]) await passThrough(ledger, history.clientId, message);
        if (isMeasured) measured.push(history.clientId);
        if (++written % 100 === 0) run.progress(`writing the history of ${clients} clients`, written, clients);
      },
      run.signal,
    );
    await catchUp(run, { events, views, written: clients * 9 });
    await tidied(database);
    const head = await events.head();
    const readers = ['door', ...mentalHealthService.reactions.map(({ name }) => `reaction:${name}`)];
    for (const reader of readers) await ledger.saveCheckpoint(reader, undefined, head ?? '');
    return measured;
  } finally {
    await close();
  }
}

/** What the database does by itself now and then; a history that is written in minutes gives it no occasion. */
async function tidied({ owner }: OrganisationDatabase): Promise<void> {
  const client = new pg.Client({ connectionString: owner });
  await client.connect();
  try {
    await client.query('vacuum analyze convenant.lanes, convenant.outbox');
  } finally {
    await client.end();
  }
}

async function offeredKeys(scopeKeys: KeyStoreScopeKeys): Promise<Introduced['keys']> {
  return Promise.all(
    consentCategories
      .filter((category) => ['K1', 'K2', 'K3', 'K7'].includes(category))
      .map(async (category) => {
        const keyId = randomUUID();
        const scope = { discloser: 'bench', pseudonym: '', consentId: '', purpose: '', roles: [], medical: false };
        return { category, keyId, publicKey: await scopeKeys.make(keyId, { ...scope, category }) };
      }),
  );
}

/** As the service does it, and to be interrupted: in a long history it takes minutes. */
async function catchUp(
  run: Run,
  { events, views, written }: Pick<Awaited<ReturnType<typeof openPostgres>>, 'events' | 'views'> & { written: number },
): Promise<void> {
  const readAll = events.readAll.bind(events);
  let read = 0;
  events.readAll = async (after, limit) => {
    run.progress('views catch up', Math.min(read, written), written);
    const page = await readAll(after, limit);
    read += page.length;
    return page;
  };
  const failures: unknown[] = [];
  const runner = createViewRunner(
    mentalHealthService.views,
    (stored) => allEvents.decode(stored),
    events,
    views,
    (_view, error) => failures.push(error),
  );
  await runner.advance();
  if (failures.length > 0) throw failures[0];
}

/** Takes everything and brings it nowhere. */
class NowhereTransport implements Transport {
  send(): Promise<void> {
    return Promise.resolve();
  }
  subscribe(): () => void {
    return () => undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
