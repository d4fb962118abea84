/** A service of nothing but the shared slices, that tells what it is given in a spec: the other side, in the specs of every organisation. */
import { contractId, type DisclosureContract } from '@convenant/contracts';
import { defineCommand, type ServiceDefinition } from '@convenant/host';
import { accept, defineEvent, defineEvents, type CatalogueEvent, type Decider } from '@convenant/kernel';
import { composition, type Composition } from '@convenant/shared-domain';
import { z } from 'zod';
import { sharedSchema } from '../schema.js';
import type { SharedOptions } from '../shared-options.js';
import { sharedSlices } from '../shared-slices.js';

/** In clear, which no real event about a client is: these are examples about nobody. */
const ExampleNoted = defineEvent('ExampleNoted', {
  clear: { noteId: z.string(), contract: z.string(), values: z.record(z.string(), z.unknown()) },
});
const exampleEvents = defineEvents(ExampleNoted);
type Example = CatalogueEvent<typeof exampleEvents>;
const clientStream = (clientId: string): string => `example-${clientId}`;
const answerStream = (questionId: string): string => `example-answer-${questionId}`;

const examples: Decider<Omit<Example, 'type'>, Example, readonly string[], never> = {
  initial: [],
  evolve: (known, { noteId }) => [...known, noteId],
  decide: (note, known) =>
    known.includes(note.noteId) ? accept() : accept<Example>({ type: 'ExampleNoted', ...note }),
};

/** Values with a `questionId` are the answer to that question. */
const noteExample = ({ staff }: SharedOptions) =>
  defineCommand({
    name: 'noteExample',
    input: z.strictObject({
      requestId: z.uuid(),
      clientId: z.string(),
      contract: z.string(),
      values: z.record(z.string(), z.unknown()),
    }),
    by: staff,
    about: 'client',
    access: { event: 'create', action: 'C', activity: 'client-support' },
    refusals: {},
    async handle({ requestId, clientId, contract, values }, context) {
      const { questionId } = values;
      const stream = typeof questionId === 'string' ? answerStream(questionId) : clientStream(clientId);
      await context.run(exampleEvents, examples, stream, { noteId: requestId, contract, values });
      return { done: { id: requestId } };
    },
  });

/** The newest note for a contract is what there is to tell. */
const latest = (contract: DisclosureContract): Composition =>
  composition({
    contract,
    events: exampleEvents,
    streams: (clientId, questionId) =>
      contract.channel === 'shared'
        ? [clientStream(clientId)]
        : questionId === undefined
          ? []
          : [answerStream(questionId)],
    changedBy: ['ExampleNoted'],
    compose: (events) => events.findLast((event) => event.contract === contractId(contract))?.values as never,
  });

/** Tells the newest values that `noteExample` gave it for each of these contracts. */
export function exampleService(options: SharedOptions, contracts: readonly DisclosureContract[]): ServiceDefinition {
  const shared = sharedSlices(options);
  return {
    kind: options.kind,
    schema: sharedSchema,
    ...shared,
    catalogues: [...shared.catalogues, exampleEvents],
    commands: [...shared.commands, noteExample(options)],
    compositions: [...shared.compositions, ...contracts.map(latest)],
    receives: {},
  };
}
