/** The real clock, timers, chance and ids of the machine, behind the ports that everything else takes them from. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Clock, defaultRemembering, Ids, Random, Scheduler, type RememberingLimits } from '@convenant/kernel';
import { OperatorLog } from '@convenant/host';

export class MachineClock extends Clock {
  now(): string {
    return new Date().toISOString();
  }
}

export class MachineScheduler extends Scheduler {
  /** `keepsAlive` is for a process that has nothing to do but wait. */
  constructor(private readonly keepsAlive = false) {
    super();
  }
  after(delayMs: number, task: () => void): () => void {
    const timer = setTimeout(task, delayMs);
    // Waiting for a retry must not keep a process alive that was asked to stop.
    if (!this.keepsAlive) timer.unref();
    return () => clearTimeout(timer);
  }
}

export class MachineRandom extends Random {
  number(): number {
    return randomBytes(6).readUIntBE(0, 6) / 2 ** 48;
  }
  secret(): string {
    return randomBytes(24).toString('base64url');
  }
}

/** Derived ids are UUIDs of version 8 (RFC 9562): the first 122 bits of a SHA-256 over the parts, each with its length. */
export class MachineIds extends Ids {
  fresh(): string {
    return randomUUID();
  }
  derive(...parts: readonly string[]): string {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
    const bytes = hash.digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const text = bytes.toString('hex');
    return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
  }
}

/**
 * A quarter of the heap that the process may have, within bounds: a service in a small container must not run out of it. What is folded or
 * decoded from the remembered events comes on top.
 */
export const rememberingFor = (heapBytes: number): RememberingLimits => ({
  ...defaultRemembering,
  ofStreams: Math.min(256_000_000, Math.max(16_000_000, Math.floor(heapBytes / 4))),
});

/** One line of JSON per note, on standard error. */
export class LinesLog extends OperatorLog {
  constructor(
    private readonly organisation: string,
    private readonly write: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
  ) {
    super();
  }
  note(level: 'info' | 'warning' | 'error', code: string, facts: Readonly<Record<string, string | number>> = {}): void {
    this.write(
      JSON.stringify({ at: new Date().toISOString(), level, organisation: this.organisation, code, ...facts }),
    );
  }
}
