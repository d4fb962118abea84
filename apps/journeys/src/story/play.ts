/** Plays the story: every client her own way, side by side, with the acts that concern a whole caseload in between. */
import { attempts } from './attempts.js';
import { changeHands, type Played } from './caseload.js';
import { Claims } from './claims.js';
import { drawCohort, type SyntheticClient } from './cohort.js';
import { converse, type GivenConsents } from './consents.js';
import type { Installation } from './installation.js';
import { askAndAnswer, type Concluded } from './medical-question.js';
import { emptyTally, Narrator } from './narrate.js';
import { StoryStopped } from './person.js';
import { receive } from './receive.js';
import { refer, register } from './refer.js';
import { castFor, daysFrom, today, type Scene } from './scene.js';
import { strangers } from './strangers.js';
import { readPauseWithdraw, type Withdrawn } from './withdraw.js';
import { workAndReview, type Worked } from './work.js';

export interface PlayOptions {
  readonly installation: Installation;
  readonly clients: number;
  readonly seed: number;
  /** Others may be at work in the same installation. */
  readonly shared: boolean;
  /** Whole lines of the narration. */
  readonly say: (line: string) => void;
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops before the next step when it is aborted. */
  readonly signal?: AbortSignal;
}
export interface StoryResult {
  readonly clients: number;
  readonly steps: number;
  readonly disclosed: number;
  readonly withheld: number;
  readonly refused: number;
  readonly violations: number;
  readonly seconds: number;
}

/** So many clients at the same time; enough to keep two cores at work, few enough that nobody waits long for an answer. */
const sideBySide = 8;
const stepsPerClient = 9;

/** Never rejects for what the product does wrong: that is counted as a violation, told, and the other clients go on. */
export async function playStory(options: PlayOptions): Promise<StoryResult> {
  const { installation, clients, seed, shared, say, onProgress = () => undefined, signal } = options;
  const from = performance.now();
  const tally = emptyTally();
  const violations: string[] = [];
  const day = today();
  let account = shared ? 1 + (Math.floor(Date.now() / 1000) % 9000) : 1;
  let done = 0;
  const step = (): void => {
    signal?.throwIfAborted();
    onProgress(++done, clients * stepsPerClient);
  };

  const openScene = async (person: SyntheticClient): Promise<Scene> => ({
    person,
    cast: await castFor(person.number, installation),
    claims: new Claims(
      `client ${person.number}`,
      (violation) => {
        violations.push(violation);
        say(`  VIOLATION ${violation}`);
      },
      installation.patienceMs,
    ),
    narrate: new Narrator(tally, person.number === 1 ? say : () => undefined),
    tally,
    installation,
    day: daysFrom(day),
    nextAccount: () => `client-${1 + (account++ % 9999)}`,
  });

  const act1 = async (person: SyntheticClient): Promise<ActOne | undefined> => {
    const scene = await openScene(person);
    return guarded(scene, async () => {
      const known = await register(scene);
      step();
      await refer(scene, known);
      step();
      const consents = await converse(scene, known);
      step();
      await receive(scene, known);
      step();
      const concluded = await askAndAnswer(scene, known);
      step();
      const worked = await workAndReview(scene, known, concluded);
      step();
      return { scene, known, consents, concluded, worked };
    });
  };
  const played = await inParallel(drawCohort(clients, seed, day), act1);

  // Standing in is for everybody at once, so each specialist's clients take this step together, one specialist after another.
  const changed: ActOne[] = [];
  for (const group of Map.groupBy(played, ({ scene }) => scene.cast.specialist.subject).values()) {
    const went = await guarded(group[0]?.scene, async () => {
      await changeHands(group, !shared);
      for (let each = 0; each < group.length; each++) step();
      return true;
    });
    if (went) changed.push(...group);
  }
  if (changed.length < played.length) say('  The clients whose specialist could not hand over stop here.');

  const ends = await inParallel(changed, async ({ scene, known, consents, concluded, worked }) =>
    guarded(scene, async (): Promise<Played & Withdrawn> => {
      const withdrawn = await readPauseWithdraw(scene, known, consents, concluded, worked);
      step();
      await attempts(scene, known);
      step();
      return { scene, known, ...withdrawn };
    }),
  );
  const [first] = ends;
  if (first) await guarded(first.scene, () => strangers(first.scene, first.known, first.proof));
  const seconds = Math.round((performance.now() - from) / 100) / 10;
  return { clients, ...tally, violations: violations.length, seconds };
}

interface ActOne extends Played {
  readonly consents: GivenConsents;
  readonly concluded: Concluded;
  readonly worked: Worked;
}

/** What stops one client's story is a violation, unless a claim said so already. */
async function guarded<T>(scene: Scene | undefined, act: () => Promise<T>): Promise<T | undefined> {
  const before = scene?.claims.violations.length;
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof StoryStopped) || !scene) throw error;
    if (scene.claims.violations.length === before) scene.claims.breaks(error.message);
    return undefined;
  }
}

async function inParallel<In, Out>(
  items: readonly In[],
  work: (item: In) => Promise<Out | undefined>,
): Promise<readonly Out[]> {
  const results: (Out | undefined)[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
  return results.filter((each) => each !== undefined);
}
