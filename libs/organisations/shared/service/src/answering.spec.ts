/** What stands before every answer, whatever is asked: the organisation, the role, the relation, and the access log. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Role } from '@convenant/consent';
import { defineQuery } from '@convenant/host';
import { clearColumn, sealedColumn, type Sealed, type View } from '@convenant/kernel';
import { testWorld, type OrganisationInWorld, type World } from '@convenant/testing';
import { z } from 'zod';
import { agency } from './example/example-services.js';
import { anna, exampleOrganisations, exampleWorld, type ExampleWorld } from './example/example-world.js';

let w: ExampleWorld<World>;
beforeEach(async () => {
  w = await exampleWorld(await testWorld({ organisations: exampleOrganisations }));
});
const logOf = ({ ports }: OrganisationInWorld) => ports.accessLog.during({ limit: 1_000 });
const asking = (organisation: string, person: string, role: Role) => ({
  session: { organisation, person, role, tokenExpiresAt: '2099-01-01T00:00:00.000Z' },
  trace: { traceId: '0'.repeat(32), spanId: '0'.repeat(16) },
});

describe('an answer', () => {
  it('waits until its reading is in the access log', async () => {
    let release = (): void => undefined;
    const disk = new Promise<void>((resolve) => (release = resolve));
    const append = w.ggz.accessLogStore.append.bind(w.ggz.accessLogStore);
    w.ggz.accessLogStore.append = (link) => disk.then(() => append(link));
    let answered = false;
    const answer = w.karin.reads('clientIdentity', { clientId: w.clientId }).then(() => (answered = true));
    await w.world.settle();
    expect(answered).toBe(false);
    release();
    await answer;
  });

  it('is not given when the access log cannot be written', async () => {
    w.ggz.accessLogStore.append = () => Promise.reject(new Error('disk full'));
    await expect(w.karin.reads('clientIdentity', { clientId: w.clientId })).rejects.toThrow();
  });

  it('names in the log who read which categories of whom, and why she may', async () => {
    await w.karin.reads('clientIdentity', { clientId: w.clientId });
    expect((await logOf(w.ggz)).at(-1)).toMatchObject({
      operation: 'clientIdentity',
      outcome: 0,
      client: w.clientId,
      categories: ['K1'],
      relation: 'personal',
      purpose: 'support',
      user: { person: 'karin', role: 'caseManager' },
    });
  });

  it('that was refused is in the log with its reason, which the asker is not told', async () => {
    await w.noor.isRefused('clientIdentity', { clientId: w.clientId });
    expect((await logOf(w.ggz)).at(-1)).toMatchObject({
      operation: 'clientIdentity',
      outcome: 8,
      client: w.clientId,
      categories: [],
      refusal: 'nobody-found',
    });
  });
});

describe('a record of her own', () => {
  interface Row {
    readonly row: string;
    readonly name: string;
    readonly status: string;
    readonly note: Sealed<string>;
  }
  const files: View<{ type: string }, Row> = {
    name: 'example_files',
    version: 1,
    columns: {
      row: clearColumn('own'),
      name: clearColumn('K1'),
      status: clearColumn('K5'),
      note: sealedColumn('K5'),
    },
    keys: () => [],
    apply: (row) => row,
  };
  const exampleFile = defineQuery({
    name: 'exampleFile',
    args: z.strictObject({ clientId: z.string() }),
    by: ['caseManager', 'employmentSpecialist'],
    about: 'client',
    purpose: 'support',
    access: { event: 'read', action: 'R', activity: 'client-support' },
    answer: async ({ clientId }, { reader, ports }) =>
      reader.own(files, {
        row: 'r1',
        name: 'A.B.',
        status: 'in treatment',
        note: await ports.sealer.seal(clientId, 'a medical note'),
      }),
  });

  it('shows each role the columns that the matrix gives it, and of the others nothing, not even that they exist', async () => {
    const withFiles = { ...agency, queries: [...agency.queries, exampleFile] };
    w = await exampleWorld(await testWorld({ organisations: { ...exampleOrganisations, 'ggz-amstel': withFiles } }));
    const { clientId } = w;
    await w.karin.succeeds('beginRelation', { clientId, person: 'noor', role: 'employmentSpecialist' });
    expect(await w.karin.reads('exampleFile', { clientId })).toEqual({
      row: 'r1',
      name: 'A.B.',
      status: 'in treatment',
      note: 'a medical note',
    });
    expect(await w.noor.reads('exampleFile', { clientId })).toEqual({ row: 'r1', name: 'A.B.' });
  });
});

describe('whoever asks', () => {
  it('is answered on a session of this organisation and of no other', async () => {
    const { service } = w.ggz;
    const args = { clientId: w.clientId };
    await expect(
      service.ask('clientIdentity', args, asking('ggz-amstel', 'karin', 'caseManager')),
    ).resolves.toBeDefined();
    await expect(service.ask('clientIdentity', args, asking('uwv', 'karin', 'caseManager'))).rejects.toThrow();
    const { refused } = await service.execute(
      'registerClient',
      { requestId: '3f8b1c52-6d3b-4e0a-9a42-6d0f5a1b2c3d', ...anna },
      asking('uwv', 'karin', 'caseManager'),
    );
    expect(refused?.code).toBe('not-allowed');
  });

  it('is refused what does not belong to the role, with or without a working relation', async () => {
    const sameWomanOtherRole = w.ggz.as('karin', 'ipsProjectLeader');
    expect((await sameWomanOtherRole.does('registerClient', anna)).refused?.code).toBe('not-allowed');
    expect((await w.karin.isRefused('whoSaw', { clientId: w.clientId })).code).toBe('not-allowed');
  });
});
