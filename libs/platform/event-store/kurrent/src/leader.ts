/** The connection to the node that leads the cluster: made again when it led no more, asked again when asking again may help. */
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { wrongWith } from './connection.js';
import { KurrentFailure, mayPass, troubleOf } from './failures.js';

export interface LeaderSettings {
  readonly address: string;
  /** What errors tell the operator to mend. */
  readonly setting: string;
  /** How long one attempt may go without any progress. */
  readonly patienceMs: number;
  readonly attempts: number;
  /** Before the second attempt; twice as long before each next one. */
  readonly firstWaitMs: number;
}

/** Something that goes on: whoever waits for it begins to wait anew. */
export type Progress = () => void;

export class Leader {
  #client: KurrentDBClient;
  #isClosed = false;

  /** Throws when the address is wrong; connects at the first call. */
  constructor(private readonly settings: LeaderSettings) {
    const wrong = wrongWith(settings.address);
    if (wrong) throw new Error(`${settings.setting} ${wrong}.`);
    this.#client = this.#connect();
  }

  get client(): KurrentDBClient {
    return this.#client;
  }

  /**
   * Does this once, or again after a while when what went wrong may pass: so it must be harmless to do twice. Throws `KurrentFailure` when it
   * does not pass, and rethrows what is not the driver's.
   */
  async ask<T>(work: (client: KurrentDBClient, progress: Progress) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const client = this.#client;
      try {
        return await patiently(this.settings.patienceMs, (progress) => work(client, progress));
      } catch (error) {
        const { trouble, code } = troubleOf(error);
        if (mayPass(trouble)) this.#leave(client);
        if (!mayPass(trouble) || attempt >= this.settings.attempts || this.#isClosed)
          throw new KurrentFailure(trouble, this.settings.setting, code);
        await pause(this.settings.firstWaitMs * 2 ** (attempt - 1));
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client.dispose();
  }

  /** A new client looks for the leader anew; the old one may stay with a node that leads no more. Whoever listens on the old one hears its end. */
  #leave(client: KurrentDBClient): void {
    if (this.#client !== client || this.#isClosed) return;
    this.#client = this.#connect();
    client.dispose().catch(() => undefined);
  }

  #connect(): KurrentDBClient {
    try {
      return KurrentDBClient.connectionString(this.settings.address);
    } catch {
      // What the driver says of it may quote a password.
      throw new Error(
        `${this.settings.setting} is refused by the driver: an address, an option or a file named in it is wrong.`,
      );
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function patiently<T>(patienceMs: number, work: (progress: Progress) => Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(Object.assign(new Error('late'), { type: 'deadline-exceeded' })), patienceMs);
  });
  try {
    return await Promise.race([work(() => void late?.refresh()), overdue]);
  } finally {
    clearTimeout(late);
  }
}
