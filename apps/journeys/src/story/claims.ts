/** What the story claims about the product: each claim is checked, and one that does not hold is kept, said and counted. */
import { isDeepStrictEqual } from 'node:util';
import { pause, StoryStopped } from './person.js';

/** How long may be waited for something that another organisation brings about, where nothing is broken. How fast it is, the benchmarks say. */
const patienceMs = 60_000;

export class Claims {
  private checked = 0;
  private readonly broken: string[] = [];

  constructor(
    private readonly about: string,
    private readonly onBroken: (violation: string) => void,
    /** How much longer, where something is broken on purpose. */
    private readonly extraPatienceMs = 0,
  ) {}

  get violations(): readonly string[] {
    return this.broken;
  }
  get count(): number {
    return this.checked;
  }

  holds(claim: string, isSo: boolean): void {
    this.checked++;
    if (!isSo) this.breaks(claim);
  }

  same(claim: string, actual: unknown, expected: unknown): void {
    this.checked++;
    // People and their lives are synthetic here, so values may be shown.
    if (!isDeepStrictEqual(plain(actual), plain(expected)))
      this.breaks(`${claim}\n      expected ${JSON.stringify(expected)}\n      found    ${JSON.stringify(actual)}`);
  }

  /** Not a word of these texts may stand in what somebody was shown. */
  silentAbout(claim: string, shown: unknown, ...texts: readonly string[]): void {
    const said = JSON.stringify(shown);
    this.holds(
      claim,
      texts.every((text) => !said.includes(text)),
    );
  }

  /** Asks again until it is so. What has not come in time is a violation, and whatever builds on it stops. */
  async becomesSo<T>(claim: string, ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
    this.checked++;
    const from = performance.now();
    const patience = patienceMs + this.extraPatienceMs;
    let answer: T;
    for (let waitMs = 50; ; waitMs = Math.min(waitMs * 1.7, 600)) {
      answer = await ask();
      if (isSo(answer)) return answer;
      if (performance.now() - from > patience) break;
      await pause(waitMs);
    }
    this.breaks(`${claim} (not within ${patience / 1000} s)\n      last seen ${JSON.stringify(answer)}`);
    throw new StoryStopped(claim);
  }

  /** For a story that cannot go on. */
  breaks(claim: string): void {
    const violation = `${this.about}: ${claim}`;
    this.broken.push(violation);
    this.onBroken(violation);
  }
}

/** Answers come without prototypes and with explicit nothing; neither is a difference. */
const plain = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
