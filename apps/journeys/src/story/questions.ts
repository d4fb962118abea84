/** The questions that several people in the story ask, as their pages would, and the shape of the answers. */

const inWords = '{ nl en }';
const category = '{ category }';

const receivedPage = `{
  coverage { discloser categories ${category} until inWords { en } }
  ended { discloser endedOn inWords { en } }
  lines { en }
  identity { initials familyName dateOfBirth }
  trajectory { state referredOn intakeOn endedOn }
  profile { workWish preferences experience hoursWanted writtenOn }
  possibilities { items { kind text author on } }
  statements { messageId usablePossibilities advice hoursPerWeek concludedOn }
  jobs { messageId jobs { occupation regularPaid contract hoursPerWeek startedOn endedOn } }
  progress { messageId summaries { on hoursPerWeek regularity supportNeeded adjustments agreedSteps } }
  milestones { milestones { scheme milestone month } }
}`;
export const received = (
  field: 'receivedAboutClient' | 'receivedForFunding' | 'receivedForSettlement' | 'receivedForMeeting',
): string => `query($clientId: ID!) { ${field}(clientId: $clientId) ${receivedPage} }`;

interface Job {
  readonly occupation: string;
  readonly hoursPerWeek: number;
  readonly contract: string;
  readonly endedOn: string | null;
}
interface Named {
  readonly category: string;
}
export interface ReceivedPage {
  readonly coverage: readonly {
    readonly discloser: string;
    readonly categories: readonly Named[];
    readonly until: string;
    readonly inWords: { readonly en: string };
  }[];
  readonly ended: readonly {
    readonly discloser: string;
    readonly endedOn: string;
    readonly inWords: { readonly en: string };
  }[];
  readonly lines: readonly { readonly en: string }[];
  readonly identity: readonly { readonly familyName: string }[];
  readonly trajectory: readonly {
    readonly state: string;
    readonly referredOn: string;
    readonly intakeOn: string | null;
  }[];
  readonly profile: readonly { readonly workWish: string; readonly hoursWanted: number | null }[];
  readonly possibilities: readonly { readonly items: readonly { readonly text: string }[] }[];
  readonly statements: readonly {
    readonly messageId: string;
    readonly advice: string;
    readonly hoursPerWeek: number;
  }[];
  readonly jobs: readonly { readonly messageId: string; readonly jobs: readonly Job[] }[];
  readonly progress: readonly {
    readonly messageId: string;
    readonly summaries: readonly { readonly supportNeeded: string; readonly hoursPerWeek: number }[];
  }[];
  readonly milestones: readonly unknown[];
}
const rubrics = [
  'identity',
  'trajectory',
  'profile',
  'possibilities',
  'statements',
  'jobs',
  'progress',
  'milestones',
] as const;
/** Which kinds of facts are on a page. */
export const rubricsOf = (page: ReceivedPage): readonly string[] => rubrics.filter((each) => page[each].length > 0);
/** A page in words, for the narration. */
export const pageLines = (page: ReceivedPage): readonly string[] => [
  ...page.identity.map(() => 'who it is'),
  ...page.trajectory.map(
    ({ state, referredOn, intakeOn }) =>
      `trajectory: ${state}, referred ${referredOn}${intakeOn ? `, intake ${intakeOn}` : ''}`,
  ),
  ...page.profile.map(
    ({ workWish, hoursWanted }) => `profile: ${workWish}${hoursWanted ? `, ${hoursWanted} hours a week` : ''}`,
  ),
  ...page.possibilities.flatMap(({ items }) => items.map(({ text }) => `possibility: ${text}`)),
  ...page.statements.map(({ advice }) => `the physician's statement: ${advice}`),
  ...page.jobs.flatMap(({ jobs }) =>
    jobs.map(({ occupation, hoursPerWeek }) => `work: ${occupation}, ${hoursPerWeek} hours a week`),
  ),
  ...page.progress.flatMap(({ summaries }) => summaries.map(({ supportNeeded }) => `progress: ${supportNeeded}`)),
  ...page.ended.map(({ inWords: words }) => words.en),
];

export const consentOverview = `{
  consents { consentId state stateInWords ${inWords} recipient purpose roles offered ${category} granted ${category} until askAgainOn askId questionId
    closings { partner how categories asked closedAt outstanding proof inWords ${inWords} } }
  asks { askId recipient purpose roles categories ${category} consentId }
}`;
export interface Consent {
  readonly consentId: string;
  readonly state: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly offered: readonly Named[];
  readonly granted: readonly Named[];
  readonly askAgainOn: string | null;
  readonly questionId: string | null;
  readonly closings: readonly {
    readonly partner: string;
    readonly how: string;
    readonly closedAt: string | null;
    readonly outstanding: boolean;
    readonly proof: string | null;
    readonly inWords: { readonly en: string };
  }[];
}
export interface ConsentOverview {
  readonly consents: readonly Consent[];
  readonly asks: readonly {
    readonly askId: string;
    readonly recipient: string;
    readonly purpose: string;
    readonly roles: readonly string[];
    readonly categories: readonly Named[];
  }[];
}
export const myConsents = `{ myConsents ${consentOverview} }`;
export const consentsOf = `query($clientId: ID!) { consents(clientId: $clientId) ${consentOverview} }`;

export const openQuestions = `{ openQuestions { consentId question { en } recipient purpose roles switches ${category} askedByRecipient } }`;
export interface OpenQuestion {
  readonly consentId: string;
  readonly question: { readonly en: string };
  readonly recipient: string;
  readonly purpose: string;
  readonly switches: readonly Named[];
  readonly askedByRecipient: boolean;
}

export const myDisclosures = `{ myDisclosures {
  sent { messageId recipient purpose contract title consentId categories ${category} fields { name value } }
  stopped { messageId }
  withheld { at recipient purpose contract title categories ${category} reason ${inWords} }
} }`;
export interface Disclosures {
  readonly sent: readonly {
    readonly messageId: string;
    readonly recipient: string;
    readonly purpose: string;
    readonly contract: string;
    readonly title: string;
    readonly categories: readonly Named[];
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly stopped: readonly unknown[];
  readonly withheld: readonly {
    readonly recipient: string;
    readonly purpose: string | null;
    readonly contract: string;
    readonly title: string;
    readonly categories: readonly Named[];
    readonly reason: { readonly en: string };
  }[];
}

export const clientFile = `query($clientId: ID!) { clientFile(clientId: $clientId) { clientId trajectory { state pauseReason } profiles { workWish } contacts { note } jobs { jobId occupation } } }`;
export interface ClientFile {
  readonly clientId: string;
  readonly trajectory: { readonly state: string } | null;
  readonly profiles: readonly { readonly workWish: string }[];
  readonly contacts: readonly { readonly note: string | null }[];
  readonly jobs: readonly { readonly jobId: string }[];
}
export const takenFor = `query($clientId: ID!, $decisionId: ID!) { takenFor(clientId: $clientId, decisionId: $decisionId) { takenId discloser title category { category } law until fields { name value } } }`;
export interface Taken {
  readonly takenId: string;
  readonly discloser: string;
  readonly title: string;
  readonly category: Named;
  readonly law: string;
  readonly until: string;
  readonly fields?: readonly { readonly value: string }[];
}
export const categoriesIn = (named: readonly Named[]): readonly string[] => named.map((each) => each.category);
