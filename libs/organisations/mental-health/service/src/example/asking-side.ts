/** A benefits office of nothing but the shared slices and one thing to do: put a physician's question, as any office may. For the specs beside it. */
import { medicalQuestionV1 } from '@convenant/contracts';
import { introductions } from '@convenant/exchange';
import { defineCommand, type ServiceDefinition } from '@convenant/host';
import { accept, defineEvent, defineEvents, type CatalogueEvent, type Decider } from '@convenant/kernel';
import { clientIntroduced } from '@convenant/shared-domain';
import { sharedSchema, sharedSlices } from '@convenant/shared-service';
import { z } from 'zod';

/** In clear, which no real question is: these are examples about nobody. */
const ExampleAsked = defineEvent('ExampleAsked', {
  clear: { questionId: z.string(), partner: z.string(), pseudonym: z.string(), question: z.string(), role: z.string() },
});
const exampleEvents = defineEvents(ExampleAsked);
type Asked = CatalogueEvent<typeof exampleEvents>;
const questions: Decider<Omit<Asked, 'type'>, Asked, readonly string[], never> = {
  initial: [],
  evolve: (known, { questionId }) => [...known, questionId],
  decide: (asked, known) =>
    known.includes(asked.questionId) ? accept() : accept<Asked>({ type: 'ExampleAsked', ...asked }),
};

const putQuestion = defineCommand({
  name: 'putQuestion',
  input: z.strictObject({ requestId: z.uuid(), clientId: z.string(), partner: z.string(), question: z.string() }),
  by: ['insurancePhysician'],
  about: 'client',
  access: { event: 'enter', action: 'C', activity: 'medical-question' },
  refusals: {},
  async handle({ requestId: questionId, clientId, partner, question }, context) {
    const link = (await context.views.find(introductions, 'client', clientId)).find(
      ({ row }) => row.partner === partner,
    );
    if (!link) return { refused: 'nobody-found' };
    const asked = { questionId, partner, pseudonym: link.row.pseudonym, question, role: context.session.role };
    await context.run(exampleEvents, questions, `example-${questionId}`, asked);
    return { done: { id: questionId } };
  },
});

const shared = sharedSlices({
  kind: 'uwv',
  staff: ['insurancePhysician', 'labourExpert'],
  registerBy: ['labourExpert'],
  proposeBy: ['insurancePhysician', 'labourExpert'],
  leads: [],
  askBy: ['labourExpert'],
});
export const askingSide: ServiceDefinition = {
  kind: 'uwv',
  schema: sharedSchema,
  ...shared,
  catalogues: [...shared.catalogues, exampleEvents],
  commands: [...shared.commands, putQuestion],
  compositions: [clientIntroduced],
  sends: {
    ...shared.sends,
    ExampleAsked: async (stored, { signer }) => {
      const { questionId, partner, pseudonym, question, role } = exampleEvents.decode(stored);
      const sealed = await signer.sealTo(partner, question);
      const data = { questionId, role, askedOn: '2026-11-02', expectedBy: '2026-11-16', question: sealed };
      return [{ recipient: partner, pseudonym, contract: medicalQuestionV1, data }];
    },
  },
  receives: {},
};

const town = sharedSlices({
  kind: 'municipality',
  staff: ['clientManager'],
  registerBy: ['clientManager'],
  proposeBy: [],
  leads: [],
  askBy: [],
});
/** A municipality that reads what it is told and does nothing else. */
export const readingSide: ServiceDefinition = { kind: 'municipality', schema: sharedSchema, ...town, receives: {} };
