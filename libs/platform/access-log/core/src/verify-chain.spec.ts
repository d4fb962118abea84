/** Whatever is changed, removed, exchanged or cut in an access log is found, and named. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { appendLink, genesis, headText, type Head } from './chain.js';
import { ExampleSigner, exampleHash, exampleLog, exampleRecord, type ExampleLog } from './example-log.js';
import type { StoredLines, StoredLink } from './ports.js';
import { verifyChain, verifyStore, type Verdict } from './verify-chain.js';

const organisation = 'ggz-amstel';

/** A log of this many links with this many records in each. */
async function filled(sizes: readonly number[]): Promise<ExampleLog> {
  const example = exampleLog();
  for (const [index, size] of sizes.entries()) {
    example.clock.moment = `2026-${String(1 + (index % 12)).padStart(2, '0')}-15T12:00:00.000Z`;
    await example.log.write(
      Array.from({ length: size }, (_, place) =>
        exampleRecord({ operation: `operation${index}x${place}`, client: `client-${place}` }),
      ),
    );
  }
  return example;
}

const verify = ({ store, signer, anchor }: ExampleLog, links: readonly StoredLink[] = store.stored): Promise<Verdict> =>
  verifyChain(links, {
    organisation,
    hash: exampleHash,
    verifyHead: (signed) => signer.verify(signed),
    anchor: anchor.signed,
  });

const firstBad = (verdict: Verdict): unknown => (verdict.ok ? 'nothing' : verdict.firstBad);

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
const chosen = fc.nat();

/** The links with one record replaced; `undefined` takes it away. */
const withRecord = (
  links: readonly StoredLink[],
  number: number,
  change: (record: StoredLines) => StoredLines | undefined,
): StoredLink[] =>
  links.map((link) => ({
    ...link,
    records: link.records.flatMap((record) => (record.number === number ? (change(record) ?? []) : record)),
  }));

const damage = (text: string, place: number): string => {
  const at = place % text.length;
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
};

describe('verifying an access log', () => {
  it('finds nothing wrong with a log that is as it was written, and counts it per month', async () => {
    const example = await filled([2, 1, 3]);
    expect(await verify(example)).toEqual({
      ok: true,
      links: 3,
      records: 6,
      segments: [
        { month: '2026-01', links: 1, records: 2 },
        { month: '2026-02', links: 1, records: 1 },
        { month: '2026-03', links: 1, records: 3 },
      ],
    });
    expect(await verify(exampleLog())).toMatchObject({ ok: true, links: 0, records: 0 });
  });

  it('names the record of which any one byte was changed, in either log', async () => {
    await fc.assert(
      fc.asyncProperty(
        shape,
        chosen,
        chosen,
        fc.constantFrom('access' as const, 'processing' as const),
        async (sizes, which, place, log) => {
          const example = await filled(sizes);
          const number = 1 + (which % sizes.reduce((sum, size) => sum + size, 0));
          const links = withRecord(example.store.stored, number, (record) => ({
            ...record,
            [log]: damage(record[log]!, place),
          }));
          expect(firstBad(await verify(example, links))).toMatchObject({ record: number, log, why: 'record-changed' });
        },
      ),
    );
  });

  it('names the record that was removed', async () => {
    await fc.assert(
      fc.asyncProperty(shape, chosen, async (sizes, which) => {
        const example = await filled(sizes);
        const number = 1 + (which % sizes.reduce((sum, size) => sum + size, 0));
        const links = withRecord(example.store.stored, number, () => undefined);
        expect(firstBad(await verify(example, links))).toMatchObject({ record: number, why: 'record-missing' });
      }),
    );
  });

  it('names the first of two records that were exchanged', async () => {
    await fc.assert(
      fc.asyncProperty(shape, chosen, chosen, async (sizes, a, b) => {
        const example = await filled(sizes);
        const all = example.store.stored.flatMap(({ records }) => records);
        const [one, other] = [all[a % all.length]!, all[b % all.length]!];
        fc.pre(one.number !== other.number);
        const exchanged = withRecord(example.store.stored, one.number, () => ({ ...other, number: -1 }));
        const links = withRecord(
          withRecord(exchanged, other.number, () => ({ ...one, number: other.number })),
          -1,
          (record) => ({
            ...record,
            number: one.number,
          }),
        );
        const found = await verify(example, links);
        expect(firstBad(found)).toMatchObject({ record: Math.min(one.number, other.number) });
        expect(found.ok ? '' : found.firstBad.why).toMatch(/record-(moved|changed)/);
      }),
    );
  });

  it('names the link that was changed or removed', async () => {
    await fc.assert(
      fc.asyncProperty(shape, chosen, chosen, async (sizes, which, place) => {
        const example = await filled(sizes);
        const index = which % sizes.length;
        const changed = example.store.stored.map((link, at) =>
          at === index ? { ...link, line: damage(link.line, place) } : link,
        );
        expect(firstBad(await verify(example, changed))).toMatchObject({ link: index + 1, why: 'link-changed' });
        const removed = example.store.stored.filter((_, at) => at !== index);
        const why = index === sizes.length - 1 ? 'tail-cut' : 'link-missing';
        expect(firstBad(await verify(example, removed))).toMatchObject({ link: index + 1, why });
      }),
    );
  });

  it('names where a tail was cut off, however much of it', async () => {
    await fc.assert(
      fc.asyncProperty(shape, chosen, async (sizes, which) => {
        const example = await filled(sizes);
        const kept = which % sizes.length;
        const record = 1 + sizes.slice(0, kept).reduce((sum, size) => sum + size, 0);
        expect(firstBad(await verify(example, example.store.stored.slice(0, kept)))).toEqual({
          link: kept + 1,
          record,
          why: 'tail-cut',
        });
      }),
    );
  });

  it('accepts an anchor that lags behind, as after a crash between commit and anchor', async () => {
    const example = await filled([1, 1]);
    const lagging = example.anchor.signed;
    await example.log.write([exampleRecord()]);
    example.anchor.signed = lagging;
    expect(await verify(example)).toMatchObject({ ok: true, links: 3 });
  });

  it('finds a tail that was added by somebody without the key', async () => {
    const example = await filled([2]);
    const signed = await example.signer.verify(example.anchor.signed!);
    const forged = await forge(JSON.parse(signed!) as Head);
    expect(firstBad(await verify(example, [...example.store.stored, forged]))).toEqual({
      link: 2,
      why: 'signature-invalid',
    });
  });

  it('finds a history that was written anew from the first link on, with or without the key', async () => {
    const example = await filled([2, 1]);
    const start = genesis(organisation, exampleHash);
    expect(firstBad(await verify(example, [await forge(start)]))).toEqual({ link: 1, why: 'signature-invalid' });
    const first = await forge(start, example.signer);
    const second = await forge({ ...start, link: 1, hash: first.hash, records: 1, segment: '2026-11' }, example.signer);
    expect(firstBad(await verify(example, [first, second]))).toEqual({ link: 2, why: 'rewritten' });
  });

  it.each([
    ['another past', (head: Head): Head => ({ ...head, hash: 'another' })],
    ['a gap in the numbers of its records', (head: Head): Head => ({ ...head, records: head.records + 1 })],
    ['a month that lies before', (head: Head): Head => ({ ...head, segment: '' })],
  ])('finds a link, signed with the key itself, that continues %s', async (_what, changed) => {
    const example = await filled([2]);
    const anchored = JSON.parse((await example.signer.verify(example.anchor.signed!))!) as Head;
    const head = { ...anchored, segment: '2027-01' };
    const second = await forge(head, example.signer);
    const links = [...example.store.stored, second];
    expect(await verify(example, links)).toMatchObject({ ok: true });
    const third = await forge(changed({ ...head, link: 2, hash: second.hash, records: 3 }), example.signer);
    expect(firstBad(await verify(example, [...links, third]))).toEqual({ link: 3, why: 'link-unconnected' });
  });

  it('finds links of another organisation', async () => {
    const { store, anchor, signer } = await filled([1]);
    const options = { organisation: 'ggz-duin', hash: exampleHash, verifyHead: (text: string) => signer.verify(text) };
    expect(firstBad(await verifyChain(store.stored, { ...options, anchor: anchor.signed }))).toMatchObject({
      why: 'anchor-invalid',
    });
    expect(firstBad(await verifyChain(store.stored, { ...options, anchor: undefined }))).toMatchObject({
      link: 1,
      why: 'link-unconnected',
    });
  });

  it('finds an anchor that is gone or forged, and records that no link names', async () => {
    const example = await filled([1]);
    const { store, signer, anchor } = example;
    const options = { organisation, hash: exampleHash, verifyHead: (signed: string) => signer.verify(signed) };
    expect(firstBad(await verifyChain(store.stored, { ...options, anchor: undefined }))).toEqual({
      link: 0,
      why: 'anchor-missing',
    });
    expect(firstBad(await verifyChain(store.stored, { ...options, anchor: `x${anchor.signed}` }))).toEqual({
      link: 0,
      why: 'anchor-invalid',
    });
    const bounds = { lastLink: 1, lowestRecord: 1, highestRecord: 2 };
    expect(firstBad(await verifyChain(store.stored, { ...options, anchor: anchor.signed, bounds }))).toMatchObject({
      record: 2,
      why: 'record-added',
    });
  });

  it('still verifies after a client was erased, because the chain is over sealed text', async () => {
    const example = await filled([2, 2]);
    await example.sealer.destroy('client-0');
    expect(
      await verifyStore(example.store, example.anchor, {
        organisation,
        hash: exampleHash,
        verifyHead: (signed) => example.signer.verify(signed),
      }),
    ).toMatchObject({
      ok: true,
      records: 4,
    });
  });
});

async function forge(head: Head, signer = new ExampleSigner('another key')): Promise<StoredLink> {
  const lines = { id: 'forged', access: '{"id":"forged"}', processing: '{}' };
  const link = appendLink(head, [lines], '2026-11-15T12:00:00.000Z', exampleHash);
  const signed = await signer.sign(headText(link.head));
  return { ...link, signed, records: [{ number: link.firstRecord, ...lines }] };
}
