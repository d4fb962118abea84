/** Withdrawing: from the client's own request until both partners have closed, destroyed their keys and proved it. */
import type { LaunchedOrganisation } from '@convenant/launch';
import { mentalHealthService } from '@convenant/mental-health-service';
import { municipalityService } from '@convenant/municipality-service';
import { uwvService } from '@convenant/uwv-service';
import { BareKafka } from './bare-kafka.js';
import type { Benchmark, Run } from './benchmark.js';
import { figure, percentile } from './figures.js';
import { inTurns, paced, within } from './measuring.js';
import {
  Colleague,
  makePlaces,
  makeTopics,
  startHere,
  synthetic,
  transportThrough,
  type Place,
} from './organisations.js';
import { PartnerBeside } from './partner-beside.js';
import { shareClients, type SharedClient } from './shared-client.js';

const ids = { agency: 'bench-agency', uwv: 'bench-uwv', municipality: 'bench-municipality' } as const;
const bareName = 'bench-bare';
const perSecond = 10;
const patienceMs = 120_000;

export const withdrawal: Benchmark = {
  name: 'withdrawal',
  about:
    'An agency, UWV and a municipality with their whole services, each in a process of its own as they are deployed, over Kafka; the load is in the agency’s. Every client gave both partners a consent and withdraws everything with one request under her own login, ten clients a second. Counted from the moment at which she asks (her acknowledgement is in it) until the agency has recorded the signed proof of the second partner: closed, keys destroyed on disk. Beside it the bare driver passes a message there and one back at the same pace. Blocks of both follow each other.',
  async measure(run) {
    const kafka = await run.kafka();
    await makeTopics(kafka, [...Object.values(ids), bareName]);
    const described = { id: ids.agency, definition: mentalHealthService };
    const places = await makePlaces(
      run,
      [described, { id: ids.uwv, definition: uwvService }, { id: ids.municipality, definition: municipalityService }],
      await run.postgres(),
    );
    const placeOf = (id: string): Place => {
      const place = places.get(id);
      if (!place) throw new Error(`${id} has no place.`);
      return place;
    };
    const agency = await startHere(run, described, placeOf(ids.agency), transportThrough(run, kafka));
    const recipients = [
      await PartnerBeside.start(run, { id: ids.uwv, kind: 'uwv' }, placeOf(ids.uwv), kafka),
      await PartnerBeside.start(run, { id: ids.municipality, kind: 'municipality' }, placeOf(ids.municipality), kafka),
    ];
    const clients = await shareClients(run, agency, recipients, run.quick ? 10 : 200);
    const logins = await letThemIn(run, agency, clients);
    const proved = proofsAt(agency, recipients.length);
    const bare = await BareKafka.open(run, kafka, bareName);

    const blocks = run.quick ? 1 : 4;
    const inBlock = logins.length / blocks;
    const waits: number[] = [];
    const bareWaits: number[] = [];
    for (let block = 0; block < blocks; block++) {
      run.progress('withdrawals', block, blocks);
      const those = logins.slice(block * inBlock, (block + 1) * inBlock);
      const withdraw = async (index: number): Promise<void> => {
        const { clientId, herself } = those[index] as Login;
        const both = proved(clientId);
        await herself.does('stopEverything', {});
        await within(patienceMs, 'A withdrawal is not proved by every partner.', both);
      };
      waits.push(...(await paced(those.length, perSecond, withdraw, run.signal)));
      const thereAndBack = async (): Promise<void> => {
        await bare.pass('there');
        await bare.pass('back');
      };
      bareWaits.push(...(await paced(those.length, perSecond, thereAndBack, run.signal)));
    }
    const wait = (share: number) => ({
      value: percentile(waits, share),
      unit: 'ms',
      base: 'bare Kafka, there and back',
      baseValue: percentile(bareWaits, share),
    });
    return [
      figure({ name: 'withdrawal proved by two partners, p50', ...wait(0.5) }),
      figure({ name: 'withdrawal proved by two partners, p99', ...wait(0.99) }, { below: 1000 }),
    ];
  },
};

interface Login {
  readonly clientId: string;
  readonly herself: Colleague;
}

/** Each with a code that was issued to her, and used once. */
async function letThemIn(
  run: Run,
  agency: LaunchedOrganisation,
  clients: readonly SharedClient[],
): Promise<readonly Login[]> {
  const caseManager = new Colleague(agency, 'case-manager', 'caseManager');
  return inTurns(
    clients,
    4,
    async ({ clientId }, number) => {
      run.progress('clients get a login', number, clients.length);
      const { code } = await caseManager.does('issueActivationCode', { clientId, for: 'client' });
      const herself = new Colleague(agency, `login-${number}`, 'client');
      await herself.does('activateLogin', { code, dateOfBirth: synthetic(number).dateOfBirth });
      return { clientId, herself };
    },
    run.signal,
  );
}

/** Looks at what the agency appends; the answer resolves when so many proofs about this client are on disk. */
function proofsAt({ ports: { store } }: LaunchedOrganisation, count: number): (clientId: string) => Promise<void> {
  const awaited = new Map<string, { left: number; resolve: () => void }>();
  const append = store.append.bind(store);
  store.append = async (stream, expectedVersion, events) => {
    const appended = await append(stream, expectedVersion, events);
    for (const { type, meta } of events) {
      const one = type === 'ClosingAcknowledged' ? awaited.get(meta.client ?? '') : undefined;
      if (one && --one.left === 0) one.resolve();
    }
    return appended;
  };
  return (clientId) => new Promise((resolve) => awaited.set(clientId, { left: count, resolve }));
}
