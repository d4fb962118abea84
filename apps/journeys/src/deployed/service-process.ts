/** One deployed program in a process of its own: started, killed as a crash does it, and started again at the same address. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ServiceProcessOptions {
  readonly name: string;
  /** The compiled program in a built release of the product. */
  readonly program: string;
  /** The folder of that release. */
  readonly release: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The setting of its port: after the first start it keeps the port that it got. */
  readonly portSetting: string;
  /** Takes every line that it writes for operators. */
  readonly onNote: (line: string) => void;
}

const startsWithinMs = 60_000;
const stopsWithinMs = 15_000;

export class ServiceProcess {
  readonly name: string;
  #release: string;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #url: string | undefined;
  #observeUrl: string | undefined;

  constructor(private readonly options: ServiceProcessOptions) {
    this.name = options.name;
    this.#release = options.release;
  }

  /** Where it answers; the same after every start. */
  get url(): string {
    if (this.#url === undefined) throw new Error(`${this.name} was not started yet.`);
    return this.#url;
  }
  /** Where its metrics are, on another port after every start; undefined when it was not asked to have them. */
  get observeUrl(): string | undefined {
    return this.#observeUrl;
  }
  get processId(): number {
    return this.#child?.pid ?? 0;
  }

  /** Resolves once it answers. Rejects with what it said when it ends instead. */
  async start(): Promise<void> {
    const { program, environment, portSetting, onNote } = this.options;
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=TimeoutNegativeWarning',
        '--import',
        join(import.meta.dirname, '../../dist/deployed/leave-with-parent.js'),
        join(this.#release, program),
      ],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: {
          PATH: process.env['PATH'],
          ...environment,
          ...(this.#url === undefined ? {} : { [portSetting]: new URL(this.#url).port }),
        },
      },
    );
    this.#child = child;
    child.stdin.on('error', () => undefined);
    this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    const said: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line);
      if (said.length > 20) said.shift();
      onNote(line);
    });
    const lines = createInterface({ input: child.stdout });
    const { promise: ready, resolve: isReady, reject } = Promise.withResolvers<string>();
    lines.on('line', (line) => {
      const [address] = /https?:\/\/\S+/.exec(line) ?? [];
      if (address && line.includes('metrics and health')) this.#observeUrl = address;
      else if (address) isReady(address);
    });
    const notReady = (why: string): void => reject(new Error(`${this.name} ${why}\n${said.join('\n')}`));
    void this.#ended.then(() => notReady('ended at its start.'));
    const tooLong = setTimeout(() => notReady('did not start in a minute.'), startsWithinMs);
    try {
      this.#url = await ready;
    } finally {
      clearTimeout(tooLong);
    }
  }

  /** `kill -9`. Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }

  /** Stops it, and starts the program of another release in its place. */
  async replaceBy(release: string): Promise<void> {
    await this.stop();
    this.#release = release;
    await this.start();
  }

  /** Asks it to stop, and insists after a while. */
  async stop(): Promise<void> {
    this.#child?.kill('SIGTERM');
    const insist = setTimeout(() => this.#child?.kill('SIGKILL'), stopsWithinMs);
    await this.#ended;
    clearTimeout(insist);
  }
}
