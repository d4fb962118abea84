/** Somebody who insists: what was not answered because everything broke down is sent again, the same to the letter, until it is answered. */
import { MachineIds } from '@convenant/launch';
import { SignInFailed } from '@convenant/identity-local-provider';
import { pause, type Person, type Told } from '../story/person.js';

export interface Insisting {
  /** Resolves when there is somebody to ask again. */
  readonly running: () => Promise<unknown>;
  /** Hears the code of an answer that says that something broke, while nobody had killed it. */
  readonly onTrouble: (code: string) => void;
}

const ids = new MachineIds();
/** Refusals that say nothing about what was asked. */
const troubles = /^(broken|log-unavailable|organisation-unreachable|sign-in-unreachable|status-\d+)$/;
const patienceMs = 60_000;

export async function insist<T>({ running }: Insisting, ask: () => Promise<T>): Promise<T> {
  for (const from = performance.now(); ; await pause(10)) {
    await running();
    try {
      return await ask();
    } catch (error) {
      if (!isInterrupted(error) || performance.now() - from > patienceMs) throw error;
    }
  }
}

/** `fetch` and reading an answer fail like this when the connection breaks; signing in takes several steps, and half of them are forgotten. */
const isInterrupted = (error: unknown): boolean =>
  error instanceof SignInFailed || ['TypeError', 'SyntaxError'].includes((error as Error).name);

/** Carries a command out, whatever happens in between. `step` makes the request id: the same step is the same request. */
export async function insistOn(
  insisting: Insisting,
  person: Person,
  command: string,
  input: Readonly<Record<string, unknown>>,
  step: string,
  extra = '',
): Promise<Told> {
  const requestId = ids.derive('story of kill -9', step);
  for (let from = performance.now(); ; await pause(50)) {
    const told = await insist(insisting, () => person.tryToTell(command, { requestId, ...input }, extra));
    if (!told.refused) return told;
    if (!troubles.test(told.refused.code) || performance.now() - from > patienceMs)
      throw new Error(
        `${person.role} at ${person.organisation} was refused ${command} (${step}): ${told.refused.code}.`,
      );
    insisting.onTrouble(`${command}: ${told.refused.code}`);
  }
}
