/** What the access log needs from outside: a store that only grows, a signature, and a place for the head outside the database. */
import type { RecordLines } from './chain.js';

/** One commit: a link with its signed head and its records. */
export interface NewLink {
  readonly number: number;
  readonly line: string;
  readonly hash: string;
  readonly signed: string;
  readonly firstRecord: number;
  readonly records: readonly RecordLines[];
}

export interface StoredLink {
  readonly number: number;
  readonly line: string;
  readonly hash: string;
  readonly signed: string;
  /** Records by number from the link's first on, as many as are there of those that it names. */
  readonly records: readonly StoredLines[];
}

/** A missing text means that the row is gone from that log. */
export interface StoredLines {
  readonly number: number;
  readonly access?: string | undefined;
  readonly processing?: string | undefined;
}

export interface StoredRecord {
  readonly number: number;
  readonly access: string;
}

/** From and until are instants; `until` is not included. Pages run from old to new; `after` continues behind a record of the same query. */
export interface RecordPage {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly after?: { readonly at: string; readonly number: number } | undefined;
  readonly limit: number;
}

/** How far each log reaches, seen at one moment. Zero for an empty one. */
export interface LogBounds {
  readonly lastLink: number;
  readonly lowestRecord: number;
  readonly highestRecord: number;
}

export abstract class AccessLogStore {
  /** The last link without its records; `undefined` for an empty log. */
  abstract last(): Promise<Omit<StoredLink, 'records'> | undefined>;
  abstract hashOf(link: number): Promise<string | undefined>;
  /**
   * Writes the link and all its records or nothing, in one round trip. `appended` means on disk. `overtaken` means that another
   * instance wrote a link of this number first, and nothing was kept. When it rejects, either may have happened.
   */
  abstract append(link: NewLink): Promise<'appended' | 'overtaken'>;
  /** Records about one client, by the keyed digest that stands for her. */
  abstract bySubject(subject: string, page: RecordPage): Promise<readonly StoredRecord[]>;
  abstract byPerson(person: string, page: RecordPage): Promise<readonly StoredRecord[]>;
  abstract byPeriod(page: RecordPage): Promise<readonly StoredRecord[]>;
  /** The texts of the processing log, by record number after `after`. */
  abstract processing(
    after: number,
    limit: number,
  ): Promise<readonly { readonly number: number; readonly line: string }[]>;
  abstract bounds(): Promise<LogBounds>;
  /** Every link up to and including `lastLink`, in order, with its records; never the whole log in memory. */
  abstract links(lastLink: number): AsyncIterable<StoredLink>;
}

/** Signs heads with the key of this organisation. The exchange's Signer fits behind it. */
export abstract class HeadSigner {
  abstract sign(text: string): Promise<string>;
  /** The text, when this organisation signed it; `undefined` for anything else. */
  abstract verify(signed: string): Promise<string | undefined>;
}
export type VerifyHead = HeadSigner['verify'];

/** The latest signed head, kept where whoever changes the database does not come. */
export abstract class HeadAnchor {
  /** Replaces what was there as a whole. May lag behind the log after a crash; never runs ahead of it. */
  abstract write(signed: string): Promise<void>;
  abstract read(): Promise<string | undefined>;
}

/** Why a record could not be written. The caller must not answer, whichever it is. */
export type Unavailable = 'full' | 'store' | 'anchor' | 'broken' | 'without-relation';

const reasons: Record<Unavailable, string> = {
  full: 'Too many requests wait for the access log.',
  store: 'The access log cannot be written.',
  anchor: 'The head of the access log cannot be written outside the database.',
  broken: 'The access log does not fit its signed head: records are missing or were changed. Run access-log:verify.',
  'without-relation': 'An answer about a client without a relation to her was about to be given: that is a bug.',
};

export class AccessLogUnavailable extends Error {
  override readonly name = 'AccessLogUnavailable';
  constructor(
    readonly reason: Unavailable,
    cause?: unknown,
  ) {
    super(reasons[reason], { cause });
  }
}
