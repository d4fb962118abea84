/** The exchange: a fact recorded at the agency until it stands in the partner's view, beside bare Kafka and beside the sum of its parts. */
import { openPostgres } from '@convenant/event-store-postgres';
import { mentalHealthService } from '@convenant/mental-health-service';
import { uwvService } from '@convenant/uwv-service';
import { BareKafka } from './bare-kafka.js';
import type { Benchmark } from './benchmark.js';
import { ExchangeMeter } from './exchange-meter.js';
import { besideTheMessage, ExchangeParts, parts, type Part } from './exchange-parts.js';
import { figure, median, percentile } from './figures.js';
import { flushesIn } from './flushes.js';
import { inTurns, paced, timedMs } from './measuring.js';
import { makePlaces, makeTopics, startHere, transportThrough } from './organisations.js';
import { shareClients } from './shared-client.js';
import { lookInto, PartnerBeside } from './partner-beside.js';

const agencyId = 'bench-agency';
const uwvId = 'bench-uwv';
const bareName = 'bench-bare';
const perSecond = 100;

export const exchange: Benchmark = {
  name: 'exchange',
  about:
    'An agency and UWV with their whole services, their own databases and keys in files, each in a process of its own as they are deployed; the load is in the agency’s, and Kafka and PostgreSQL take their share of the same machine. Each fact is a new version of one client’s profile, recorded by the agency’s decider (sealed for its own log beforehand), told by its door under a consent that was given, recognised and checked by UWV’s inbox, and there when UWV’s view has committed its row. Throughput: as many clients at once as helps most. At 100 disclosures a second every one is counted from the moment at which it was due, its recording included; what the disk did meanwhile is seen by a thread that flushes a file of its own forty times a second. Beside it the bare driver passes the same bytes one message at a time, acknowledged by all replicas in step. The parts are measured alone, one kind after another in one process, with as many at once; what the exchange does besides (receipts, the order of lanes, asking the consent again) is not among them. The exchange as it is measured begins with recording the fact and ends with saving the view, so both are parts; the sum without them is told too. Rounds of exchange, bare Kafka and parts follow each other; medians.',
  async measure(run) {
    const kafka = await run.kafka();
    const postgres = await run.postgres();
    const rounds = run.quick ? 1 : 3;
    const sinks = Array.from({ length: rounds }, (_, round) => `bench-sink-${round}`);
    await makeTopics(kafka, [agencyId, uwvId, bareName, ...sinks]);
    const described = { id: agencyId, definition: mentalHealthService };
    const places = await makePlaces(run, [described, { id: uwvId, definition: uwvService }], postgres);
    const [agencyPlace, uwvPlace] = [places.get(agencyId), places.get(uwvId)];
    if (!agencyPlace || !uwvPlace) throw new Error('Two organisations were to be started.');
    const transport = transportThrough(run, kafka);
    const agency = await startHere(run, described, agencyPlace, transport);
    const uwv = await PartnerBeside.start(run, { id: uwvId, kind: 'uwv' }, uwvPlace, kafka);
    const sent = lastMessageTo(uwvId, transport);
    const clients = await shareClients(run, agency, [uwv], run.quick ? 20 : 2_000);
    // So many in a round that filling and emptying are little of it, and fewer where nothing is measured yet: how much is told about one client
    // stays what it is in a year of her life, not in a century.
    const facts = Array.from({ length: run.quick ? 20 : 2_000 });
    const few = facts.slice(0, facts.length / 2);
    const meter = new ExchangeMeter(agency, uwv, clients);
    const bare = await BareKafka.open(run, kafka, bareName);
    const { bench } = await run.databases(postgres, ['bench']);
    if (!bench || !clients[0]) throw new Error('The database was not made.');
    const partsDatabase = await openPostgres({ database: bench, organisation: 'bench' });
    run.onStop(partsDatabase.close);
    // The first facts of a new process are slow: compiled code and prepared statements come with use.
    for (let time = 0; time < (run.quick ? 1 : 2); time++) {
      run.progress('warming up', time, 2);
      await meter.prepare(few.length);
      await inTurns(few, 32, () => meter.tell(), run.signal);
    }
    const message = sent();
    const measuredParts = await ExchangeParts.prepare(
      run,
      kafka,
      sinks,
      partsDatabase,
      agency,
      await lookInto(run, uwvId, uwvPlace),
      clients[0],
      message,
    );

    const throughput = async (atOnce: number, told: readonly unknown[]): Promise<number> => {
      await meter.prepare(told.length);
      const ms = await timedMs(() => inTurns(told, atOnce, () => meter.tell(), run.signal));
      return (told.length / ms) * 1000;
    };
    const bareThroughput = async (atOnce: number): Promise<number> =>
      (facts.length / (await timedMs(() => inTurns(facts, atOnce, () => bare.pass(message), run.signal)))) * 1000;

    // Several times in turn: one look is as much about what else the machine did.
    const tried = (run.quick ? [8] : [32, 128, 256]).map((atOnce) => ({ atOnce, rates: [] as number[] }));
    for (let look = 0; look < rounds; look++) {
      run.progress('looking for how many at once helps most', look, rounds);
      for (const { atOnce, rates } of tried) rates.push(await throughput(atOnce, few));
    }
    const { atOnce } = tried.reduce((best, one) => (median(one.rates) > median(best.rates) ? one : best));

    const ours: number[] = [];
    const bares: number[] = [];
    const costs: Record<Part, number>[] = [];
    for (let round = 0; round < rounds; round++) {
      run.progress(`${atOnce} at once`, round, rounds);
      meter.rowsPerSave();
      ours.push(await throughput(atOnce, facts));
      bares.push(await bareThroughput(atOnce));
      costs.push(await measuredParts.measure(facts.length, atOnce, meter.rowsPerSave()));
    }

    const blocks = run.quick ? 1 : 4;
    const inBlock = run.quick ? perSecond : perSecond * 5;
    const waits: number[] = [];
    const bareWaits: number[] = [];
    const flushes = flushesIn(await run.folder());
    for (let block = 0; block < blocks; block++) {
      run.progress(`${perSecond} a second`, block, blocks);
      await meter.prepare(inBlock);
      const stopLooking = flushes.look();
      waits.push(...(await paced(inBlock, perSecond, () => meter.tell(), run.signal).finally(stopLooking)));
      bareWaits.push(...(await paced(inBlock, perSecond, () => bare.pass(message), run.signal)));
    }

    const rate = median(ours);
    const costPerDisclosure = 1000 / rate;
    const partCosts = parts.map((part) => ({ part, ms: median(costs.map((cost) => cost[part])) }));
    const sumOf = (these: typeof partCosts): number => these.reduce((sum, { ms }) => sum + ms, 0);
    const whole = { unit: 'ms', base: 'what one disclosure costs', baseValue: costPerDisclosure };
    const wait = (share: number) => ({
      value: percentile(waits, share),
      unit: 'ms',
      base: 'bare Kafka',
      baseValue: percentile(bareWaits, share),
    });
    return [
      figure({
        name: `disclosures, ${atOnce} at once`,
        value: rate,
        unit: 'per second',
        base: 'bare Kafka',
        baseValue: median(bares),
      }),
      figure({ name: `disclosure at ${perSecond} a second, p50`, ...wait(0.5) }),
      figure({ name: `disclosure at ${perSecond} a second, p99`, ...wait(0.99) }, { below: 250 }),
      figure({
        name: 'a flush of 8 kB by itself meanwhile, the longest',
        value: Math.max(...flushes.all),
        unit: 'ms',
        base: 'half of these flushes took at most',
        baseValue: median(flushes.all),
      }),
      figure(
        { name: 'the sum of the parts of a disclosure', value: sumOf(partCosts), ...whole },
        { ratioAtLeast: 0.6 },
      ),
      figure({
        name: 'the same without recording the fact and saving the view',
        value: sumOf(partCosts.filter(({ part }) => !besideTheMessage.includes(part))),
        ...whole,
      }),
      ...partCosts.map(({ part, ms }) => figure({ name: `part: ${part}`, value: ms, ...whole })),
    ];
  },
};

/** Looks at what is handed over; the answer is the last signed message to this recipient. */
function lastMessageTo(recipient: string, transport: { send(to: string, signed: string): Promise<void> }) {
  const send = transport.send.bind(transport);
  let last: string | undefined;
  transport.send = (to, signed) => {
    if (to === recipient && isDisclosure(signed)) last = signed;
    return send(to, signed);
  };
  return (): string => {
    if (last === undefined) throw new Error('No message was sent.');
    return last;
  };
}
const isDisclosure = (signed: string): boolean => {
  const { type } = JSON.parse(Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString()) as { type?: string };
  return type?.includes('vocational-profile') === true;
};
