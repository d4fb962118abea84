/** The disclosure contracts: what can be told about a client at all, as of a moment. What no field here can hold, no consent can let out. */
import { z } from 'zod';
import { disclosureContract, field } from './contract.js';

const date = z.iso.date();
const text = z.string().max(2000);
const partners = ['uwv', 'municipality'] as const;

/** The first thing a partner learns: enough to find her among its own clients by two identifiers, and no number. */
export const clientIntroducedV1 = disclosureContract({
  name: 'client-introduced',
  version: 1,
  titleNl: 'Wie het is',
  from: ['mental-health', 'uwv', 'municipality'],
  to: ['uwv', 'municipality', 'insurer', 'mental-health'],
  fields: {
    initials: field('K1', z.string()),
    familyName: field('K1', z.string()),
    dateOfBirth: field('K1', date),
  },
});
/** Where the trajectory stands. Its end carries a date and nothing else: any class of reason that is left over means relapse (U07). */
export const trajectoryStatusV1 = disclosureContract({
  name: 'trajectory-status',
  version: 1,
  titleNl: 'Stand van het traject',
  from: ['mental-health'],
  to: partners,
  fields: {
    state: field('K2', z.enum(['referred', 'active', 'paused', 'ended'])),
    referredOn: field('K2', date),
    intakeOn: field('K2', date.optional()),
    endedOn: field('K2', date.optional()),
  },
});
export const vocationalProfileV1 = disclosureContract({
  name: 'vocational-profile',
  version: 1,
  titleNl: 'Werkprofiel',
  from: ['mental-health'],
  to: partners,
  fields: {
    workWish: field('K3', text),
    preferences: field('K3', z.array(text).readonly()),
    experience: field('K3', text.optional()),
    hoursWanted: field('K3', z.number().optional()),
    writtenOn: field('K3', date),
  },
});
/** Possibilities and what helps, each with its author and date; never a diagnosis. */
export const functionalPossibilitiesV1 = disclosureContract({
  name: 'functional-possibilities',
  version: 1,
  titleNl: 'Mogelijkheden en wat helpt',
  from: ['mental-health'],
  to: partners,
  fields: {
    items: field(
      'K4',
      z
        .array(
          z.strictObject({
            kind: z.enum(['possibility', 'limitation', 'adjustment']),
            text,
            author: z.enum(['client', 'seen-at-work', 'clinician']),
            on: date,
          }),
        )
        .readonly(),
    ),
  },
});
export const jobFactsV1 = disclosureContract({
  name: 'job-facts',
  version: 1,
  titleNl: 'Werk en contract',
  from: ['mental-health'],
  to: partners,
  fields: {
    jobs: field(
      'K7',
      z
        .array(
          z.strictObject({
            occupation: text,
            regularPaid: z.boolean(),
            contract: z.enum(['under-six-months', 'six-months-or-longer', 'permanent']),
            hoursPerWeek: z.number(),
            startedOn: date,
            endedOn: date.optional(),
          }),
        )
        .readonly(),
    ),
  },
});
/** The structured summary that replaces notes (K9b): how the work goes, not what was said. */
export const progressSummaryV1 = disclosureContract({
  name: 'progress-summary',
  version: 1,
  titleNl: 'Samenvatting van de voortgang',
  from: ['mental-health'],
  to: partners,
  fields: {
    summaries: field(
      'K9b',
      z
        .array(
          z.strictObject({
            on: date,
            hoursPerWeek: z.number(),
            regularity: z.enum(['regular', 'with-interruptions', 'irregular']),
            supportNeeded: text,
            adjustments: text.optional(),
            agreedSteps: text.optional(),
          }),
        )
        .readonly(),
    ),
  },
});
/** Milestone facts for the payer: no employer, function or hours. */
export const fundingMilestoneV1 = disclosureContract({
  name: 'funding-milestone',
  version: 1,
  titleNl: 'Bereikte mijlpaal',
  from: ['mental-health'],
  to: ['uwv', 'municipality', 'insurer'],
  fields: {
    milestones: field(
      'K8',
      z
        .array(z.strictObject({ scheme: z.string(), milestone: z.string(), month: z.string().regex(/^\d{4}-\d{2}$/) }))
        .readonly(),
    ),
  },
});
/** The clinician's facts in answer to one question, for one physician's role. */
export const medicalAnswerV1 = disclosureContract({
  name: 'medical-answer',
  version: 1,
  titleNl: 'Antwoord op een medische vraag',
  channel: 'medical',
  from: ['mental-health'],
  to: partners,
  fields: {
    questionId: field('K5', z.string()),
    answeredOn: field('K5', date),
    answers: field('K5', z.array(z.strictObject({ question: text, answer: text })).readonly()),
  },
});
/** The physician's own, non-medical conclusion (U10): advice for support and no claim assessment. */
export const physicianStatementV1 = disclosureContract({
  name: 'physician-statement',
  version: 1,
  titleNl: 'Verklaring van de verzekeringsarts, zonder medische gegevens',
  from: ['uwv', 'municipality'],
  to: ['mental-health', 'municipality'],
  fields: {
    usablePossibilities: field('K4', z.enum(['yes', 'temporarily-not', 'not'])),
    limitations: field('K4', z.array(z.strictObject({ rubric: z.string(), text })).readonly()),
    hoursPerDay: field('K4', z.number()),
    hoursPerWeek: field('K4', z.number()),
    expectedCourse: field('K4', z.enum(['improves', 'unclear', 'no-change-expected'])),
    lookAgainOn: field('K4', date),
    advice: field('K4', text),
    validUntil: field('K4', date),
    concludedOn: field('K4', date),
  },
});
