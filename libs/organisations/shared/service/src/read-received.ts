/** The page of what partners told about one client for one purpose: the same shape and order whatever was not told (U09). */
import type { Purpose } from '@convenant/consent';
import {
  clientIntroducedV1,
  contractId,
  fundingMilestoneV1,
  functionalPossibilitiesV1,
  jobFactsV1,
  physicianStatementV1,
  progressSummaryV1,
  trajectoryStatusV1,
  vocationalProfileV1,
} from '@convenant/contracts';
import {
  defineQuery,
  type AnyQuery,
  type Covered,
  type CoverEnded,
  type QueryContext,
  type ReceivedFact,
} from '@convenant/host';
import { dayOf, type Sentence } from '@convenant/kernel';
import { z } from 'zod';
import { categoriesInWords, organisationName } from './in-words.js';
import { herself, type SharedOptions } from './shared-options.js';

const rubrics = {
  identity: clientIntroducedV1,
  trajectory: trajectoryStatusV1,
  profile: vocationalProfileV1,
  possibilities: functionalPossibilitiesV1,
  statements: physicianStatementV1,
  jobs: jobFactsV1,
  progress: progressSummaryV1,
  milestones: fundingMilestoneV1,
} as const;

async function page({ reader }: QueryContext) {
  const [facts, { open, ended }] = await Promise.all([reader.received(), reader.covered()]);
  const inOrder = [...facts].sort((a, b) => compare(a.discloser, b.discloser) || compare(a.consentId, b.consentId));
  return {
    coverage: [...open]
      .sort((a, b) => compare(a.discloser, b.discloser) || compare(a.consentId, b.consentId))
      .map(coverageLine),
    ended: [...ended].sort((a, b) => compare(a.discloser, b.discloser) || compare(a.at, b.at)).map(endedLine),
    lines: lines(open),
    ...Object.fromEntries(
      Object.entries(rubrics).map(([rubric, contract]) => [
        rubric,
        inOrder.filter((fact) => fact.contract === contractId(contract)).map(factLine),
      ]),
    ),
  };
}
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const factLine = ({ messageId, discloser, asOf, fields }: ReceivedFact) => ({
  messageId,
  author: discloser,
  asOf,
  ...fields,
});
const coverageLine = ({ discloser, categories, from, until }: Covered) => ({
  discloser,
  categories: categoriesInWords(categories),
  from,
  until,
  inWords: covers({ discloser, categories, from, until }),
});
const covers = ({
  discloser,
  categories,
  from,
  until,
}: Pick<Covered, 'discloser' | 'categories' | 'from' | 'until'>): Sentence => {
  const words = categoriesInWords(categories);
  const name = organisationName(discloser);
  return {
    nl: `${name} mag u met toestemming van de cliënt vertellen: ${words.map(({ nl }) => nl).join('; ')}; van ${dayOf(from)} tot ${dayOf(until)}.`,
    en: `With the client's permission ${name} may tell you: ${words.map(({ en }) => en).join('; ')}; from ${dayOf(from)} until ${dayOf(until)}.`,
  };
};
const endedLine = ({ discloser, at }: CoverEnded) => ({
  discloser,
  endedOn: dayOf(at),
  inWords: {
    nl: `De toestemming om van ${organisationName(discloser)} te horen, is op ${dayOf(at)} geëindigd. Wat getoond werd, is er niet meer.`,
    en: `The permission to hear from ${organisationName(discloser)} ended on ${dayOf(at)}. What was shown is no longer here.`,
  },
});

/** For everyone and always: what the permission covers, whose each fact is and from when, and that nothing follows from what is not here. */
const lines = (open: readonly Covered[]): readonly Sentence[] => [
  {
    nl: open.length === 0 ? 'Er is nu geen toestemming voor dit doel.' : open.map((each) => covers(each).nl).join(' '),
    en:
      open.length === 0
        ? 'There is no permission for this purpose now.'
        : open.map((each) => covers(each).en).join(' '),
  },
  {
    nl: 'Bij elk gegeven staat van wie het komt en hoe het was op welke datum.',
    en: 'Each fact says who told it, and as of which date.',
  },
  {
    nl: 'Dit is wat voor dit doel gedeeld is. Trek geen conclusie uit wat hier niet staat.',
    en: 'This is what was shared for this purpose. Draw no conclusion from what is not here.',
  },
];

const receivedFor = (name: string, purpose: Purpose, { staff }: SharedOptions): AnyQuery =>
  defineQuery({
    name,
    args: z.strictObject({ clientId: z.string() }),
    by: staff,
    about: 'client',
    purpose,
    access: { event: 'read', action: 'R', activity: 'reading-received' },
    answer: (_args, context) => page(context),
  });

/** One query per task: the purpose follows from what somebody came to do, and nobody types it. */
export const receivedQueries = (options: SharedOptions): readonly AnyQuery[] => [
  receivedFor('receivedAboutClient', 'support', options),
  receivedFor('receivedForFunding', 'funding-decision', options),
  receivedFor('receivedForSettlement', 'funding-settlement', options),
  receivedFor('receivedForBenefits', 'benefits-answer', options),
  receivedFor('receivedForMeeting', 'operational-meeting', options),
];

/** The client reads all of it, for every purpose. */
export const receivedAboutMe: AnyQuery = defineQuery({
  name: 'receivedAboutMe',
  args: z.strictObject({}),
  by: herself,
  about: 'client',
  purpose: 'support',
  access: { event: 'read', action: 'R', activity: 'client-access' },
  answer: (_args, context) => page(context),
});
