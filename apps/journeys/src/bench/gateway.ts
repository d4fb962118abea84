/** The gateway: a referral and a consented page through it, beside the organisation alone and beside an empty route. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { GatewayCredential, gatewayCredentialHeader } from '@convenant/identity-oidc';
import { localOrganisations } from '@convenant/identity-local-provider';
import { MachineClock } from '@convenant/launch';
import { Claims } from '../story/claims.js';
import { drawCohort } from '../story/cohort.js';
import { converse } from '../story/consents.js';
import { Installation } from '../story/installation.js';
import { emptyTally, Narrator } from '../story/narrate.js';
import type { Person } from '../story/person.js';
import { received } from '../story/questions.js';
import { receive } from '../story/receive.js';
import { refer, register } from '../story/refer.js';
import { agency, castFor, daysFrom, today, uwv, type Scene } from '../story/scene.js';
import type { Benchmark, Run } from './benchmark.js';
import { deploy, startBeside } from './deployed-installation.js';
import { figure, median, type Figure } from './figures.js';
import { inTurns, ratePerSecond } from './measuring.js';
import { synthetic } from './organisations.js';
import type { UnlimitedGateway } from './unlimited-gateway.js';

const atOnce = 8;

export const gateway: Benchmark = {
  name: 'gateway',
  about:
    'The demonstration as it is deployed, every organisation and the gateway a process of its own. A case manager refers clients, and a labour expert at UWV reads the page about one client with everything that was told under her consent: filtered by the consent, opened, and in the access log. Eight at once over connections that are kept. Beside it the same question straight to the organisation, with the credential and the headers that the gateway sends, and an empty Fastify route that takes the same bytes. Rounds of the three follow each other; medians. The limit on how often one person may ask is lifted.',
  async measure(run) {
    const secret = randomBytes(32);
    const deployed = await deploy(run, { ORGANISATION_GATEWAY_SECRET: secret.toString('base64url') });
    const installation = await Installation.at(deployed.gatewayUrl, { signal: run.signal });
    const issuers = await issuersAt(deployed.gatewayUrl);
    // In its place, at its address, so that everybody's sign-in stays what it was.
    await deployed.gateway.stop();
    const settings: UnlimitedGateway = {
      secret: secret.toString('base64url'),
      organisations: localOrganisations.map(({ id, kind }) => ({
        id,
        kind,
        url: deployed.services.get(id)?.url ?? '',
        issuer: issuers.get(id) ?? '',
      })),
    };
    await startBeside(run, 'unlimited-gateway', 'UNLIMITED_GATEWAY_PORT', {
      UNLIMITED_GATEWAY: JSON.stringify(settings),
      UNLIMITED_GATEWAY_PORT: new URL(deployed.gatewayUrl).port,
    });
    const empty = await startBeside(run, 'empty-route', 'EMPTY_PORT');
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    run.onStop(() => Promise.resolve(agent.destroy()));

    const { caseManager, specialist, expert, atUwv, clients } = await prepared(run, installation);
    let referred = 0;
    const referral = () => ({
      query: `mutation($input: ReferClientInput!) { referClient(input: $input) { id position refused { code } } }`,
      variables: {
        input: {
          requestId: randomUUID(),
          clientId: clients[referred++ % clients.length],
          workWish: 'werken als tuinder',
          toSpecialist: specialist.subject,
        },
      },
    });
    const page = () => ({ query: received('receivedAboutClient'), variables: { clientId: atUwv } });
    const rounds = run.quick ? 1 : 5;
    const durationMs = run.quick ? 500 : 3_000;

    const figures: Figure[] = [];
    for (const [what, who, question] of [
      ['referrals', caseManager, referral],
      ['consented pages', expert, page],
    ] as const) {
      const credential = new GatewayCredential({ organisation: who.organisation, secret, clock: new MachineClock() });
      const service = deployed.services.get(who.organisation)?.url ?? '';
      const ask = (url: string, headers: Readonly<Record<string, string>>, check: (answer: string) => void) =>
        ratePerSecond(
          atOnce,
          durationMs,
          async () => check(await post(agent, `${url}/graphql`, JSON.stringify(question()), headers)),
          run.signal,
        );
      const person = { authorization: `Bearer ${who.token}` };
      const alone = async () => ({
        ...person,
        [gatewayCredentialHeader]: await credential.issue(),
        traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
      });
      const rates = { through: [] as number[], alone: [] as number[], empty: [] as number[] };
      // Both answer as they will before anything is counted.
      await ask(deployed.gatewayUrl, person, assertAnswered);
      await ask(service, await alone(), assertAnswered);
      for (let round = 0; round < rounds; round++) {
        run.progress(what, round, rounds);
        rates.through.push(await ask(deployed.gatewayUrl, person, assertAnswered));
        rates.alone.push(await ask(service, await alone(), assertAnswered));
        rates.empty.push(await ask(empty.url, person, () => undefined));
      }
      const through = { name: `${what} through the gateway`, value: median(rates.through), unit: 'per second' };
      figures.push(
        figure({ ...through, base: 'the organisation alone', baseValue: median(rates.alone) }, { ratioAtLeast: 0.5 }),
        figure({ ...through, base: 'an empty route', baseValue: median(rates.empty) }),
      );
    }
    return figures;
  },
};

/** One client of the story up to what UWV received, and a caseload of others to be referred. */
async function prepared(run: Run, installation: Installation) {
  run.progress('one client as far as UWV');
  const violations: string[] = [];
  const [person] = drawCohort(1, 1, today());
  if (!person) throw new Error('Nobody was drawn.');
  const tally = emptyTally();
  let account = 1;
  const scene: Scene = {
    person,
    cast: await castFor(person.number, installation),
    claims: new Claims('the client', (violation) => violations.push(violation)),
    narrate: new Narrator(tally, () => undefined),
    tally,
    installation,
    day: daysFrom(today()),
    nextAccount: () => `client-${account++}`,
  };
  const known = await register(scene);
  await refer(scene, known);
  await converse(scene, known);
  await receive(scene, known);
  if (violations.length > 0) throw new Error(`Before anything was measured: ${violations[0]}`);

  const names: readonly [string, string][] = [
    [agency, scene.cast.caseManager.name.toLowerCase()],
    [uwv, scene.cast.labourExpert.name.toLowerCase()],
  ];
  // New tokens, which outlive what is measured.
  const [caseManager, expert] = await Promise.all(names.map(([at, who]) => installation.signInAs(at, who)));
  if (!caseManager || !expert) throw new Error('Nobody signed in.');
  const clients = await inTurns(
    Array.from({ length: run.quick ? 10 : 200 }, (_, number) => number),
    4,
    async (number, index) => {
      run.progress('clients to be referred', index, run.quick ? 10 : 200);
      return (await caseManager.tell('registerClient', synthetic(1000 + number))).id;
    },
    run.signal,
  );
  const { specialist }: { specialist: Person } = scene.cast;
  return { caseManager, specialist, expert, atUwv: known.clientId[uwv], clients };
}

async function issuersAt(gatewayUrl: string): Promise<ReadonlyMap<string, string>> {
  const settings = (await (await fetch(`${gatewayUrl}/settings.json`)).json()) as {
    organisations: readonly { id: string; issuer: string }[];
  };
  return new Map(settings.organisations.map(({ id, issuer }) => [id, issuer]));
}

function assertAnswered(answer: string): void {
  const { data, errors } = JSON.parse(answer) as {
    data?: Readonly<Record<string, { refused?: { code: string } | null } | null>> | null;
    errors?: readonly { extensions?: { code?: string } }[];
  };
  const [said] = Object.values(data ?? {});
  const code = errors?.[0]?.extensions?.code ?? said?.refused?.code;
  if (!said || code !== undefined)
    throw new Error(`A request of the benchmark was not answered: ${code ?? 'nothing'}.`);
}

function post(agent: Agent, url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        agent,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part: string) => (text += part));
        response.once('end', () => resolve(text)).once('error', reject);
      },
    );
    sent.once('error', reject).end(body);
  });
}
