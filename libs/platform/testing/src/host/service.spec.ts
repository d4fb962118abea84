/** What an organisation answers when it is asked: who may, about whom, once, and not before it is in the access log. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Role } from '@convenant/consent';
import {
  AnswerRefused,
  asView,
  defineCommand,
  defineQuery,
  type Request,
  type ServiceDefinition,
} from '@convenant/host';
import { clientRelations, relationEvents, relationsStream } from '@convenant/identity';
import {
  accept,
  clearColumn,
  defineEvent,
  defineEvents,
  refuse,
  run,
  sealed,
  sealedColumn,
  type CatalogueEvent,
  type Decider,
  type Sealed,
  type View,
} from '@convenant/kernel';
import { z } from 'zod';
import { exampleService } from '../exchange/example-services.js';
import { Client } from '../exchange/story.js';
import { testWorld, type OrganisationInWorld, type World } from '../world.js';

const Noted = defineEvent('Noted', {
  clear: { clientId: z.string(), noteId: z.string() },
  sealed: { wish: sealed<string>('K3'), diagnosis: sealed<string>('K5') },
});
const noteEvents = defineEvents(Noted);
type Note = CatalogueEvent<typeof noteEvents>;
const notes: Decider<Omit<Note, 'type'>, Note, readonly string[], 'enough'> = {
  initial: [],
  evolve: (known, { noteId }) => [...known, noteId],
  decide: (note, known) => (known.length >= 2 ? refuse('enough') : accept<Note>({ type: 'Noted', ...note })),
};
interface NoteRow {
  readonly clientId: string;
  readonly wish: Sealed<string>;
  readonly diagnosis: Sealed<string>;
}
const noteView: View<Note, NoteRow> = {
  name: 'notes',
  version: 1,
  columns: { clientId: clearColumn('own'), wish: sealedColumn('K3'), diagnosis: sealedColumn('K5') },
  keys: ({ noteId }) => [noteId],
  apply: (_row, { clientId, wish, diagnosis }) => ({ clientId, wish, diagnosis }),
  indexes: ({ clientId }) => ({ client: clientId }),
};
const access = { event: 'create', action: 'C', activity: 'client-support' } as const;
const reading = { event: 'read', action: 'R', activity: 'client-support' } as const;
const staff: readonly Role[] = ['employmentSpecialist', 'caseManager'];
const definition: ServiceDefinition = {
  ...exampleService('mental-health'),
  catalogues: [...exampleService('mental-health').catalogues, noteEvents, relationEvents],
  views: [...exampleService('mental-health').views, asView(noteEvents, noteView)],
  commands: [
    defineCommand({
      name: 'note',
      input: z.strictObject({ requestId: z.uuid(), clientId: z.string(), wish: z.string().max(20) }),
      by: staff,
      about: 'client',
      access,
      refusals: { enough: { nl: 'Zo is het genoeg.', en: 'That is enough.' } },
      async handle({ clientId, wish }, context) {
        const { sealer, ids } = context.ports;
        const noteId = ids.derive('note', context.session.person, context.requestId);
        const note = {
          clientId,
          noteId,
          wish: await sealer.seal(clientId, wish),
          diagnosis: await sealer.seal(clientId, 'geheim'),
        };
        const ran = await context.run(noteEvents, notes, `notes-${clientId}`, note);
        return 'refused' in ran ? ran : { done: { id: noteId } };
      },
    }),
    defineCommand({
      name: 'tidy',
      input: z.strictObject({ requestId: z.uuid() }),
      by: staff,
      about: 'organisation',
      access,
      refusals: {},
      handle: async () => ({ done: {} }),
    }),
    defineCommand({
      name: 'breakDown',
      input: z.strictObject({ requestId: z.uuid() }),
      by: staff,
      about: 'organisation',
      access,
      refusals: {},
      handle: () => Promise.reject(new Error('secret detail')),
    }),
  ],
  queries: [
    defineQuery({
      name: 'notes',
      args: z.strictObject({ clientId: z.string() }),
      by: ['employmentSpecialist', 'ipsProjectLeader'],
      about: 'client',
      purpose: 'support',
      access: reading,
      answer: async (_args, { views, reader, client }) =>
        Promise.all((await views.find(noteView, 'client', client)).map(({ row }) => reader.own(noteView, row))),
    }),
    defineQuery({
      name: 'supervised',
      args: z.strictObject({ clientId: z.string() }),
      by: ['employmentSpecialist'],
      about: 'client',
      purpose: 'supervision',
      access: reading,
      answer: async (_args, { views, reader, client }) =>
        Promise.all((await views.find(noteView, 'client', client)).map(({ row }) => reader.own(noteView, row))),
    }),
    defineQuery({
      name: 'calendar',
      args: z.strictObject({}),
      by: staff,
      about: 'organisation',
      purpose: 'support',
      access: reading,
      answer: async () => ['maandag'],
    }),
  ],
};

let world: World;
let ggz: OrganisationInWorld;
beforeEach(async () => {
  world = await testWorld({ organisations: { 'ggz-amstel': definition } });
  ggz = world.organisation('ggz-amstel');
  await new Client(world, ggz, 'anna').register();
  await relate('noor', 'personal');
  await relate('kees', 'supervisor');
});
afterEach(() => world.stop());

async function relate(person: string, kind: 'personal' | 'supervisor'): Promise<void> {
  const at = world.now();
  const meta = { at, actor: { kind: 'system', process: 'spec' } as const, cause: person, client: 'anna' };
  const holder = { person, role: 'employmentSpecialist' as const };
  const command = {
    type: 'BeginRelation',
    relationId: `relation-${person}`,
    holder,
    kind,
    from: at,
    until: '2027-11-01T00:00:00.000Z',
    at,
  } as const;
  const ran = await run(ggz.ports.store, relationsStream('anna'), relationEvents, clientRelations, command, {
    ids: ggz.ports.ids,
    meta,
  });
  if ('refused' in ran) throw new Error(ran.refused);
  await world.settle();
}
const noor = () => ggz.as('noor', 'employmentSpecialist');
const requestId = '7b0a4a50-6c1e-4f7a-8b3c-0123456789ab';
const logged = () => ggz.ports.accessLog.during({ limit: 1_000 });
const last = async () => (await logged()).at(-1);
const noted = async () => (await ggz.ports.store.read('notes-anna')).length;

describe('a command', () => {
  it('is carried out for somebody who works with her, and logged', async () => {
    expect(await noor().does('note', { clientId: 'anna', wish: 'tuin' })).toMatchObject({
      id: expect.any(String),
      position: expect.any(String),
    });
    expect(await last()).toMatchObject({ operation: 'note', outcome: 0, client: 'anna', relation: 'personal' });
  });
  it.each([
    ['a field that does not exist', { clientId: 'anna', wish: 'tuin', more: 1 }, 'unknown-field'],
    ['a value of another type', { clientId: 'anna', wish: 3 }, 'input-not-understood'],
    ['a text that is too long', { clientId: 'anna', wish: 'x'.repeat(21) }, 'input-not-understood'],
    ['a request id that is none', { clientId: 'anna', wish: 'tuin', requestId: '1' }, 'input-not-understood'],
  ])('with %s is refused in words, quotes nothing and changes nothing', async (_name, input, code) => {
    const { refused } = await noor().does('note', input);
    expect(refused).toMatchObject({ code, nl: expect.any(String), en: expect.any(String) });
    expect(JSON.stringify(refused)).not.toContain('xxxxx');
    expect([await noted(), (await last())?.outcome]).toEqual([0, 4]);
  });
  it('is refused to another role, to another organisation’s people, and when it does not exist', async () => {
    expect(
      (await ggz.as('iris', 'ipsProjectLeader').does('note', { clientId: 'anna', wish: 'tuin' })).refused,
    ).toMatchObject({ code: 'not-allowed' });
    const foreign: Request = {
      session: {
        organisation: 'ggz-duin',
        person: 'noor',
        role: 'employmentSpecialist',
        tokenExpiresAt: '2099-01-01T00:00:00.000Z',
      },
      trace: { traceId: '1'.repeat(32), spanId: '1'.repeat(16) },
    };
    expect(
      (await ggz.service.execute('note', { requestId, clientId: 'anna', wish: 'tuin' }, foreign)).refused,
    ).toMatchObject({ code: 'not-allowed' });
    expect((await noor().does('unheardOf')).refused).toMatchObject({ code: 'not-allowed' });
    expect(await noted()).toBe(0);
  });
  it('finds nobody for a stranger, exactly as for somebody who does not exist', async () => {
    const karel = ggz.as('karel', 'employmentSpecialist');
    const stranger = await karel.does('note', { clientId: 'anna', wish: 'tuin' });
    for (const clientId of ['nobody', '', 'a\u0000b', 'x'.repeat(10_000)])
      expect(await karel.does('note', { clientId, wish: 'tuin' })).toEqual(stranger);
    expect(stranger).toMatchObject({ refused: { code: 'nobody-found' } });
    const attempts = (await logged()).filter(({ outcome }) => outcome === 8);
    expect(attempts.map(({ client, relation }) => [client, relation])).toEqual([
      ['anna', 'none'],
      ...Array.from({ length: 4 }, () => [undefined, 'none']),
    ]);
  });
  it('that is sent twice gives the same answer and has one effect', async () => {
    const first = await noor().does('note', { requestId, clientId: 'anna', wish: 'tuin' });
    expect(await noor().does('note', { requestId, clientId: 'anna', wish: 'tuin' })).toEqual(first);
    const atOnce = await Promise.all(
      [1, 2].map(() => noor().does('note', { requestId: requestId.replace('7', '8'), clientId: 'anna', wish: 'zee' })),
    );
    expect(atOnce[0]).toEqual(atOnce[1]);
    expect(await noted()).toBe(2);
  });
  it('is refused by the rules with their own sentence, and that is logged', async () => {
    for (const wish of ['een', 'twee']) await noor().succeeds('note', { clientId: 'anna', wish });
    expect((await noor().does('note', { clientId: 'anna', wish: 'drie' })).refused).toEqual({
      code: 'enough',
      nl: 'Zo is het genoeg.',
      en: 'That is enough.',
    });
    expect(await last()).toMatchObject({ outcome: 8, refusal: 'enough', client: 'anna' });
  });
  it('is not acknowledged when the log cannot be written, and repeated it has its effect once', async () => {
    const { write } = ggz.ports.accessLog;
    ggz.ports.accessLog.write = () => Promise.reject(new Error('full'));
    await expect(noor().does('note', { requestId, clientId: 'anna', wish: 'tuin' })).rejects.toThrow();
    ggz.ports.accessLog.write = write;
    expect(await noor().does('note', { requestId, clientId: 'anna', wish: 'tuin' })).toMatchObject({
      id: expect.any(String),
    });
    expect(await noted()).toBe(1);
  });
  it('that breaks down is logged as a failure of the machine', async () => {
    await expect(noor().does('breakDown')).rejects.toThrow();
    expect(await last()).toMatchObject({ operation: 'breakDown', outcome: 12 });
  });
  it('about nobody is logged as a task, not as an attempt', async () => {
    await noor().does('tidy');
    expect(await last()).toMatchObject({ outcome: 0, relation: 'task' });
  });
});

describe('a query', () => {
  beforeEach(() => noor().succeeds('note', { clientId: 'anna', wish: 'tuin' }));

  it('opens the columns that the role may read and leaves the others out', async () => {
    expect(await noor().reads('notes', { clientId: 'anna' })).toEqual([{ clientId: 'anna', wish: 'tuin' }]);
    expect(await last()).toMatchObject({
      operation: 'notes',
      outcome: 0,
      client: 'anna',
      categories: ['K3'],
      purpose: 'support',
    });
  });
  it('is not answered when the log cannot be written', async () => {
    ggz.ports.accessLog.write = () => Promise.reject(new Error('full'));
    await expect(noor().reads('notes', { clientId: 'anna' })).rejects.toThrow('full');
  });
  it('is refused with the same answer for a stranger and for nobody', async () => {
    const karel = ggz.as('karel', 'employmentSpecialist');
    expect(await karel.isRefused('notes', { clientId: 'anna' })).toEqual(
      await karel.isRefused('notes', { clientId: 'nobody' }),
    );
    expect(await ggz.as('karin', 'caseManager').isRefused('notes', { clientId: 'anna' })).toMatchObject({
      code: 'not-allowed',
    });
    expect(await noor().isRefused('notes', { clientId: 'anna', more: 1 })).toMatchObject({ code: 'unknown-field' });
    await expect(
      ggz.service.ask(
        'unheardOf',
        {},
        {
          session: { organisation: 'ggz-amstel', person: 'noor', role: 'employmentSpecialist', tokenExpiresAt: '' },
          trace: { traceId: '', spanId: '' },
        },
      ),
    ).rejects.toBeInstanceOf(AnswerRefused);
  });
  it('shows a supervisor what supervision is for, and nothing for another purpose', async () => {
    const kees = ggz.as('kees', 'employmentSpecialist');
    expect(await kees.reads('notes', { clientId: 'anna' })).toEqual([{ clientId: 'anna' }]);
    expect(await kees.reads('supervised', { clientId: 'anna' })).toEqual([{ clientId: 'anna', wish: 'tuin' }]);
    expect(await noor().reads('supervised', { clientId: 'anna' })).toEqual([{ clientId: 'anna' }]);
  });
  it('about nobody is logged as a task', async () => {
    expect(await noor().reads('calendar')).toEqual(['maandag']);
    expect(await last()).toMatchObject({ operation: 'calendar', relation: 'task', client: undefined });
  });
  it('waits until the views have come to what the asker has seen, and not for ever', async () => {
    const { position, ...session } = {
      position: await ggz.ports.store.head(),
      organisation: 'ggz-amstel',
      person: 'noor',
      role: 'employmentSpecialist' as const,
      tokenExpiresAt: '2099-01-01T00:00:00.000Z',
    };
    const trace = { traceId: '2'.repeat(32), spanId: '2'.repeat(16) };
    expect(
      await ggz.service.ask(
        'notes',
        { clientId: 'anna' },
        { session, trace, ...(position ? { after: position } : {}) },
      ),
    ).toHaveLength(1);
    const late = ggz.service.ask('notes', { clientId: 'anna' }, { session, trace, after: '9999999999999999' as never });
    await world.time.pass(2_100);
    expect(await late).toHaveLength(1);
  });
});
