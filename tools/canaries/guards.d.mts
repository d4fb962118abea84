/** Types of guards.mjs, for the tests. */
export interface Guard {
  readonly id: string;
  readonly rule: number;
  readonly guard: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
  readonly only?: string;
}
export interface LaterGuard {
  readonly id: string;
  readonly rule: number;
  readonly guard: string;
  readonly later: string;
}
export type Outcome<Entry extends Guard | LaterGuard = Guard | LaterGuard> = Entry & {
  readonly state: 'caught' | 'not-caught' | 'drift' | 'no-program' | 'faulty-tests' | 'later';
  readonly by?: string;
  /** The file of that test. */
  readonly test?: string;
  readonly others?: number;
  readonly why?: string;
  readonly seconds: number;
};
export function tryGuards<Entry extends Guard | LaterGuard>(
  entries: readonly Entry[],
  options?: {
    copies?: number;
    types?: boolean;
    onOutcome?: (outcome: Outcome<Entry>, done: number, all: number) => void;
  },
): Promise<Outcome<Entry>[]>;
export function holds(outcome: Outcome): boolean;
export function table(outcomes: readonly Outcome[]): string;
