/** Backup and restore on real parts: what comes back, what is refused, and how an organisation that was set back goes on with its partners. */
import { createHash } from 'node:crypto';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyAccessLogs } from '@convenant/access-log-postgres';
import { openPostgres, startEmbeddedPostgres, type OrganisationDatabase } from '@convenant/event-store-postgres';
import { JoseSigner } from '@convenant/exchange-sealing';
import { anchorFile, openKeys } from '@convenant/launch';
import type { StoredEvent } from '@convenant/kernel';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { backUp } from './back-up.js';
import { backupCommand, releaseCommand, restoreCommand } from './backup-commands.js';
import { lanesAgainCommand, parkedCommand } from './exchange-commands.js';
import { readDataBackup } from './data-backup.js';
import { restore } from './restore.js';
import {
  consentsOf,
  inTheEnd,
  occupationsAt,
  RestorableWorld,
  shareWithPartners,
  startJob,
  type Shared,
} from './for-tests/restorable-world.js';

jest.setTimeout(300_000);
const agency = 'ggz-amstel';
const now = new Date('2026-11-22T09:00:00.000Z');

describe('an organisation that is restored to an earlier state', () => {
  let world: RestorableWorld;
  let she: Shared;
  let before: readonly StoredEvent[];
  let consentsBefore: readonly unknown[];
  let viewsBefore: readonly unknown[];

  const data = (name: string): string => join(world.folder, name);
  const eventsOf = (organisation: string) => world.at(organisation).ports.store.readAll(undefined, 100_000);
  const verdict = async (
    organisation: string,
    database: OrganisationDatabase,
    folder = world.folderOf(organisation),
  ) => {
    const opened = await openPostgres({ database: { application: database.application }, organisation, poolSize: 1 });
    const own = await openKeys(world.folderOf(organisation), organisation);
    const signer = new JoseSigner(own, (id) => (id === organisation ? own.published : undefined));
    const verifyHead = (text: string) => signer.verify(text, organisation);
    const [found] = await verifyAccessLogs({
      organisations: [{ id: organisation, pool: opened.pool, anchorFile: anchorFile(folder), verifyHead }],
    });
    await opened.close();
    return found;
  };
  const into = async (name: string, database: OrganisationDatabase, folder?: string) =>
    restore({
      organisation: agency,
      from: data(name),
      owner: database.owner,
      applicationRole: decodeURIComponent(new URL(database.application).username),
      ...(folder ? { folder } : {}),
      now,
    });

  beforeAll(async () => {
    world = await RestorableWorld.make();
    await world.start();
    she = await shareWithPartners(world);
    await world.quiet();
    expect(await occupationsAt(world, 'uwv', she.atUwv)).toEqual(['tuinder']);
    expect(await occupationsAt(world, 'gemeente-amstelveld', she.atMunicipality)).toEqual(['tuinder']);
    // Signs in before the backup, so that nothing but what is said below is of the time that gets lost.
    consentsBefore = [...(await consentsOf(world))];
    await world.quiet();
    viewsBefore = await world.viewRows(agency);
    expect(viewsBefore.length).toBeGreaterThan(5);
    before = await eventsOf(agency);
    expect((await world.run(backupCommand, '--organisation', agency, '--to', data('agency'))).complaints).toBe('');
    expect((await world.run(backupCommand, '--organisation', 'uwv', '--to', data('uwv'))).code).toBe(0);
  });
  afterAll(() => world?.end());

  describe('from a backup that is whole', () => {
    it('has the same streams, the same verdict about its access log, and goes on in a higher epoch, on another server', async () => {
      const other = await startEmbeddedPostgres({ dataFolder: data('other'), organisations: [agency] });
      try {
        const database = other.databases[agency] as OrganisationDatabase;
        const { epoch } = await into('agency', database, data('elsewhere'));
        const opened = await openPostgres({ database, organisation: agency });
        const after = await opened.events.readAll(undefined, 100_000);
        expect(after).toEqual(before);
        expect(await verdict(agency, database, data('elsewhere'))).toMatchObject({ ok: true });
        const last = after.at(-1) as StoredEvent;
        const appended = await opened.events.append('restored-1', 0, [{ ...last, id: 'after-the-restore' }]);
        expect(epoch).toBeGreaterThan(1);
        expect(appended.position > last.position).toBe(true);
        const sequenceOf = (position: string): string => position.split('.').at(-1) ?? '';
        expect(sequenceOf(appended.position) > sequenceOf(last.position)).toBe(true);
        expect((await opened.events.readAll(last.position, 10)).map(({ id }) => id)).toEqual(['after-the-restore']);
        expect(await opened.ledger.afterRestore()).toEqual({
          series: expect.stringMatching(/^[0-9a-f]{12}$/),
          held: true,
        });
        await opened.close();
        await expect(into('agency', database)).rejects.toThrow('not empty');
      } finally {
        await other.stop();
      }
    });
  });

  describe('from a backup of an earlier release', () => {
    it('loads the rows as they were, and brings the schema forward after', async () => {
      const name = 'earlier';
      await cp(data('agency'), data(name), { recursive: true });
      const manifest = await readDataBackup(data(name));
      const added: Readonly<Record<string, string>> = { lanes: 'again', parked: 'redrive_asked' };
      const tables = await Promise.all(
        manifest.tables
          .filter(({ table }) => table !== 'restores')
          .map(async (table) => {
            const column = added[table.table];
            if (column === undefined) return table;
            expect(table.columns.at(-1)).toBe(column);
            const file = join(data(name), table.file);
            const text = (await readFile(file, 'utf8')).replace(/\t[^\t\n]*$/gm, '');
            await writeFile(file, text);
            const sha256 = createHash('sha256').update(text).digest('hex');
            return { ...table, columns: table.columns.slice(0, -1), sha256 };
          }),
      );
      const earlier = { ...manifest, tables, steps: { ...manifest.steps, 'exchange-ledger': 2 } };
      await writeFile(join(data(name), 'manifest.json'), JSON.stringify(earlier));
      const database = await world.database('restored-earlier');
      await into(name, database);
      const opened = await openPostgres({ database, organisation: agency });
      expect(await opened.events.readAll(undefined, 100_000)).toEqual(before);
      expect((await opened.ledger.afterRestore()).held).toBe(true);
      await opened.close();
    });
  });

  describe('by a restore that is interrupted', () => {
    it('is left without data, and restored by doing it again', async () => {
      const database = await world.database('restored-twice');
      const stopping = new AbortController();
      const options = {
        organisation: agency,
        from: data('agency'),
        owner: database.owner,
        applicationRole: decodeURIComponent(new URL(database.application).username),
        now,
      };
      const interrupted = restore({
        ...options,
        signal: stopping.signal,
        onProgress: (table) => (table === 'events' ? stopping.abort(new Error('Interrupted.')) : undefined),
      });
      await expect(interrupted).rejects.toThrow();
      await expect(restore(options)).resolves.toMatchObject({ epoch: 2 });
    });
  });

  describe('from a backup that is not', () => {
    const damaged = async (name: string, damage: (folder: string) => Promise<void>): Promise<string> => {
      await cp(data('agency'), data(name), { recursive: true });
      await damage(data(name));
      return name;
    };
    const refused = async (name: string): Promise<string> => {
      const database = await world.database('insurer-of-tests');
      return into(name, database).then(
        () => 'restored',
        (error: Error) => error.message,
      );
    };

    it('is refused when one byte was changed, and the file is named', async () => {
      const name = await damaged('flipped', async (folder) => {
        const bytes = await readFile(join(folder, 'events.copy'));
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(join(folder, 'events.copy'), bytes);
      });
      expect(await refused(name)).toContain(join(name, 'events.copy'));
    });

    it('is refused when a file is gone, or when it was interrupted before its manifest', async () => {
      expect(await refused(await damaged('gone', (folder) => rm(join(folder, 'outbox.copy'))))).toContain(
        'outbox.copy is missing',
      );
      expect(await refused(await damaged('half', (folder) => rm(join(folder, 'manifest.json'))))).toContain(
        'no finished backup',
      );
    });

    it('is refused when it is from a later release, or of somebody else', async () => {
      const change = (name: string, from: string | RegExp, to: string) =>
        damaged(name, async (folder) => {
          const file = join(folder, 'manifest.json');
          await writeFile(file, (await readFile(file, 'utf8')).replace(from, to));
        });
      expect(await refused(await change('future', /"events": \d+,/, '"events": 99,'))).toContain('later release');
      expect(
        await refused(await change('other-one', '"organisation": "ggz-amstel"', '"organisation": "uwv"')),
      ).toContain('a backup of uwv');
    });

    it('leaves no manifest when it is interrupted', async () => {
      const { application } = await world.database(agency);
      const stopped = backUp({
        organisation: agency,
        database: application,
        databaseSetting: '--database',
        to: data('interrupted'),
        product: 'test',
        now,
        signal: AbortSignal.abort(new Error('Interrupted.')),
      });
      await expect(stopped).rejects.toThrow('Interrupted.');
      expect(await refused('interrupted')).toContain('no finished backup');
    });
  });

  describe('and has partners who know more', () => {
    beforeAll(async () => {
      // The time that gets lost: another job is told, and she withdraws from the municipality.
      await startJob(world, she.clientId, 'hovenier', 9);
      await world.quiet();
      const client = await world.client('client-1');
      await client.tell('withdrawConsent', { consentId: she.consents.municipality });
      await world.quiet();
      expect(await occupationsAt(world, 'uwv', she.atUwv)).toEqual(['hovenier', 'tuinder']);
      await world.stop();
      await world.lose(agency);
      const done = await world.run(restoreCommand, '--organisation', agency, '--from', data('agency'));
      expect(done).toMatchObject({ code: 0, complaints: '' });
      expect(done.out).toContain('THE DOOR IS HELD');
      await world.start();
    });

    it('shows what it knew, from views that were made anew', async () => {
      await world.quiet([agency]);
      expect(await world.viewRows(agency)).toEqual(viewsBefore);
      expect([...(await consentsOf(world))]).toEqual(consentsBefore);
      expect(await verdict(agency, await world.database(agency))).toMatchObject({ ok: true });
    });

    it('tells nobody anything while its door is held', async () => {
      await startJob(world, she.clientId, 'bloemist', 5);
      await world.quiet([agency]);
      expect(await occupationsAt(world, 'uwv', she.atUwv)).toEqual(['hovenier', 'tuinder']);
      expect((await eventsOf(agency)).filter(({ type }) => type === 'Disclosed')).toHaveLength(
        before.filter(({ type }) => type === 'Disclosed').length,
      );
    });

    it('pauses what she had withdrawn, when the partner sends its proof again', async () => {
      for (const partner of ['gemeente-amstelveld', 'uwv'])
        expect(await world.run(lanesAgainCommand, '--organisation', partner, '--to', agency)).toMatchObject({
          code: 0,
        });
      await world.quiet([agency]);
      const consents = await consentsOf(world);
      expect(consents.get(she.consents.municipality)).toEqual({ state: 'paused', version: 2 });
      expect(consents.get(she.consents.uwv)).toEqual({ state: 'given', version: 1 });
    });

    it('tells on when an operator released the door, under numbers that the partner does not know', async () => {
      expect(await world.run(releaseCommand, '--organisation', agency)).toMatchObject({ code: 0 });
      const told = await inTheEnd(
        () => occupationsAt(world, 'uwv', she.atUwv),
        (found) => found.includes('bloemist'),
      );
      expect(told).toEqual(['bloemist', 'tuinder']);
      expect(await occupationsAt(world, 'gemeente-amstelveld', she.atMunicipality)).toEqual([]);
      await startJob(world, she.clientId, 'imker', 3);
      await world.quiet();
      expect(await occupationsAt(world, 'uwv', she.atUwv)).toEqual(['bloemist', 'imker', 'tuinder']);
    });

    it('ends at the partner what she withdraws now', async () => {
      const client = await world.client('client-1');
      await client.tell('withdrawConsent', { consentId: she.consents.municipality });
      await world.quiet();
      expect((await consentsOf(world)).get(she.consents.municipality)).toEqual({ state: 'withdrawn', version: 3 });
    });
  });

  describe('as a recipient, after its partner went on', () => {
    beforeAll(async () => {
      await world.stop();
      await world.lose('uwv');
      expect(await world.run(restoreCommand, '--organisation', 'uwv', '--from', data('uwv'))).toMatchObject({
        code: 0,
      });
      await world.start();
    });

    it('waits for what it lost, and gets it all when the partner sends again', async () => {
      await startJob(world, she.clientId, 'boomkweker', 1);
      expect(await occupationsAt(world, 'uwv', she.atUwv)).toEqual(['tuinder']);
      expect(await world.run(lanesAgainCommand, '--organisation', agency, '--to', 'uwv')).toMatchObject({ code: 0 });
      await world.quiet(['uwv']);
      expect(await occupationsAt(world, 'uwv', she.atUwv)).toEqual(['bloemist', 'boomkweker', 'imker', 'tuinder']);
      expect(await world.run(lanesAgainCommand, '--organisation', agency, '--to', 'gemeente-amstelveld')).toMatchObject(
        {
          code: 0,
        },
      );
      await world.quiet(['uwv']);
      // What was received once was not stopped by going again.
      expect((await eventsOf(agency)).filter(({ type }) => type === 'Stopped')).toEqual([]);
    });
  });

  describe('parked messages', () => {
    it('are listed without contents, handled again by the running service, and stay when that fails', async () => {
      const { ledger } = world.at(agency).ports;
      const known = {
        sender: 'uwv',
        lane: 'uwv>ggz-amstel/none',
        number: 1,
        type: 'nl.convenant.receipt.v1',
        reason: 'for-a-test',
        at: now.toISOString(),
      };
      await ledger.park({ ...known, messageId: 'can-be-handled', signed: world.passed.get(agency) ?? '' });
      await ledger.park({ ...known, messageId: 'cannot', signed: 'not.a.message' });
      const listed = await world.run(parkedCommand, 'list', '--organisation', agency, '--json');
      expect(JSON.parse(listed.out)).toEqual({
        organisations: [
          {
            organisation: agency,
            parked: ['can-be-handled', 'cannot'].map((messageId) => ({
              messageId,
              sender: 'uwv',
              type: 'nl.convenant.receipt.v1',
              reason: 'for-a-test',
              since: now.toISOString(),
            })),
            unknown: [],
          },
        ],
      });
      expect(await world.run(parkedCommand, 'redrive', 'can-be-handled', '--organisation', agency)).toMatchObject({
        code: 0,
      });
      const rest = await world.run(parkedCommand, 'redrive', '--all', '--organisation', agency, '--json');
      expect(rest.code).toBe(1);
      expect(JSON.parse(rest.out)).toMatchObject({ stillParked: [{ messageId: 'cannot' }], unknown: [] });
      expect((await world.run(parkedCommand, 'redrive', 'nobody-knows', '--organisation', agency)).out).toBe(
        'nobody-knows is not parked.',
      );
    });
  });
});
