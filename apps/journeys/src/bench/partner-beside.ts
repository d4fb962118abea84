/** A partner of the agency in a process of its own, as it is deployed, and a look into what it keeps. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { openPostgres } from '@convenant/event-store-postgres';
import type { RunningKafka } from '@convenant/engines';
import { JoseSigner } from '@convenant/exchange-sealing';
import type { Ports } from '@convenant/host';
import { openKeys, pinnedFile, PinnedPartners } from '@convenant/launch';
import type { Run } from './benchmark.js';
import type { Place } from './organisations.js';
import type { Recipient } from './shared-client.js';
import type { Asked, PartnerKind, Saved, Told } from './partner-process.js';

const stopsWithinMs = 15_000;

/** Who of it may read what the clients of a benchmark share. */
const rolesOf: Readonly<Record<PartnerKind, readonly string[]>> = {
  uwv: ['labourExpert', 'insurancePhysician'],
  municipality: ['clientManager'],
};

export class PartnerBeside implements Recipient {
  readonly #waiting = new Map<number, { resolve: (answer: string) => void; reject: (error: Error) => void }>();
  readonly #listeners: ((saved: Saved) => void)[] = [];
  #asked = 0;

  private constructor(
    readonly id: string,
    readonly roles: readonly string[],
    private readonly child: ChildProcess,
  ) {
    child.on('message', (told: Told) => this.#hear(told));
    child.once('exit', (code) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`${id} ended by itself (${code ?? 'killed'}).`));
    });
  }

  /** Resolves once it runs; it stops with the run. */
  static async start(
    run: Run,
    { id, kind }: { readonly id: string; readonly kind: PartnerKind },
    place: Place,
    { brokers }: RunningKafka,
  ): Promise<PartnerBeside> {
    run.progress(`starting ${id}`);
    const child = fork(join(import.meta.dirname, '../../dist/bench/partner-process.js'), {
      execArgv: ['--enable-source-maps', '--disable-warning=TimeoutNegativeWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (data: Buffer) => run.note(data.toString().trim()));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    run.onStop(async () => {
      if (child.connected) child.disconnect();
      const tooLong = setTimeout(() => child.kill('SIGKILL'), stopsWithinMs);
      await ended;
      clearTimeout(tooLong);
    });
    const beside = new PartnerBeside(id, rolesOf[kind], child);
    await beside.#ask({ ask: 'start', id, kind, place, brokers });
    return beside;
  }

  register(person: Parameters<Recipient['register']>[0]): Promise<string> {
    return this.#ask({ ask: 'register', person });
  }
  async settle(): Promise<void> {
    await this.#ask({ ask: 'settle' });
  }
  /** Hears of every save that was committed in its view of received facts. */
  onSaved(listener: (saved: Saved) => void): void {
    this.#listeners.push(listener);
  }

  #ask(asked: Asked): Promise<string> {
    const number = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.child.send({ number, ...asked });
    });
  }
  #hear(told: Told): void {
    if ('saved' in told) return this.#listeners.forEach((listener) => listener(told.saved));
    const asked = this.#waiting.get(told.number);
    this.#waiting.delete(told.number);
    if ('failed' in told) asked?.reject(new Error(told.failed));
    else asked?.resolve(told.answer);
  }
}

/** What an organisation keeps, read beside it; and its own signatures and those of its partners. */
export interface LookedInto {
  readonly id: string;
  readonly ports: Pick<Ports, 'signer' | 'store' | 'views'>;
}
export async function lookInto(run: Run, id: string, { folder, database }: Place): Promise<LookedInto> {
  const own = await openKeys(folder, id);
  const partners = await PinnedPartners.open(pinnedFile(folder));
  const opened = await openPostgres({ database: { application: database.application }, organisation: id, poolSize: 1 });
  run.onStop(opened.close);
  const signer = new JoseSigner(own, (other) => partners.keysOf(other));
  return { id, ports: { signer, store: opened.events, views: opened.views } };
}
