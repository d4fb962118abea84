/** For tests: a local installation on a server that outlives it, so that one organisation's database can be lost and put back in between. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsFrom, startLocal, type Local } from '@convenant/app-local';
import { Installation } from '@convenant/app-journeys';
import {
  ensureDatabases,
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type OrganisationDatabase,
} from '@convenant/event-store-postgres';
import { DirectTransport } from '@convenant/exchange-direct';
import { defaultLaneSettings, type Transport } from '@convenant/exchange';
import { defaultSettings } from '@convenant/host';
import type { LaunchedOrganisation } from '@convenant/launch';
import { addDaysToDate, dayOf } from '@convenant/kernel';
import pg from 'pg';
import type { Terminal } from '../command.js';

type Person = Awaited<ReturnType<Installation['staff']>>;
export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
export const daysAgo = (days: number): string => addDaysToDate(dayOf(new Date().toISOString()), -days);

export class RestorableWorld {
  local: Local | undefined;
  people: Installation | undefined;
  /** The last message that passed to each organisation. */
  readonly passed = new Map<string, string>();

  private constructor(
    readonly folder: string,
    readonly server: EmbeddedPostgres,
  ) {}

  static async make(): Promise<RestorableWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'convenant-restore-'));
    // The database's own user must be able to pass through, or its data would stand elsewhere and stay there.
    await chmod(folder, 0o711);
    return new RestorableWorld(
      folder,
      await startEmbeddedPostgres({ dataFolder: join(folder, 'server'), organisations: [] }),
    );
  }

  async start(): Promise<void> {
    const anyPort = { CONVENANT_GATEWAY_PORT: '0', CONVENANT_IDENTITY_PORT: '0', CONVENANT_ORGANISATION_PORT: '0' };
    const place = { CONVENANT_DATA: this.data, CONVENANT_DATABASE_URL: this.server.admin };
    this.local = await startLocal(settingsFrom({ ...anyPort, ...place }), {
      transport: this.#listening(),
      onNote: () => undefined,
      service: {
        ...defaultSettings,
        waitForViewsMs: 20_000,
        pollMs: 100,
        lanes: { ...defaultLaneSettings, firstRetryMs: 100, lastRetryMs: 500 },
      },
    });
    this.people = await Installation.at(this.local.gatewayUrl);
  }
  async stop(): Promise<void> {
    await this.local?.stop();
    this.local = undefined;
  }
  async end(): Promise<void> {
    await this.stop();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get data(): string {
    return join(this.folder, 'data');
  }
  folderOf(organisation: string): string {
    return join(this.data, organisation);
  }
  async database(organisation: string): Promise<OrganisationDatabase> {
    const found = await ensureDatabases({
      admin: this.server.admin,
      organisations: [organisation],
      passwordsFile: join(this.data, 'passwords.json'),
    });
    return found[organisation] as OrganisationDatabase;
  }
  /** What a disaster does. The database is there again, empty. */
  async lose(organisation: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.server.admin });
    await client.connect();
    await client.query(`drop database ${client.escapeIdentifier(`convenant-${organisation}`)} with (force)`);
    await client.end();
    await this.database(organisation);
  }

  /** Every row of every view, as it lies in the database. */
  async viewRows(organisation: string): Promise<readonly unknown[]> {
    const { owner } = await this.database(organisation);
    const client = new pg.Client({ connectionString: owner });
    await client.connect();
    const { rows } = await client.query(
      `select v.name, v.version, r.key, r.row, r.indexes, r.sort from convenant.views v join convenant.view_rows r on r.view = v.id
       order by v.name, v.version, r.key`,
    );
    await client.end();
    return rows;
  }

  at(organisation: string): LaunchedOrganisation {
    const found = this.local?.organisations.find((each) => each.organisation.id === organisation);
    if (!found) throw new Error(`${organisation} does not run.`);
    return found;
  }
  staff(organisation: string, account: string): Promise<Person> {
    if (!this.people) throw new Error('Nothing runs.');
    return this.people.staff(organisation, account);
  }
  client(account: string): Promise<Person> {
    if (!this.people) throw new Error('Nothing runs.');
    return this.people.signInAs('ggz-amstel', account);
  }

  /** Until no organisation has anything under way, and none but these has anything waiting. */
  async quiet(exceptFrom: readonly string[] = []): Promise<void> {
    const organisations = this.local?.organisations ?? [];
    for (const from = performance.now(), last = { seen: '' }; ; await pause(50)) {
      for (const { service } of organisations) await service.settle();
      const heads = await Promise.all(organisations.map(({ ports }) => ports.store.head()));
      const waiting = (
        await Promise.all(
          organisations
            .filter(({ organisation }) => !exceptFrom.includes(organisation.id))
            .map(({ ports }) => ports.ledger.waitingLanes()),
        )
      ).flat();
      const seen = JSON.stringify(heads);
      if (seen === last.seen && waiting.length === 0) return;
      last.seen = seen;
      if (performance.now() - from > 30_000)
        throw new Error(`These lanes wait for half a minute: ${waiting.map(({ lane }) => lane).join(', ')}`);
    }
  }

  /** Runs a command as from a shell, and says what it printed. */
  async run(
    command: (args: readonly string[], terminal: Terminal) => Promise<number>,
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly complaints: string }> {
    const out: string[] = [];
    const complaints: string[] = [];
    const code = await command(args, {
      env: { CONVENANT_DATA: this.data, CONVENANT_DATABASE_URL: this.server.admin },
      print: (line) => void out.push(line),
      complain: (line) => void complaints.push(line),
      signal: new AbortController().signal,
    });
    return { code, out: out.join('\n'), complaints: complaints.join('\n') };
  }

  #listening(): Transport {
    const direct = new DirectTransport();
    return {
      send: (recipient, signed) => {
        this.passed.set(recipient, signed);
        return direct.send(recipient, signed);
      },
      subscribe: (organisation, handler) => direct.subscribe(organisation, handler),
      close: () => direct.close(),
    };
  }
}

/** In the end, and not at once; what it was last when it never came to be. */
export async function inTheEnd<T>(read: () => Promise<T>, isSo: (found: T) => boolean): Promise<T> {
  for (const from = performance.now(); ; await pause(100)) {
    const found = await read();
    if (isSo(found) || performance.now() - from > 15_000) return found;
  }
}

/** A client of the agency who shares with UWV and the municipality, and what each of them has read. */
export interface Shared {
  readonly clientId: string;
  readonly atUwv: string;
  readonly atMunicipality: string;
  readonly consents: { readonly uwv: string; readonly municipality: string };
}

const categories = ['K1', 'K2', 'K3', 'K7'];

export async function shareWithPartners(world: RestorableWorld): Promise<Shared> {
  const caseManager = await world.staff('ggz-amstel', 'karin');
  const specialist = await world.staff('ggz-amstel', 'joost');
  const labourExpert = await world.staff('uwv', 'erik');
  const clientManager = await world.staff('gemeente-amstelveld', 'mehmet');
  const identity = { initials: 'A.B.', familyName: 'Proefpersoon', dateOfBirth: '1990-04-12' };
  const { id: clientId } = await caseManager.tell('registerClient', identity);
  const { id: atUwv } = await labourExpert.tell('registerClient', identity);
  const { id: atMunicipality } = await clientManager.tell('registerClient', identity);
  const referral = {
    clientId,
    workWish: 'In een kas werken',
    referredOn: daysAgo(90),
    toSpecialist: specialist.subject,
  };
  const { id: referralId } = await caseManager.tell('referClient', referral);
  await specialist.tell('acceptReferral', { referralId, on: daysAgo(88) });
  await specialist.tell('holdIntake', { clientId, on: daysAgo(80) });
  const client = await world.client('client-1');
  const { code } = await caseManager.tell('issueActivationCode', { clientId, for: 'client' }, 'code');
  await client.tell('activateLogin', { code, dateOfBirth: identity.dateOfBirth });
  const offer = { clientId, purpose: 'support', categories };
  const propose = async (recipient: string, role: string): Promise<string> =>
    (await specialist.tell('proposeConsent', { ...offer, recipient, roles: [role] })).id;
  const consents = {
    uwv: await propose('uwv', 'labourExpert'),
    municipality: await propose('gemeente-amstelveld', 'clientManager'),
  };
  for (const consentId of Object.values(consents))
    await client.tell('answerConsent', { consentId, answer: 'yes', categories });
  await startJob(world, clientId, 'tuinder', 50);
  return { clientId, atUwv, atMunicipality, consents };
}

export async function startJob(
  world: RestorableWorld,
  clientId: string,
  occupation: string,
  ago: number,
): Promise<void> {
  const specialist = await world.staff('ggz-amstel', 'joost');
  const job = {
    clientId,
    regularPaid: true,
    contract: 'permanent',
    startedOn: daysAgo(ago),
    occupation,
    hoursPerWeek: 16,
  };
  await specialist.tell('startJob', job);
}

/** What was told about her jobs, as a partner's member of staff reads it. */
export async function occupationsAt(
  world: RestorableWorld,
  organisation: 'uwv' | 'gemeente-amstelveld',
  clientId: string,
): Promise<readonly string[]> {
  const reader = await world.staff(organisation, organisation === 'uwv' ? 'erik' : 'mehmet');
  const query = 'query($clientId: ID!) { receivedAboutClient(clientId: $clientId) { jobs { jobs { occupation } } } }';
  const page = await reader.ask<{ jobs: readonly { jobs: readonly { occupation: string }[] }[] }>(
    'receivedAboutClient',
    query,
    { clientId },
  );
  return page.jobs.flatMap(({ jobs }) => jobs.map(({ occupation }) => occupation)).sort();
}

export async function consentsOf(
  world: RestorableWorld,
): Promise<ReadonlyMap<string, { state: string; version: number }>> {
  const client = await world.client('client-1');
  const query = 'query { myConsents { consents { consentId version state } } }';
  const { consents } = await client.ask<{ consents: readonly { consentId: string; version: number; state: string }[] }>(
    'myConsents',
    query,
  );
  return new Map(consents.map(({ consentId, state, version }) => [consentId, { state, version }]));
}
