/** On PostgreSQL: what is answered is in the log, the service cannot change the log, and whoever can is found out. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { type AccessRecord } from '@convenant/access-log';
import { DeterministicSealer } from '@convenant/exchange-sealing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { openPostgresAccessLogStore, PostgresAccessLogStore } from './postgres-access-log-store.js';
import { startTestCluster, type TestCluster, type TestOrganisation } from './test-cluster.js';
import { runVerifyCommand, verifyAccessLogs, type OrganisationVerdict } from './verify-command.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
});
afterAll(() => cluster?.stop(), 60_000);
const organisationOf = (id: string): Promise<TestOrganisation> =>
  cluster.organisation(id, new DeterministicSealer({ seed: id }));

const record = (changes: Partial<AccessRecord> = {}): AccessRecord => ({
  at: '2026-11-02T09:15:00.000Z',
  event: 'read',
  action: 'R',
  outcome: 0,
  operation: 'vocationalProfile',
  user: { person: 'person-noor', role: 'employmentSpecialist', requestor: true },
  client: 'client-1',
  purpose: 'support',
  policyVersion: 'matrix-1',
  consents: [],
  relation: 'personal',
  categories: ['K3'],
  trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' },
  activity: 'client-support',
  ...changes,
});

/** An organisation with a log of six links, of two records each. */
async function withLog(): Promise<TestOrganisation> {
  const organisation = await organisationOf('ggz-amstel');
  const log = await organisation.instance();
  for (let link = 1; link <= 6; link++)
    await log.write([record(), record({ client: 'client-2', operation: `operation${link}` })]);
  return organisation;
}

const verify = async (organisation: TestOrganisation): Promise<OrganisationVerdict> =>
  (await verifyAccessLogs({ organisations: [organisation] }))[0]!;

async function command(
  args: string[],
  ...organisations: TestOrganisation[]
): Promise<{ code: number; out: string; complaints: string }> {
  let out = '';
  let complaints = '';
  const code = await runVerifyCommand({
    args,
    organisations,
    print: (text) => void (out += `${text}\n`),
    complain: (text) => void (complaints += text),
  });
  return { code, out, complaints };
}

describe('the access log on PostgreSQL', () => {
  it('gives back what was written by client, by person and by period, page by page', async () => {
    const organisation = await withLog();
    const log = await organisation.instance();
    const first = await log.about('client-2', { limit: 4 });
    const { at, number } = first.at(-1)!;
    const rest = await log.about('client-2', { limit: 4, after: { at, number } });
    expect([...first, ...rest].map(({ operation }) => operation)).toEqual(
      [1, 2, 3, 4, 5, 6].map((each) => `operation${each}`),
    );
    expect(await log.by('person-noor', { limit: 100 })).toHaveLength(12);
    expect(await log.by('person-dirk', { limit: 100 })).toEqual([]);
    expect(
      await log.during({ limit: 100, from: '2026-11-02T09:15:00.000Z', until: '2026-11-02T09:15:00.001Z' }),
    ).toHaveLength(12);
    expect(await log.during({ limit: 100, until: '2026-11-02T09:15:00.000Z' })).toEqual([]);
  });

  it('peer 22: finds all readings of one client among those of many by an index', async () => {
    const { superuser } = await withLog();
    const { rows } = await superuser
      .query<{ 'QUERY PLAN': string }>(
        `SET enable_seqscan = off; SET enable_bitmapscan = off; EXPLAIN SELECT number FROM convenant.access_record WHERE line::jsonb ->> 'subject' = 'x'
       ORDER BY ((line::jsonb ->> 'at') COLLATE "C"), number LIMIT 10`,
      )
      .then((results) => (results as unknown as { rows: { 'QUERY PLAN': string }[] }[])[2]!);
    expect(rows.map((row) => row['QUERY PLAN']).join()).toContain('access_record_by_subject');
    expect(rows.map((row) => row['QUERY PLAN']).join()).not.toContain('Sort');
  });

  it('lets fifty requests at once share a few commits', async () => {
    const organisation = await organisationOf('ggz-amstel');
    const log = await organisation.instance();
    await Promise.all(Array.from({ length: 50 }, () => log.write([record()])));
    const verdict = await verify(organisation);
    expect(verdict).toMatchObject({ ok: true, records: 50 });
    expect('links' in verdict && verdict.links).toBeLessThanOrEqual(5);
  });

  it('lets two instances of one organisation write one chain', async () => {
    const organisation = await organisationOf('ggz-amstel');
    const [one, two] = await Promise.all([organisation.instance(), organisation.instance()]);
    await one.write([record()]);
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        for (let turn = 0; turn < 5; turn++)
          await [one, two][index % 2]!.write([record(), record({ client: 'client-2' })]);
      }),
    );
    expect(await verify(organisation)).toMatchObject({ ok: true, records: 401 });
  });

  it('rejects when the log cannot be written, so that nothing is answered', async () => {
    const organisation = await withLog();
    const log = await organisation.instance();
    await organisation.superuser.query(
      'ALTER TABLE convenant.access_record ADD CONSTRAINT full_disk CHECK (number <= 12)',
    );
    await expect(log.write([record()])).rejects.toMatchObject({ reason: 'store' });
    await organisation.superuser.query('ALTER TABLE convenant.access_record DROP CONSTRAINT full_disk');
    await log.write([record()]);
    expect(await verify(organisation)).toMatchObject({ ok: true, records: 13 });
  });

  it('rejects when the database is gone', async () => {
    const nowhere = new pg.Pool({ host: '127.0.0.1', port: 1, user: 'nobody', database: 'none' });
    const organisation = await organisationOf('ggz-amstel');
    const log = await organisation.instance({ store: new PostgresAccessLogStore(nowhere) });
    await expect(log.write([record()])).rejects.toMatchObject({ reason: 'store' });
    await nowhere.end();
  });

  it('gives up on a commit that takes too long', async () => {
    const organisation = await withLog();
    const store = await openPostgresAccessLogStore(organisation.pool, { commitTimeoutMs: 200 });
    const log = await organisation.instance({ store });
    const blocker = await organisation.superuser.connect();
    await blocker.query('BEGIN; LOCK TABLE convenant.access_log_link IN EXCLUSIVE MODE');
    await expect(log.write([record()])).rejects.toMatchObject({ reason: 'store' });
    await blocker.query('ROLLBACK');
    blocker.release();
  });

  it('does not let the service change or remove anything', async () => {
    const { pool } = await withLog();
    for (const table of ['access_log_link', 'access_record', 'processing_record'])
      for (const change of [
        `UPDATE convenant.${table} SET line = ''`,
        `DELETE FROM convenant.${table}`,
        `TRUNCATE convenant.${table}`,
      ])
        await expect(pool.query(change)).rejects.toMatchObject({ code: '42501' });
  });

  it('does not open for a role that could', async () => {
    const { superuser } = await withLog();
    await expect(openPostgresAccessLogStore(superuser)).rejects.toThrow('may change the access log');
  });
});

describe('access-log:verify', () => {
  it('says ok for every organisation, with its numbers', async () => {
    const one = await withLog();
    const two = await organisationOf('ggz-duin');
    const { code, out } = await command([], one, two);
    expect(out).toBe('ggz-amstel: ok, 12 records in 6 links\nggz-duin: ok, 0 records in 0 links\n');
    expect(code).toBe(0);
    expect(JSON.parse((await command(['--json', '--organisation', 'ggz-duin'], one, two)).out)).toEqual({
      ok: true,
      organisations: [{ organisation: 'ggz-duin', ok: true, links: 0, records: 0, segments: [] }],
    });
  });

  it('names the record of which one byte was changed, and exits with 1', async () => {
    const organisation = await withLog();
    const { rows } = await organisation.superuser.query<{ id: string }>(
      `UPDATE convenant.access_record SET line = replace(line, 'person-noor', 'person-noot') WHERE number = 7 RETURNING line::jsonb ->> 'id' AS id`,
    );
    const id = rows[0]!.id;
    expect(await verify(organisation)).toMatchObject({
      ok: false,
      firstBad: { link: 4, log: 'access', record: 7, recordId: id, why: 'record-changed' },
    });
    const { code, out } = await command([], organisation);
    expect(code).toBe(1);
    expect(out).toContain(`ggz-amstel: WRONG at record 7 (${id}) in link 4: the record is not as it was written`);
  });

  it.each([
    [
      'a changed processing record',
      `UPDATE convenant.processing_record SET line = line || ' ' WHERE number = 3`,
      { record: 3, log: 'processing', why: 'record-changed' },
    ],
    ['a removed record', 'DELETE FROM convenant.access_record WHERE number = 5', { record: 5, why: 'record-missing' }],
    [
      'a changed link',
      `UPDATE convenant.access_log_link SET line = replace(line, '"at":"2', '"at":"1') WHERE number = 2`,
      { link: 2, why: 'link-changed' },
    ],
    ['a removed link', 'DELETE FROM convenant.access_log_link WHERE number = 3', { link: 3, why: 'link-missing' }],
    [
      'a forged record at the end',
      `INSERT INTO convenant.access_record SELECT 13, line FROM convenant.access_record WHERE number = 1`,
      { record: 13, why: 'record-added' },
    ],
    [
      'a tail that was cut off',
      'DELETE FROM convenant.access_log_link WHERE number > 4; DELETE FROM convenant.access_record WHERE number > 8; DELETE FROM convenant.processing_record WHERE number > 8',
      { link: 5, record: 9, why: 'tail-cut' },
    ],
    [
      'everything removed',
      'TRUNCATE convenant.access_log_link, convenant.access_record, convenant.processing_record',
      { link: 1, record: 1, why: 'tail-cut' },
    ],
  ])('finds %s', async (_what, damage, firstBad) => {
    const organisation = await withLog();
    await organisation.superuser.query(damage);
    expect(await verify(organisation)).toMatchObject({ ok: false, firstBad });
    expect((await command(['--json'], organisation)).code).toBe(1);
  });

  it('finds two records that were exchanged', async () => {
    const organisation = await withLog();
    await organisation.superuser.query(
      `UPDATE convenant.access_record AS one SET line = other.line FROM convenant.access_record AS other
       WHERE (one.number, other.number) IN ((3, 9), (9, 3))`,
    );
    expect(await verify(organisation)).toMatchObject({ ok: false, firstBad: { record: 3 } });
  });

  it('finds an anchor that was removed or made up', async () => {
    const organisation = await withLog();
    await writeFile(organisation.anchorFile, 'made.up\n');
    expect(await verify(organisation)).toMatchObject({ ok: false, firstBad: { why: 'anchor-invalid' } });
    await rm(organisation.anchorFile);
    expect((await command([], organisation)).out).toContain(
      'WRONG at the anchor: the head that is kept outside the database is gone',
    );
  });

  it('accepts an anchor that lags behind, as after a kill between commit and anchor; the next commit brings it up', async () => {
    const organisation = await withLog();
    const log = await organisation.instance();
    const lagging = await readFile(organisation.anchorFile, 'utf8');
    await log.write([record()]);
    await writeFile(organisation.anchorFile, lagging);
    expect(await verify(organisation)).toMatchObject({ ok: true, records: 13 });
    await (await organisation.instance()).write([record()]);
    expect(await readFile(organisation.anchorFile, 'utf8')).not.toBe(lagging);
    expect(await verify(organisation)).toMatchObject({ ok: true, records: 14 });
  });

  it('lets no restarted service write behind a tail that was cut off', async () => {
    const organisation = await withLog();
    await organisation.superuser.query(
      'DELETE FROM convenant.access_log_link WHERE number = 6; DELETE FROM convenant.access_record WHERE number > 10; DELETE FROM convenant.processing_record WHERE number > 10',
    );
    await expect((await organisation.instance()).write([record()])).rejects.toMatchObject({ reason: 'broken' });
    expect(await verify(organisation)).toMatchObject({ ok: false, firstBad: { why: 'tail-cut' } });
  });

  it('says so when a log cannot be read, and never ok', async () => {
    const organisation = await withLog();
    await organisation.superuser.query('ALTER TABLE convenant.access_record RENAME TO elsewhere');
    const { code, out } = await command([], organisation);
    expect(code).toBe(1);
    expect(out).toContain('ggz-amstel: cannot be read');
  });

  it('reports how far it has come, and does not hold the log in memory', async () => {
    const organisation = await organisationOf('ggz-amstel');
    const log = await organisation.instance();
    const many = Array.from({ length: 500 }, () => record());
    for (let link = 0; link < 10; link++) await log.write(many);
    const seen: number[] = [];
    const verdicts = await verifyAccessLogs({
      organisations: [organisation],
      onProgress: ({ records, total }) => void (seen.push(records), expect(total).toBe(5000)),
    });
    expect(verdicts).toMatchObject([{ ok: true, records: 5000, links: 10 }]);
    expect(seen).toEqual([0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000]);
  });

  it('explains itself, and says which option or organisation it does not know', async () => {
    const organisation = await organisationOf('ggz-amstel');
    expect(await command(['--help'], organisation)).toMatchObject({ code: 0, out: expect.stringContaining('--json') });
    expect(await command(['--jsn'], organisation)).toMatchObject({
      code: 2,
      complaints: expect.stringContaining('--jsn'),
    });
    expect(await command(['--organisation', 'uwv'], organisation)).toMatchObject({
      code: 2,
      complaints: expect.stringContaining('There are: ggz-amstel.'),
    });
  });
});
