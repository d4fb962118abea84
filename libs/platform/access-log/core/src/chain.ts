/** How records are chained: every commit adds one link over the stored bytes, and its head is signed. */
import { z } from 'zod';
import { canonical } from './canonical.js';

/** SHA-256 or as strong; the same text gives the same short text. A port, because pure code has no cryptography. */
export type Hash = (text: string) => string;

/** The two texts that are stored for one record, exactly as they are hashed. */
export interface RecordLines {
  readonly id: string;
  /** NEN 7513: who saw what. */
  readonly access: string;
  /** Logboek Dataverwerkingen: which processing, of whom, by nobody in particular. */
  readonly processing: string;
}

const linkShape = z.strictObject({
  organisation: z.string(),
  number: z.int(),
  previous: z.string(),
  at: z.string(),
  /** The month that this link is counted in, `YYYY-MM`; never goes back, also when clocks differ. */
  segment: z.string(),
  /** The number of its first record; the others follow without gaps. */
  first: z.int(),
  access: z.array(z.string()),
  processing: z.array(z.string()),
});
export type LinkContent = z.infer<typeof linkShape>;

const headShape = z.strictObject({
  organisation: z.string(),
  /** 0 before the first link. */
  link: z.int(),
  hash: z.string(),
  /** How many records the log holds up to and including this link. */
  records: z.int(),
  segment: z.string(),
});
/** Where a chain ends. Signed in every link, so that the last link of a month is that month's signed head. */
export type Head = z.infer<typeof headShape>;

export interface Link {
  readonly number: number;
  readonly line: string;
  readonly hash: string;
  readonly head: Head;
  readonly firstRecord: number;
}

/** Where the chain of an organisation begins; no link of one organisation fits into the chain of another. */
export const genesis = (organisation: string, hash: Hash): Head => ({
  organisation,
  link: 0,
  hash: hash(`access log of ${organisation}`),
  records: 0,
  segment: '',
});

/** The next link after `head`, over these records. The hash covers the previous hash, the number and the hash of each record's bytes. */
export function appendLink(head: Head, records: readonly RecordLines[], at: string, hash: Hash): Link {
  const month = at.slice(0, 7);
  const content: LinkContent = {
    organisation: head.organisation,
    number: head.link + 1,
    previous: head.hash,
    at,
    segment: month > head.segment ? month : head.segment,
    first: head.records + 1,
    access: records.map(({ access }) => hash(access)),
    processing: records.map(({ processing }) => hash(processing)),
  };
  const line = canonical(content);
  const after = headOf(content, hash(line));
  return { number: content.number, line, hash: after.hash, head: after, firstRecord: content.first };
}

export const headOf = (content: LinkContent, hash: string): Head => ({
  organisation: content.organisation,
  link: content.number,
  hash,
  records: content.first + content.access.length - 1,
  segment: content.segment,
});

/** The text that is signed. */
export const headText = (head: Head): string => canonical(head);

export const readHead = (text: string): Head | undefined => headShape.safeParse(parsed(text)).data;
/** `undefined` for text that this release did not write. */
export const readLink = (line: string): LinkContent | undefined => linkShape.safeParse(parsed(line)).data;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
