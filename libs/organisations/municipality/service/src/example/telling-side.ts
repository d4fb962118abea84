/** An agency of nothing but the shared slices, that tells one thing when the client allows it. For the spec beside it. */
import { contractId, jobFactsV1, trajectoryStatusV1, vocationalProfileV1 } from '@convenant/contracts';
import { defineCommand, type ServiceDefinition } from '@convenant/host';
import { accept, defineEvent, defineEvents, type CatalogueEvent, type Decider } from '@convenant/kernel';
import { clientIntroduced, composition } from '@convenant/shared-domain';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import { z } from 'zod';

/** In clear, which no real event about a client is: these are examples about nobody. */
const ExampleNoted = defineEvent('ExampleNoted', {
  clear: { noteId: z.string(), contract: z.string(), values: z.record(z.string(), z.unknown()) },
});
const exampleEvents = defineEvents(ExampleNoted);
type Example = CatalogueEvent<typeof exampleEvents>;
const stream = (clientId: string) => `example-${clientId}`;
const examples: Decider<Omit<Example, 'type'>, Example, readonly string[], never> = {
  initial: [],
  evolve: (known, { noteId }) => [...known, noteId],
  decide: (note, known) =>
    known.includes(note.noteId) ? accept() : accept<Example>({ type: 'ExampleNoted', ...note }),
};

const noteExample = defineCommand({
  name: 'noteExample',
  input: z.strictObject({
    requestId: z.uuid(),
    clientId: z.string(),
    contract: z.string(),
    values: z.record(z.string(), z.unknown()),
  }),
  by: ['caseManager'],
  about: 'client',
  access: { event: 'create', action: 'C', activity: 'client-support' },
  refusals: {},
  async handle({ requestId: noteId, clientId, contract, values }, context) {
    await context.run(exampleEvents, examples, stream(clientId), { noteId, contract, values });
    return { done: { id: noteId } };
  },
});

const shared = sharedSlices({
  kind: 'mental-health',
  staff: ['caseManager'],
  registerBy: ['caseManager'],
  proposeBy: ['caseManager'],
  leads: [],
  askBy: [],
});
export const tellingSide: ServiceDefinition = {
  kind: 'mental-health',
  schema: sharedSchema,
  ...shared,
  catalogues: [...shared.catalogues, exampleEvents],
  commands: [...shared.commands, noteExample],
  compositions: [
    clientIntroduced,
    ...[jobFactsV1, trajectoryStatusV1, vocationalProfileV1].map((contract) =>
      composition({
        contract,
        events: exampleEvents,
        streams: (clientId) => [stream(clientId)],
        changedBy: ['ExampleNoted'],
        compose: (events) => events.findLast((event) => event.contract === contractId(contract))?.values as never,
      }),
    ),
  ],
  receives: {},
};
