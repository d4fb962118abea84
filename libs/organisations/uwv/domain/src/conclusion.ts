/** What an insurance physician concludes about work (U10), without medical facts: advice for support and no claim assessment. */
import {
  accept,
  addMonthsToDate,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  type CatalogueEvent,
  type Decider,
  type EventOf,
  type Refusals,
} from '@convenant/kernel';
import {
  dateRefusals,
  happened,
  hasMedicalWords,
  hoursRefusals,
  isInOrder,
  isStillToCome,
  medicalWordsRefusals,
  possibleHoursPerDayInput,
  possibleHoursPerWeekInput,
  type CommandFor,
  type DateRefusal,
  type HoursRefusal,
  type MedicalWordsRefusal,
} from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const date = z.iso.date();
const ids = { conclusionId: z.string(), clientId: z.string() };

/** The six rubrics of the list of functional possibilities (FML). */
export const rubrics = [
  'personal-functioning',
  'social-functioning',
  'physical-environment',
  'dynamic-movements',
  'static-postures',
  'working-hours',
] as const;
export type Rubric = (typeof rubrics)[number];
export interface Limitation {
  readonly rubric: Rubric;
  readonly text: string;
}
export const usablePossibilities = ['yes', 'temporarily-not', 'not'] as const;
export type UsablePossibilities = (typeof usablePossibilities)[number];
export const expectedCourses = ['improves', 'unclear', 'no-change-expected'] as const;
export type ExpectedCourse = (typeof expectedCourses)[number];

const content = {
  usablePossibilities: sealed<UsablePossibilities>('K4'),
  limitations: sealed<readonly Limitation[]>('K4'),
  hoursPerDay: sealed<number>('K4'),
  hoursPerWeek: sealed<number>('K4'),
  expectedCourse: sealed<ExpectedCourse>('K4'),
  advice: sealed<string>('K4'),
};
/** Prepared, also by a delegate, under the name of the responsible physician. */
export const ConclusionDrafted = defineEvent('ConclusionDrafted', {
  clear: { ...ids, draftId: z.string(), by: z.string(), responsible: z.string(), lookAgainOn: date, at: instant },
  sealed: content,
});
export const ConclusionShared = defineEvent('ConclusionShared', {
  clear: {
    ...ids,
    by: z.string(),
    concludedOn: date,
    lookAgainOn: date,
    validUntil: date,
    /** Ids of the disclosures and answers that it rests on; what they say is found through them alone. */
    basedOn: z.array(z.string()).readonly(),
    supersedes: z.string().optional(),
    at: instant,
  },
  sealed: content,
});
/** The client reads it at the same time and may add her view or ask for correction; she cannot block it (SUWI 74(4)). */
export const ClientViewAdded = defineEvent('ClientViewAdded', {
  clear: { ...ids, viewId: z.string(), asksForCorrection: z.boolean(), at: instant },
  sealed: { view: sealed<string>('K4') },
});
export const conclusionEvents = defineEvents(ConclusionDrafted, ConclusionShared, ClientViewAdded);
export type ConclusionEvent = CatalogueEvent<typeof conclusionEvents>;
export const conclusionStream = (clientId: string): string => `conclusion-${clientId}`;

/** The role is the one in which this person is signed in; it decides who may conclude. */
export type ConclusionCommand =
  | (Omit<CommandFor<'DraftConclusion', EventOf<typeof ConclusionDrafted>>, 'responsible'> & {
      readonly role: string;
      readonly responsible?: string | undefined;
    })
  | (Omit<CommandFor<'ShareConclusion', EventOf<typeof ConclusionShared>>, 'validUntil' | 'supersedes'> & {
      readonly role: string;
      readonly validUntil?: string | undefined;
    })
  | CommandFor<'AddClientView', EventOf<typeof ClientViewAdded>>;
export type ConclusionRefusal =
  | 'only-the-physician-concludes'
  | 'no-responsible-physician'
  | 'conclusion-unknown'
  | 'already-concluded'
  | DateRefusal
  | HoursRefusal
  | MedicalWordsRefusal;
export const conclusionRefusals = {
  ...dateRefusals,
  ...hoursRefusals,
  ...medicalWordsRefusals,
  'only-the-physician-concludes': {
    nl: 'Alleen de verzekeringsarts zelf kan een conclusie vaststellen.',
    en: 'Only the insurance physician herself can conclude.',
  },
  'no-responsible-physician': {
    nl: 'Noem de verzekeringsarts onder wie u dit voorbereidt.',
    en: 'Name the insurance physician under whom you prepare this.',
  },
  'conclusion-unknown': { nl: 'Deze conclusie bestaat niet.', en: 'This conclusion does not exist.' },
  'already-concluded': {
    nl: 'Deze conclusie is al vastgesteld. Maak een nieuwe, die haar vervangt.',
    en: 'This conclusion was shared already. Write a new one that supersedes it.',
  },
} as const satisfies Refusals<ConclusionRefusal>;

const validMonths = 6;
const physician = 'insurancePhysician';

export interface Conclusions {
  readonly drafts: readonly string[];
  /** In the order in which they were shared; the last one counts. */
  readonly shared: readonly string[];
  readonly views: readonly string[];
  readonly concludedOn?: string;
}

export const conclusion: Decider<ConclusionCommand, ConclusionEvent, Conclusions, ConclusionRefusal> = {
  initial: { drafts: [], shared: [], views: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'ConclusionDrafted':
        return { ...state, drafts: [...state.drafts, event.draftId] };
      case 'ConclusionShared':
        return { ...state, shared: [...state.shared, event.conclusionId], concludedOn: event.concludedOn };
      case 'ClientViewAdded':
        return { ...state, views: [...state.views, event.viewId] };
    }
  },
  decide(command, state) {
    const isShared = state.shared.includes(command.conclusionId);
    switch (command.type) {
      case 'DraftConclusion': {
        const { role, responsible, ...draft } = command;
        if (state.drafts.includes(command.draftId)) return accept();
        if (isShared) return refuse('already-concluded');
        const answersForIt = role === physician ? command.by : responsible;
        if (!answersForIt) return refuse('no-responsible-physician');
        return accept({ ...happened('ConclusionDrafted', draft), responsible: answersForIt });
      }
      case 'ShareConclusion': {
        const { role, validUntil: chosen, ...shared } = command;
        if (role !== physician) return refuse('only-the-physician-concludes');
        if (isShared) return accept();
        const { concludedOn, lookAgainOn } = command;
        const validUntil = chosen ?? addMonthsToDate(concludedOn, validMonths);
        if (isStillToCome(concludedOn, command.at)) return refuse('date-in-future');
        if (!isInOrder(state.concludedOn, concludedOn, lookAgainOn) || !isInOrder(concludedOn, validUntil))
          return refuse('dates-in-wrong-order');
        const earlier = state.shared.at(-1);
        return accept({
          ...happened('ConclusionShared', shared),
          validUntil,
          ...(earlier ? { supersedes: earlier } : {}),
        });
      }
      case 'AddClientView':
        if (!isShared) return refuse('conclusion-unknown');
        return state.views.includes(command.viewId) ? accept() : accept(happened('ClientViewAdded', command));
    }
  },
};

const text = z.string().trim().min(1).max(2000);
/** What a physician or her delegate enters, before sealing; the messages are refusal codes. */
export const conclusionInput = z
  .strictObject({
    usablePossibilities: z.enum(usablePossibilities),
    limitations: z.array(z.strictObject({ rubric: z.enum(rubrics), text })).max(12),
    hoursPerDay: possibleHoursPerDayInput,
    hoursPerWeek: possibleHoursPerWeekInput,
    expectedCourse: z.enum(expectedCourses),
    advice: text,
    /** The writer has read the warning about medical words and says that they are none here. */
    confirmedNotMedical: z.boolean().default(false),
  })
  .refine(
    ({ limitations, advice, confirmedNotMedical }) =>
      confirmedNotMedical || !hasMedicalWords(advice, ...limitations.map((each) => each.text)),
    'medical-words-in-text',
  );
export const clientViewInput = z.strictObject({ view: text });
