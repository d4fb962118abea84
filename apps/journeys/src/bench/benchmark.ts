/** What every benchmark is and what it is given: sizes, engines of its own that stop with it, and a way to say how far it is. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startKafka,
  startPostgres,
  type PostgresOptions,
  type RunningKafka,
  type RunningPostgres,
} from '@convenant/engines';
import { ensureDatabases, type OrganisationDatabase } from '@convenant/event-store-postgres';
import type { Figure } from './figures.js';

export interface Benchmark {
  readonly name: string;
  /** How it was measured, for the document: one paragraph. */
  readonly about: string;
  /** Rejects when it could not be measured at all; parts that could not are told to `run.notMeasured`. */
  measure(run: Run): Promise<readonly Figure[]>;
}
export interface NotMeasured {
  readonly name: string;
  readonly why: string;
}
export interface Versions {
  postgres?: string;
  kafka?: string;
}
export interface RunOptions {
  readonly quick: boolean;
  readonly signal: AbortSignal;
  /** Says what is being done; `share` is how much of it is done, 0 to 1. */
  readonly onProgress: (what: string, share: number) => void;
  readonly onNotMeasured: (missing: NotMeasured) => void;
}

/** One run of one benchmark. What it started is stopped by `stop`, last first, whatever went wrong. */
export class Run {
  readonly quick: boolean;
  readonly signal: AbortSignal;
  readonly versions: Versions = {};
  /** The last things that services wrote for operators: why a run failed stands there. */
  readonly notes: string[] = [];
  readonly #stops: (() => Promise<void>)[] = [];
  readonly #options: RunOptions;

  constructor(options: RunOptions) {
    this.#options = options;
    this.quick = options.quick;
    this.signal = options.signal;
  }

  /** Throws once the run was interrupted, so it is to be called in every loop. */
  progress(what: string, done = 0, of = 1): void {
    this.signal.throwIfAborted();
    this.#options.onProgress(what, of === 0 ? 0 : done / of);
  }
  notMeasured(name: string, why: string): void {
    this.#options.onNotMeasured({ name, why });
  }
  note(line: string): void {
    this.notes.push(line);
    if (this.notes.length > 10) this.notes.shift();
  }
  onStop(stop: () => Promise<unknown>): void {
    this.#stops.push(async () => void (await stop()));
  }

  /** A folder that goes when the run stops. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'convenant-bench-'));
    this.onStop(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
    return folder;
  }
  async postgres(options: Pick<PostgresOptions, 'connections'> = {}): Promise<RunningPostgres> {
    this.progress('starting PostgreSQL');
    const postgres = await startPostgres(options);
    this.onStop(() => postgres.stop());
    this.versions.postgres = postgres.version;
    return postgres;
  }
  async kafka(): Promise<RunningKafka> {
    this.progress('starting Kafka');
    const kafka = await startKafka();
    this.onStop(() => kafka.stop());
    this.versions.kafka = kafka.version;
    return kafka;
  }
  /** A database with its two roles for each name. */
  async databases(
    postgres: RunningPostgres,
    names: readonly string[],
  ): Promise<Readonly<Record<string, OrganisationDatabase>>> {
    const passwordsFile = join(await this.folder(), 'passwords.json');
    return ensureDatabases({ admin: postgres.url, organisations: names, passwordsFile });
  }

  /** Goes on after a part that cannot be stopped, and then rejects with what that part said. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (const stop of this.#stops.splice(0).reverse()) await stop().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }
}
