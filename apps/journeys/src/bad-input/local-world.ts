/** A local installation in this process, with what bad input must not change within reach: the events, and what the access logs say. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoggedRecord } from '@convenant/access-log';
import { settingsFrom, signedInUri, startLocal, type Local } from '@convenant/app-local';
import { defaultSettings } from '@convenant/host';
import type { LaunchedOrganisation } from '@convenant/launch';
import { signIn } from '@convenant/identity-local-provider';
import { importJWK, SignJWT, type JWK, type JWTPayload } from 'jose';
import { playCompactStory, type Acknowledged, type Cast } from '../faults/compact-story.js';
import { pause, Person } from '../story/person.js';
import { ListeningTransport } from './listening-transport.js';

export class LocalWorld {
  private constructor(
    readonly local: Local,
    readonly line: ListeningTransport,
    private readonly folder: string,
  ) {}

  static async start(): Promise<LocalWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'convenant-bad-input-'));
    // The database's own user must be able to pass through, or its data would stand elsewhere and stay there.
    await chmod(folder, 0o711);
    const line = new ListeningTransport();
    const anyPort = { CONVENANT_GATEWAY_PORT: '0', CONVENANT_IDENTITY_PORT: '0', CONVENANT_ORGANISATION_PORT: '0' };
    const local = await startLocal(settingsFrom({ ...anyPort, CONVENANT_DATA: join(folder, 'data') }), {
      transport: line,
      service: { ...defaultSettings, waitForViewsMs: 20_000 },
    });
    return new LocalWorld(local, line, folder);
  }
  async stop(): Promise<void> {
    await this.local.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  at(organisation: string): LaunchedOrganisation {
    const found = this.local.organisations.find((each) => each.organisation.id === organisation);
    if (!found) throw new Error(`${organisation} is not here.`);
    return found;
  }

  async enter(organisation: string, account: string, role: string): Promise<Person> {
    const { gatewayUrl, provider } = this.local;
    const { accessToken } = await signIn({
      issuer: provider.issuerOf(organisation),
      organisation,
      account,
      redirectUri: signedInUri(gatewayUrl),
    });
    return this.person(organisation, role, accessToken);
  }
  person(organisation: string, role: string, token: string): Person {
    return new Person({ name: role, role, organisation, token, gatewayUrl: this.local.gatewayUrl });
  }
  async cast(): Promise<Cast> {
    return {
      caseManager: await this.enter('ggz-amstel', 'karin', 'caseManager'),
      specialist: await this.enter('ggz-amstel', 'joost', 'employmentSpecialist'),
      labourExpert: await this.enter('uwv', 'erik', 'labourExpert'),
      clientManager: await this.enter('gemeente-amstelveld', 'mehmet', 'clientManager'),
      client: (number) => this.enter('ggz-amstel', `client-${number}`, 'client'),
    };
  }

  /** A client who shares with UWV, paused once and went on, and has withdrawn from the municipality after it had read everything. */
  async someClient(cast: Cast): Promise<Acknowledged> {
    const known = await playCompactStory(1, cast, { running: () => Promise.resolve(), onTrouble: () => undefined });
    await this.counts();
    return known;
  }

  /** A token that says what the given one says, but for these claims; signed by the organisation's own issuer, or with another key. */
  async tokenLike(person: Person, claims: JWTPayload, key?: Parameters<SignJWT['sign']>[0]): Promise<string> {
    const [header, payload] = person.token
      .split('.', 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, string>);
    const file = join(this.local.dataFolder, 'identity', person.organisation, 'signing-key.json');
    const own = await importJWK(JSON.parse(await readFile(file, 'utf8')) as JWK, 'ES256');
    return new SignJWT({ ...payload, ...claims }).setProtectedHeader({ ...header, alg: 'ES256' }).sign(key ?? own);
  }

  /** Hands a message in at the gateway, as somebody does who got hold of it. */
  async handIn(recipient: string, signed: string): Promise<{ readonly status: number; readonly said: unknown }> {
    const response = await fetch(`${this.local.gatewayUrl}/exchange/${recipient}`, {
      method: 'POST',
      headers: { 'content-type': 'application/jose' },
      body: signed,
    });
    return { status: response.status, said: await response.json() };
  }

  /** How many events every organisation has, once nothing is under way and nothing waits any more. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const { organisations } = this.local;
    const from = performance.now();
    for (let last = ''; ;) {
      for (const { service } of organisations) await service.settle();
      const counts = await Promise.all(
        organisations.map(
          async ({ organisation, ports }) =>
            [organisation.id, (await ports.store.readAll(undefined, 1_000_000)).length] as const,
        ),
      );
      const waiting = (await Promise.all(organisations.map(({ ports }) => ports.ledger.waitingLanes()))).flat();
      const found = JSON.stringify([counts, waiting]);
      if (found === last && waiting.length === 0) return Object.fromEntries(counts);
      if (performance.now() - from > 20_000)
        throw new Error(`These lanes wait for more than twenty seconds: ${waiting.map(({ lane }) => lane).join(', ')}`);
      if (waiting.length > 0) await pause(50);
      last = found;
    }
  }

  async logged(organisation: string): Promise<readonly LoggedRecord[]> {
    return this.at(organisation).ports.accessLog.during({ limit: 100_000 });
  }
}
