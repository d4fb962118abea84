/** Tells in plain words who did what, what each partner received, what was withheld and why, and what was refused. */
import { roleNames } from '@convenant/consent';
import type { Sentence } from '@convenant/kernel';
import type { Person } from './person.js';

/** What a whole run comes to. */
export interface Tally {
  steps: number;
  disclosed: number;
  withheld: number;
  refused: number;
}
export const emptyTally = (): Tally => ({ steps: 0, disclosed: 0, withheld: 0, refused: 0 });

const roles: Readonly<Record<string, Sentence>> = roleNames;
const whose = ({ name, role, organisation }: Person): string =>
  role === 'client' ? `${name} (the client)` : `${name} (${roles[role]?.en ?? role}, ${organisation})`;

export class Narrator {
  constructor(
    private readonly tally: Tally,
    /** Takes whole lines. Of many clients side by side only the first is told; all are counted. */
    private readonly say: (line: string) => void,
  ) {}

  chapter(title: string): void {
    this.say(`\n${title}`);
  }
  /** Somebody did something. */
  did(person: Person, what: string): void {
    this.tally.steps++;
    this.say(`  ${whose(person)} ${what}`);
  }
  /** What somebody sees, as a fact and its contents. */
  sees(person: Person, lines: readonly string[]): void {
    this.tally.steps++;
    this.say(`  ${whose(person)} sees:`);
    for (const line of lines.length === 0 ? ['nothing'] : lines) this.say(`      ${line}`);
  }
  refused(person: Person | string, what: string, answer: string): void {
    this.tally.steps++;
    this.tally.refused++;
    this.say(`  refused: ${typeof person === 'string' ? person : whose(person)} ${what}\n      and is told: ${answer}`);
  }
  note(text: string): void {
    this.say(`    ${text}`);
  }
}
