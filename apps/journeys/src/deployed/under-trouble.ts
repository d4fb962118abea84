/** The story on a deployed demonstration that is broken on purpose, and what is amiss behind it afterwards. */
import { chanceFrom } from '../faults/chance.js';
import { lookBehind } from '../faults/aftermath.js';
import { Installation } from '../story/installation.js';
import { pause, type CarriedOut } from '../story/person.js';
import { playStory } from '../story/play.js';
import { compareWithLogs } from './acknowledged.js';
import type { Deployed } from './start-deployed.js';

export interface Trouble {
  readonly clients: number;
  /** Another one for every story on the same installation, so that no two clients have the same name. */
  readonly seed: number;
  /** Done over and over, until everybody has come to the end of her own way. */
  readonly happens?: (chance: () => number) => Promise<void>;
  /** Takes everything that people were told was done. */
  readonly carriedOut: CarriedOut[];
}

/** A client's way from being registered to having withdrawn everything takes some sixty commands. */
export const leastCommandsPerClient = 40;

/** The people of this story ask again when nobody answers. */
export async function playUnder(
  deployed: Deployed,
  { clients, seed, happens, carriedOut }: Trouble,
): Promise<{ readonly violations: readonly string[]; readonly troubles: number }> {
  const chance = chanceFrom(seed);
  const violations: string[] = [];
  let over = false;
  let troubles = 0;
  const troubling = (async () => {
    while (happens && !over) {
      await pause(3_000 + chance() * 3_000);
      if (over) break;
      await happens(chance);
      troubles++;
    }
  })();
  await playStory({
    installation: await Installation.at(deployed.gatewayUrl, {
      patienceMs: 60_000,
      onCarriedOut: (each) => carriedOut.push(each),
    }),
    clients,
    seed,
    shared: true,
    say: (line) => {
      if (line.includes('VIOLATION')) violations.push(line);
    },
    onProgress(done, of) {
      // What the strangers try at the end is counted to the line: nobody insists there, and nothing breaks.
      over ||= done >= of - 1;
      if (done % Math.ceil(of / 10) === 0) process.stderr.write(`  ${done} of ${of} acts, broken ${troubles} times\n`);
    },
  }).finally(() => (over = true));
  await troubling;
  return { violations, troubles };
}

export interface Amiss {
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly waiting: readonly string[];
  readonly parked: readonly string[];
  readonly brokenLogs: readonly unknown[];
}
export const nothing: Amiss = { lost: [], duplicated: [], waiting: [], parked: [], brokenLogs: [] };

/** What was acknowledged is in the logs, each effect once; no lane waits, nothing is parked, every access log is whole. */
export async function whatIsAmiss(
  { databases }: Deployed,
  folder: string,
  carriedOut: readonly CarriedOut[],
): Promise<Amiss> {
  // First, as it waits for what is still on its way from one log to another.
  const { waiting, parked, logs } = await lookBehind(databases, folder);
  const { lost, duplicated } = await compareWithLogs(carriedOut, databases);
  return { lost, duplicated, waiting, parked, brokenLogs: logs.filter(({ ok }) => !ok) };
}
