/** `kill -9` at every named point and at fifty seeded moments of many clients' stories: nothing that was acknowledged is lost, nothing happens twice. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { signedInUri } from '@convenant/app-local';
import { ensureDatabases, startEmbeddedPostgres, type EmbeddedPostgres } from '@convenant/event-store-postgres';
import { localOrganisations, signIn } from '@convenant/identity-local-provider';
import { Person } from '../story/person.js';
import { lookBehind, readAftermath, type Aftermath, type BehindIt } from './aftermath.js';
import { playCompactStory, type Acknowledged, type Cast, type PartnerId } from './compact-story.js';
import { inWords, type Death } from './death.js';
import { deathsOf, namedPoints } from './moments.js';
import { DyingInstallation } from './dying-installation.js';
import { insist, type Insisting } from './insistence.js';

const seed = Number(process.env['CONVENANT_SEED'] ?? 42);
const storiesAtOnce = 3;
jest.setTimeout(1_800_000);

describe(`killing everything but the database again and again (seed ${seed})`, () => {
  const points = namedPoints(join(import.meta.dirname, '../../../..'));
  const planned = deathsOf(points, 50, seed);
  const died: Death[] = [];
  const troubles: string[] = [];
  const told: Acknowledged[] = [];
  const seen: Aftermath[] = [];
  let behind: BehindIt;
  let folder: string;
  let server: EmbeddedPostgres;
  let installation: DyingInstallation;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'convenant-kill-9-'));
    // The database's own user must be able to pass through, or its data would stand elsewhere and stay there.
    await chmod(folder, 0o711);
    server = await startEmbeddedPostgres({ dataFolder: join(folder, 'server'), organisations: [] });
    const dataFolder = join(folder, 'data');
    installation = new DyingInstallation({
      environment: {
        CONVENANT_DATA: dataFolder,
        CONVENANT_DATABASE_URL: server.admin,
        // The same after every restart, so that tokens stay good and everybody finds the way back.
        CONVENANT_GATEWAY_PORT: await freePort(),
        CONVENANT_IDENTITY_PORT: await freePort(),
        CONVENANT_ORGANISATION_PORT: '0',
      },
      deaths: planned,
      longestLifeMs: 60_000,
      onDeath(death, which) {
        died.push(death);
        if (which % 10 === 0 || which === planned.length)
          process.stderr.write(`  killed ${which} of ${planned.length} times, the last one ${inWords(death)}\n`);
      },
    });
    const insisting: Insisting = { running: () => installation.running(), onTrouble: (code) => troubles.push(code) };
    const cast = await assemble(insisting);
    let number = 0;
    const tellOn = async (): Promise<void> => {
      do told.push(await playCompactStory(++number, cast, insisting));
      while (!installation.isThrough);
    };
    await Promise.all(Array.from({ length: storiesAtOnce }, tellOn));
    // Four more that nobody disturbs: the others must have ended like these.
    for (let calm = 0; calm < 4; calm++) told.push(await playCompactStory(++number, cast, insisting));

    const organisations = localOrganisations.map(({ id }) => id);
    const databases = await ensureDatabases({
      admin: server.admin,
      organisations,
      passwordsFile: join(dataFolder, 'passwords.json'),
    });
    behind = await lookBehind(databases, dataFolder);
    for (const each of told) seen.push(await readAftermath(each, cast));
  });
  afterAll(async () => {
    await installation?.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const each = (look: (after: Aftermath, acknowledged: Acknowledged) => void): void => {
    for (const [index, after] of seen.entries()) look(after, told[index] as Acknowledged);
  };

  it('killed at every point that the code names, and at fifty moments besides', () => {
    expect(died).toEqual(planned);
    expect(points).toEqual(
      expect.arrayContaining(['command: before append', 'door: after send', 'inbox: before receipt']),
    );
    expect(planned.length).toBe(points.length + 50);
    expect(told.length).toBeGreaterThan(8);
  });

  it('answered everybody as if nothing had happened, once it was there again', () => expect(troubles).toEqual([]));

  it('kept everything that was acknowledged, and each thing once', () =>
    each(({ file }, acknowledged) => {
      const ids = (rows: readonly Readonly<Record<string, unknown>>[], id: string) => rows.map((row) => row[id]).sort();
      expect(ids(file.contacts, 'contactId')).toEqual([...acknowledged.contacts].sort());
      expect(ids(file.employerContacts, 'contactId')).toEqual([...acknowledged.employerContacts].sort());
      expect(ids(file.jobs, 'jobId')).toEqual([...acknowledged.jobs].sort());
      expect(ids(file.summaries, 'summaryId')).toEqual([...acknowledged.summaries].sort());
      expect(file.profiles).toHaveLength(1);
    }));

  it('left every file as a story leaves it that nobody disturbed', () => {
    const calm = contents(seen.at(-1) as Aftermath);
    each((after) => expect(contents(after)).toEqual(calm));
  });

  it('counted every consent up as often as the client changed it, and got the proof of every closing', () => {
    const calm = new Map(seen.slice(-2).map((after, index) => [told.at(index - 2)?.withdrawn, consentsOf(after)]));
    each((after, { withdrawn, consents }) => {
      expect(after.consents.map(({ recipient, consentId }) => [recipient, consentId]).sort()).toEqual(
        Object.entries(consents).sort(),
      );
      expect(consentsOf(after)).toEqual(calm.get(withdrawn));
      expect(
        after.consents.flatMap(({ closings }) => closings).filter(({ outstanding, proof }) => outstanding || !proof),
      ).toEqual([]);
    });
  });

  it('told no partner the same thing twice', () =>
    each(({ sent }) => {
      expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(sent.length);
      const tellings = sent.map(({ recipient, contract, fields }) => JSON.stringify([recipient, contract, fields]));
      expect(tellings.filter((telling, index) => tellings.indexOf(telling) !== index)).toEqual([]);
    }));

  it('shows the partner that may know exactly what the agency knows', () =>
    each(({ file, pages }, { withdrawn }) => {
      const page = pages[other(withdrawn)];
      expect(page.coverage).toHaveLength(1);
      expect(page.identity).toHaveLength(1);
      expect(page.trajectory).toEqual([{ ...file.trajectory, state: 'active' }]);
      expect(page.profile).toEqual(withoutIds(file.profiles));
      expect(page.jobs.map(({ jobs }) => sorted(jobs))).toEqual([sorted(withoutIds(file.jobs))]);
      expect(page.progress.map(({ summaries }) => summaries)).toEqual([withoutIds(file.summaries)]);
    }));

  it('shows the partner from whom she withdrew nothing at all', () =>
    each(({ pages }, { withdrawn }) => {
      const { ended, ...rest } = pages[withdrawn];
      expect(rest).toEqual({ coverage: [], identity: [], trajectory: [], profile: [], jobs: [], progress: [] });
      expect(ended.length).toBeLessThanOrEqual(1);
    }));

  it('left nothing waiting and nothing parked', () => {
    expect(behind.waiting).toEqual([]);
    expect(behind.parked).toEqual([]);
  });

  it('left every access log whole', () => expect(behind.logs.filter(({ ok }) => !ok)).toEqual([]));
});

async function assemble(insisting: Insisting): Promise<Cast> {
  const enter = async (organisation: string, account: string, role: string): Promise<Person> => {
    const { gateway, token } = await insist(insisting, async () => {
      const { gateway, identity } = (await insisting.running()) as { gateway: string; identity: string };
      const { accessToken } = await signIn({
        issuer: `${identity}/${organisation}`,
        organisation,
        account,
        redirectUri: signedInUri(gateway),
      });
      return { gateway, token: accessToken };
    });
    return new Person({ name: account, role, organisation, token, gatewayUrl: gateway });
  };
  return {
    caseManager: await enter('ggz-amstel', 'karin', 'caseManager'),
    specialist: await enter('ggz-amstel', 'joost', 'employmentSpecialist'),
    labourExpert: await enter('uwv', 'erik', 'labourExpert'),
    clientManager: await enter('gemeente-amstelveld', 'mehmet', 'clientManager'),
    client: (number) => enter('ggz-amstel', `client-${number}`, 'client'),
  };
}

const other = (partner: PartnerId): PartnerId => (partner === 'uwv' ? 'gemeente-amstelveld' : 'uwv');
const withoutIds = <Row extends Readonly<Record<string, unknown>>>(rows: readonly Row[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !name.endsWith('Id'))));
const sorted = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  [...rows].sort((a, b) => String(a['startedOn']).localeCompare(String(b['startedOn'])));
/** The file without ids, in an order that does not depend on them. */
const contents = ({ file }: Aftermath) =>
  Object.fromEntries(
    Object.entries(file).map(([part, rows]) => [
      part,
      Array.isArray(rows)
        ? withoutIds(rows)
            .map((row) => JSON.stringify(row))
            .sort()
        : rows,
    ]),
  );
const consentsOf = ({ consents }: Aftermath) =>
  consents
    .map(({ recipient, version, state, granted, closings }) => ({
      recipient,
      version,
      state,
      granted: granted.length,
      closings: closings.map(({ how }) => how),
    }))
    .sort((a, b) => a.recipient.localeCompare(b.recipient));

const freePort = (): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(String(port)));
    });
  });
