/**
 * Goes through a chain from its first link to its last and names the first record or link that is not as it was written.
 *
 * Found, without any key: a changed byte of a record or a link; a record or link that was removed, added, moved or exchanged.
 * Found with the public key: history written anew (every link's head is signed), and links added by one who lacks the private key.
 * Found with the anchor, which is kept outside the database: a tail that was cut off, up to the last anchored commit.
 * Not found: what was committed after the anchor was last written and cut off at once (a crash between the two leaves at most the
 * last commit so); database and anchor put back together to an older pair; what somebody does who holds the private key and may
 * write both; and what was never written. Who holds the key and who may write the anchor must therefore be others than who may change the database.
 */
import { genesis, headOf, headText, readHead, readLink, type Hash, type Head, type LinkContent } from './chain.js';
import type { AccessLogStore, LogBounds, StoredLink, VerifyHead } from './ports.js';

export const faults = {
  'record-changed': 'the record is not as it was written',
  'record-missing': 'the record is gone',
  'record-moved': 'the record stands in the place of another one',
  'record-added': 'the record belongs to no link of the chain',
  'link-changed': 'the link is not as it was written',
  'link-missing': 'the link is gone',
  'link-unconnected': 'the link does not continue the one before it',
  'signature-invalid': 'the link was not signed by this organisation',
  'tail-cut': 'the log once reached further: everything from here on was cut off',
  rewritten: 'the link is not the one whose head was anchored: the log was written anew',
  'anchor-missing': 'the head that is kept outside the database is gone',
  'anchor-invalid': 'the head that is kept outside the database was not signed by this organisation',
} as const;
export type Fault = keyof typeof faults;

export interface FirstBad {
  /** 0 when it is not about one link. */
  readonly link: number;
  readonly log?: 'access' | 'processing';
  /** The number of the record in its log, from 1. */
  readonly record?: number;
  /** The id of the record, when what is left of it still tells. */
  readonly recordId?: string;
  readonly why: Fault;
}

export interface Segment {
  readonly month: string;
  readonly links: number;
  readonly records: number;
}

export type Verdict =
  | { readonly ok: true; readonly links: number; readonly records: number; readonly segments: readonly Segment[] }
  | { readonly ok: false; readonly firstBad: FirstBad; readonly linksBefore: number };

export interface VerifyOptions {
  readonly organisation: string;
  readonly hash: Hash;
  readonly verifyHead: VerifyHead;
  /** The anchored head as it was read before the links; `undefined` when there is none. */
  readonly anchor: string | undefined;
  /** How far the log reached when the reading of links began, to find records beyond the last link. */
  readonly bounds?: LogBounds | undefined;
  readonly onLink?: (link: number, records: number) => void;
}

/** Reads the links once, one at a time, so that a log of any length is verified in little memory. */
export async function verifyChain(
  links: Iterable<StoredLink> | AsyncIterable<StoredLink>,
  options: VerifyOptions,
): Promise<Verdict> {
  const { organisation, hash, verifyHead, bounds } = options;
  const anchor = await readAnchor(options);
  const segments = new Map<string, { links: number; records: number }>();
  let head = genesis(organisation, hash);
  const bad = (firstBad: FirstBad): Verdict => ({ ok: false, firstBad, linksBefore: head.link });
  if (anchor === 'invalid') return bad({ link: 0, why: 'anchor-invalid' });

  for await (const link of links) {
    if (link.number > head.link + 1) return bad({ link: head.link + 1, why: 'link-missing' });
    const content = link.number === head.link + 1 ? unchangedContent(link, hash) : undefined;
    if (!content) return bad({ link: link.number, why: 'link-changed' });
    const found = badRecord(link, content, hash) ?? (await badPlace(link, content, head, options));
    if (found) return bad(found);
    head = headOf(content, link.hash);
    if (anchor?.link === head.link && anchor.hash !== head.hash) return bad({ link: head.link, why: 'rewritten' });
    const segment = segments.get(head.segment) ?? { links: 0, records: 0 };
    segments.set(head.segment, { links: segment.links + 1, records: segment.records + content.access.length });
    options.onLink?.(head.link, head.records);
  }

  if (bounds && bounds.lowestRecord < 1 && bounds.highestRecord > 0)
    return bad({ link: 0, record: bounds.lowestRecord, why: 'record-added' });
  if (anchor && anchor.link > head.link) return bad({ link: head.link + 1, record: head.records + 1, why: 'tail-cut' });
  if (bounds && bounds.highestRecord > head.records)
    return bad({ link: head.link + 1, record: head.records + 1, why: 'record-added' });
  if (!anchor && head.link > 0) return bad({ link: 0, why: 'anchor-missing' });
  if (anchor?.link === 0 && anchor.hash !== genesis(organisation, hash).hash)
    return bad({ link: 0, why: 'anchor-invalid' });
  return {
    ok: true,
    links: head.link,
    records: head.records,
    segments: [...segments].map(([month, counts]) => ({ month, ...counts })),
  };

  async function readAnchor({ anchor: signed }: VerifyOptions): Promise<Head | 'invalid' | undefined> {
    if (signed === undefined) return undefined;
    const text = await verifyHead(signed);
    const anchored = text === undefined ? undefined : readHead(text);
    return anchored?.organisation === organisation ? anchored : 'invalid';
  }
}

/** Reads the anchor before the log, so that a log which grows meanwhile is never shorter than its anchor. */
export async function verifyStore(
  store: AccessLogStore,
  anchor: { read(): Promise<string | undefined> },
  options: Omit<VerifyOptions, 'anchor' | 'bounds'> & { readonly onBounds?: (bounds: LogBounds) => void },
): Promise<Verdict> {
  const signed = await anchor.read();
  const bounds = await store.bounds();
  options.onBounds?.(bounds);
  return verifyChain(store.links(bounds.lastLink), { ...options, anchor: signed, bounds });
}

/** The hashes stand in the link, so that a changed record is named also when its neighbours came in the same commit. */
function badRecord(link: StoredLink, content: LinkContent, hash: Hash): FirstBad | undefined {
  for (const [index, number] of content.access.map((_, offset) => content.first + offset).entries()) {
    const stored = link.records.find((record) => record.number === number);
    for (const log of ['access', 'processing'] as const) {
      const line = stored?.[log];
      const place = { link: link.number, log, record: number };
      if (line === undefined) return { ...place, why: 'record-missing' };
      const found = hash(line);
      if (found === content[log][index]) continue;
      return { ...place, ...idOf(line), why: content[log].includes(found) ? 'record-moved' : 'record-changed' };
    }
  }
  return undefined;
}

function unchangedContent(link: StoredLink, hash: Hash): LinkContent | undefined {
  const content = hash(link.line) === link.hash ? readLink(link.line) : undefined;
  return content?.number === link.number && content.access.length === content.processing.length ? content : undefined;
}

/** Which organisation it belongs to follows from the first link, which continues that organisation's own beginning. */
async function badPlace(
  link: StoredLink,
  content: LinkContent,
  before: Head,
  { verifyHead }: VerifyOptions,
): Promise<FirstBad | undefined> {
  const continues =
    content.previous === before.hash && content.first === before.records + 1 && content.segment >= before.segment;
  if (!continues) return { link: link.number, why: 'link-unconnected' };
  const signed = await verifyHead(link.signed);
  return signed === headText(headOf(content, link.hash)) ? undefined : { link: link.number, why: 'signature-invalid' };
}

function idOf(line: string): { recordId?: string } {
  const found = /"id":"([^"\\]{1,64})"/.exec(line)?.[1];
  return found === undefined ? {} : { recordId: found };
}
