/** Services of nothing but the shared slices and one thing to tell about, for the specs beside them. */
import {
  functionalPossibilitiesV1,
  fundingMilestoneV1,
  jobFactsV1,
  physicianStatementV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
  contractId,
  type DisclosureContract,
} from '@convenant/contracts';
import { defineCommand, type ServiceDefinition } from '@convenant/host';
import { accept, defineEvent, defineEvents, type CatalogueEvent, type Decider } from '@convenant/kernel';
import { composition, type Composition } from '@convenant/shared-domain';
import { z } from 'zod';
import type { SharedOptions } from '../shared-options.js';
import { sharedSchema } from '../schema.js';
import { sharedSlices } from '../shared-slices.js';

/** In clear, which no real event about a client is: these are examples about nobody. */
const ExampleNoted = defineEvent('ExampleNoted', {
  clear: { noteId: z.string(), contract: z.string(), values: z.record(z.string(), z.unknown()) },
});
const exampleEvents = defineEvents(ExampleNoted);
type Example = CatalogueEvent<typeof exampleEvents>;
const exampleStream = (clientId: string): string => `example-${clientId}`;

const examples: Decider<Omit<Example, 'type'>, Example, readonly string[], never> = {
  initial: [],
  evolve: (known, { noteId }) => [...known, noteId],
  decide: (note, known) =>
    known.includes(note.noteId) ? accept() : accept<Example>({ type: 'ExampleNoted', ...note }),
};

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
      await context.run(exampleEvents, examples, exampleStream(clientId), { noteId: requestId, contract, values });
      return { done: { id: requestId } };
    },
  });

/** The newest note for a contract is what there is to tell. */
const latest = (contract: DisclosureContract): Composition =>
  composition({
    contract,
    events: exampleEvents,
    streams: (clientId) => [exampleStream(clientId)],
    changedBy: ['ExampleNoted'],
    compose: (events) => events.findLast((event) => event.contract === contractId(contract))?.values as never,
  });

function service(options: SharedOptions, contracts: readonly DisclosureContract[]): ServiceDefinition {
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

export const agency = service(
  {
    kind: 'mental-health',
    staff: ['caseManager', 'clinician', 'employmentSpecialist', 'ipsProjectLeader'],
    registerBy: ['caseManager'],
    proposeBy: ['caseManager', 'employmentSpecialist'],
    leads: ['ipsProjectLeader'],
    askBy: ['caseManager'],
  },
  [
    trajectoryStatusV1,
    vocationalProfileV1,
    functionalPossibilitiesV1,
    jobFactsV1,
    progressSummaryV1,
    fundingMilestoneV1,
  ],
);
export const benefitsOffice = service(
  {
    kind: 'uwv',
    staff: ['insurancePhysician', 'physicianDelegate', 'labourExpert', 'benefitsAdviser'],
    registerBy: ['labourExpert'],
    proposeBy: ['labourExpert', 'insurancePhysician'],
    leads: ['insurancePhysician'],
    askBy: ['labourExpert'],
  },
  [physicianStatementV1],
);
export const town = service(
  {
    kind: 'municipality',
    staff: ['clientManager', 'medicalAdviser'],
    registerBy: ['clientManager'],
    proposeBy: ['clientManager'],
    leads: [],
    askBy: ['clientManager'],
  },
  [],
);
