/** An agency of nothing but the shared slices, that tells what it is given and answers a medical question, as any agency may. For the specs beside it. */
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import {
  contractId,
  functionalPossibilitiesV1,
  jobFactsV1,
  medicalAnswerV1,
  medicalQuestionV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
  type DisclosureContract,
} from '@convenant/contracts';
import { clientOf } from '@convenant/exchange';
import { defineCommand, type ServiceDefinition } from '@convenant/host';
import { accept, defineEvent, defineEvents, type CatalogueEvent, type Decider } from '@convenant/kernel';
import { clientIntroduced, composition, type Composition } from '@convenant/shared-domain';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import { z } from 'zod';

/** In clear, which no real event about a client is: these are examples about nobody. */
const ExampleNoted = defineEvent('ExampleNoted', {
  clear: { noteId: z.string(), contract: z.string(), values: z.record(z.string(), z.unknown()) },
});
const exampleEvents = defineEvents(ExampleNoted);
type Example = CatalogueEvent<typeof exampleEvents>;
const examples: Decider<Omit<Example, 'type'>, Example, readonly string[], never> = {
  initial: [],
  evolve: (known, { noteId }) => [...known, noteId],
  decide: (note, known) =>
    known.includes(note.noteId) ? accept() : accept<Example>({ type: 'ExampleNoted', ...note }),
};
const stream = (clientId: string, contract: string) => `example-${clientId}-${contract}`;
const answerStream = (questionId: string) => `example-answer-${questionId}`;

const tell = defineCommand({
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
  async handle({ requestId, clientId, contract, values }, context) {
    const questionId = values['questionId'];
    const to = typeof questionId === 'string' ? answerStream(questionId) : stream(clientId, contract);
    await context.run(exampleEvents, examples, to, { noteId: requestId, contract, values });
    return { done: { id: requestId } };
  },
});
const latest = (contract: DisclosureContract, streams: Composition['streams']): Composition =>
  composition({
    contract,
    events: exampleEvents,
    streams,
    changedBy: ['ExampleNoted'],
    compose: (events) => events.findLast((event) => event.contract === contractId(contract))?.values as never,
  });
const contracts = [trajectoryStatusV1, vocationalProfileV1, functionalPossibilitiesV1, jobFactsV1, progressSummaryV1];

const shared = sharedSlices({
  kind: 'mental-health',
  staff: ['caseManager', 'employmentSpecialist'],
  registerBy: ['caseManager'],
  proposeBy: ['caseManager'],
  leads: [],
  askBy: [],
});
export const treatingSide: ServiceDefinition = {
  kind: 'mental-health',
  schema: sharedSchema,
  ...shared,
  catalogues: [...shared.catalogues, exampleEvents],
  commands: [...shared.commands, tell],
  compositions: [
    clientIntroduced,
    ...contracts.map((contract) => latest(contract, (clientId) => [stream(clientId, contractId(contract))])),
    latest(medicalAnswerV1, (_clientId, questionId) => (questionId === undefined ? [] : [answerStream(questionId)])),
  ],
  receives: {
    /** Puts the permission for this one answer before the client, under the id that both sides derive. */
    'medical-question.v1': async ({ message, sender }, context) => {
      const clientId = await clientOf(context.ports.store, sender.id, message.subject);
      if (clientId === undefined) return 'waits';
      const { questionId, role } = medicalQuestionV1.schema.parse(message.data) as { questionId: string; role: string };
      await context.run(
        disclosureEvents,
        disclosure,
        disclosureStream(clientId),
        {
          type: 'Propose',
          consentId: context.ports.ids.derive('medical-question-consent', sender.id, questionId),
          source: 'mental-health',
          recipient: sender.id,
          recipientKind: sender.kind,
          roles: [role],
          purpose: 'medical-question',
          categories: ['K5'],
          validMonths: 3,
          singleUseFor: questionId,
          informationVersion: '2026-1',
          at: context.at,
        },
        { client: clientId },
      );
      return 'kept';
    },
  },
};
