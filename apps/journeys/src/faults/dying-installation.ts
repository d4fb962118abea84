/** Keeps a local installation running that dies again and again: the next one is loaded while the present one lives, and opens what was left. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { join } from 'node:path';
import type { Death } from './death.js';

export interface Running {
  readonly gateway: string;
  readonly identity: string;
}
interface Life {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly death: Death | undefined;
  readonly ready: Promise<Running>;
  readonly ended: Promise<void>;
}

export interface DyingOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** After the last of these it lives on. */
  readonly deaths: readonly Death[];
  readonly onDeath: (death: Death, which: number) => void;
  /** How long a life may last before its death counts as one that never comes. */
  readonly longestLifeMs: number;
}

export class DyingInstallation {
  private readonly deaths: Death[];
  private died = 0;
  private present: Life;
  /** Loaded and waiting; none behind a life that lasts. */
  private next: Life | undefined;
  private stopped = false;
  private failure: Error | undefined;

  constructor(private readonly options: DyingOptions) {
    this.deaths = [...options.deaths];
    this.present = this.load();
    this.begin();
  }

  /** Whether every death has come. */
  get isThrough(): boolean {
    return this.died === this.options.deaths.length;
  }

  /** Resolves once it answers, which may be in a next life. Rejects when it cannot start, or when a death never comes. */
  async running(): Promise<Running> {
    for (;;) {
      if (this.failure) throw this.failure;
      if (this.stopped) throw new Error('The installation was stopped for good.');
      const life = this.present;
      const running = await Promise.race([life.ready, life.ended]);
      if (running) return running;
      await pause(5);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const life of [this.present, this.next]) {
      life?.child.kill('SIGKILL');
      await life?.ended;
    }
  }

  private begin(): void {
    const { death, child, ended } = this.present;
    const next = death ? this.load() : undefined;
    this.next = next;
    child.stdin.write('start\n');
    const tooLong = setTimeout(() => {
      if (death) this.fail(`Nothing of the story came to this moment: ${JSON.stringify(death)}.`);
    }, this.options.longestLifeMs);
    void ended.then(() => {
      clearTimeout(tooLong);
      if (this.stopped) return;
      if (!death || !next || child.signalCode !== 'SIGKILL') return;
      this.died++;
      this.options.onDeath(death, this.died);
      this.present = next;
      this.begin();
    });
  }

  private fail(why: string): void {
    this.failure = new Error(why);
  }

  private load(): Life {
    const death = this.deaths.shift();
    const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/faults/killable-local.js')], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...this.options.environment,
        CONVENANT_DEATH: death ? JSON.stringify(death) : '',
        CONVENANT_SEED: String(this.deaths.length),
      },
    });
    let complaint = '';
    child.stderr.on('data', (data: Buffer) => (complaint = `${complaint}${data.toString()}`.slice(-2000)));
    // A life that ended takes no orders any more.
    child.stdin.on('error', () => undefined);
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    const ready = new Promise<Running>((done) => {
      child.stdout.once('data', (data: Buffer) => done(JSON.parse(data.toString()) as Running));
    });
    void ended.then(() => {
      if (!this.stopped && child.signalCode !== 'SIGKILL') this.fail(`The installation ended by itself: ${complaint}`);
    });
    return { child, death, ready, ended };
  }
}

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
