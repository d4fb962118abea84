/** Organisations that know clients and facts about them and nothing else, for the stories of door and inbox beside this file. */
import { disclosure, disclosureEvents, disclosureStream } from '@convenant/consent';
import {
  contractId,
  jobFactsV1,
  medicalAnswerV1,
  physicianStatementV1,
  trajectoryStatusV1,
  vocationalProfileV1,
  type DisclosureContract,
} from '@convenant/contracts';
import {
  clientNameEvents,
  introductions,
  receivedEvents,
  receivedFacts,
  registeredConsentEnds,
  takenIntoDecisions,
} from '@convenant/exchange';
import { asView, type ServiceDefinition } from '@convenant/host';
import {
  accept,
  defineEvent,
  defineEvents,
  type CatalogueEvent,
  type Decider,
  type OrganisationKind,
} from '@convenant/kernel';
import {
  clientIntroduced,
  clientRecordEvents,
  clientsByName,
  composition,
  nameForMatching,
  type Composition,
} from '@convenant/shared-domain';
import { z } from 'zod';

const FactNoted = defineEvent('FactNoted', {
  clear: { factId: z.string(), contract: z.string(), values: z.record(z.string(), z.unknown()) },
});
export const factEvents = defineEvents(FactNoted);
type Fact = CatalogueEvent<typeof factEvents>;
export const factStream = (clientId: string, question?: string): string =>
  `facts-${clientId}${question === undefined ? '' : `-${question}`}`;
export const facts: Decider<Omit<Fact, 'type'>, Fact, readonly string[], never> = {
  initial: [],
  evolve: (known, { factId }) => [...known, factId],
  decide: (fact, known) => (known.includes(fact.factId) ? accept() : accept<Fact>({ type: 'FactNoted', ...fact })),
};

/** The newest fact of a contract is what there is to tell. */
const newest = (contract: DisclosureContract): Composition =>
  composition({
    contract,
    events: factEvents,
    streams: (clientId, question) =>
      contract === medicalAnswerV1
        ? question === undefined
          ? []
          : [factStream(clientId, question)]
        : [factStream(clientId)],
    changedBy: ['FactNoted'],
    compose: (events) => events.findLast((event) => event.contract === contractId(contract))?.values as never,
  });

const told: readonly DisclosureContract[] = [
  trajectoryStatusV1,
  vocationalProfileV1,
  jobFactsV1,
  medicalAnswerV1,
  physicianStatementV1,
];

export const exampleService = (kind: OrganisationKind): ServiceDefinition => ({
  kind,
  schema: [],
  catalogues: [disclosureEvents, receivedEvents, clientNameEvents, clientRecordEvents, factEvents],
  views: [
    asView(receivedEvents, receivedFacts),
    asView(receivedEvents, introductions),
    asView(receivedEvents, takenIntoDecisions),
    asView(receivedEvents, registeredConsentEnds),
    asView(clientRecordEvents, clientsByName),
  ],
  commands: [],
  queries: [],
  compositions: [clientIntroduced, ...told.map(newest)],
  sends: {},
  receives: {},
  reactions: [],
  deadlines: [
    async (context) => {
      for (const { row } of await context.views.find(registeredConsentEnds, 'all', 'open'))
        await context.inbox.closeExpired(row.partner, row.pseudonym);
    },
    async (context) => {
      for (const { meta } of await context.ports.store.readAll(undefined, 10_000))
        if (meta.client)
          await context.run(
            disclosureEvents,
            disclosure,
            disclosureStream(meta.client),
            { type: 'Expire', now: context.at },
            { client: meta.client },
          );
    },
  ],
  async findClients(person, { ports, views }) {
    const digest = await ports.sealer.lookupDigest(nameForMatching(person));
    return (await views.find(clientsByName, 'nameDigest', digest)).map(({ row }) => row.clientId);
  },
});
