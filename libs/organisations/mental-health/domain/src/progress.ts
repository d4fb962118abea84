/** How the work goes (K9b) and what somebody can do and needs (K4): structured, dated, with its author, and without medical words. */
import {
  accept,
  defineEvent,
  defineEvents,
  refuse,
  sealed,
  sealedOptional,
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
  possibleHoursPerWeekInput,
  type CommandFor,
  type DateRefusal,
  type HoursRefusal,
  type MedicalWordsRefusal,
} from '@convenant/shared-domain';
import { z } from 'zod';

const instant = z.iso.datetime();
const on = z.iso.date();
export const regularities = ['regular', 'with-interruptions', 'irregular'] as const;
export type Regularity = (typeof regularities)[number];
export const possibilityKinds = ['possibility', 'limitation', 'adjustment'] as const;
export type PossibilityKind = (typeof possibilityKinds)[number];
export const possibilityAuthors = ['client', 'seen-at-work', 'clinician'] as const;
export type PossibilityAuthor = (typeof possibilityAuthors)[number];

export const ProgressSummarised = defineEvent('ProgressSummarised', {
  clear: { summaryId: z.string(), clientId: z.string(), on, by: z.string(), at: instant },
  sealed: {
    hoursPerWeek: sealed<number>('K9b'),
    regularity: sealed<Regularity>('K9b'),
    supportNeeded: sealed<string>('K9b'),
    adjustments: sealedOptional<string>('K9b'),
    agreedSteps: sealedOptional<string>('K9b'),
  },
});
export const PossibilityNoted = defineEvent('PossibilityNoted', {
  clear: { itemId: z.string(), clientId: z.string(), on, by: z.string(), at: instant },
  sealed: {
    kind: sealed<PossibilityKind>('K4'),
    text: sealed<string>('K4'),
    /** Who says so: the client, who saw it at work, or a clinician. */
    author: sealed<PossibilityAuthor>('K4'),
  },
});
/** It no longer holds. What was told before stays told as of its moment. */
export const PossibilityDropped = defineEvent('PossibilityDropped', {
  clear: { itemId: z.string(), clientId: z.string(), on, at: instant },
});
export const progressEvents = defineEvents(ProgressSummarised, PossibilityNoted, PossibilityDropped);
export type ProgressEvent = CatalogueEvent<typeof progressEvents>;
export const progressStream = (clientId: string): string => `progress-${clientId}`;

export type ProgressCommand =
  | CommandFor<'SummariseProgress', EventOf<typeof ProgressSummarised>>
  | CommandFor<'NotePossibility', EventOf<typeof PossibilityNoted>>
  | CommandFor<'DropPossibility', EventOf<typeof PossibilityDropped>>;
export type ProgressRefusal = 'item-unknown' | DateRefusal | HoursRefusal | MedicalWordsRefusal;
export const progressRefusals = {
  ...dateRefusals,
  ...hoursRefusals,
  ...medicalWordsRefusals,
  'item-unknown': { nl: 'Dit punt staat niet in het overzicht.', en: 'This item is not on the list.' },
} as const satisfies Refusals<ProgressRefusal>;

export interface Progress {
  readonly summaries: readonly string[];
  /** The day on which each item was noted. */
  readonly items: Readonly<Record<string, string>>;
  readonly dropped: readonly string[];
}

export const progress: Decider<ProgressCommand, ProgressEvent, Progress, ProgressRefusal> = {
  initial: { summaries: [], items: {}, dropped: [] },
  evolve(state, event) {
    switch (event.type) {
      case 'ProgressSummarised':
        return { ...state, summaries: [...state.summaries, event.summaryId] };
      case 'PossibilityNoted':
        return { ...state, items: { ...state.items, [event.itemId]: event.on } };
      case 'PossibilityDropped':
        return { ...state, dropped: [...state.dropped, event.itemId] };
    }
  },
  decide(command, state) {
    const toCome = isStillToCome(command.on, command.at) ? refuse('date-in-future') : undefined;
    switch (command.type) {
      case 'SummariseProgress':
        if (state.summaries.includes(command.summaryId)) return accept();
        return toCome ?? accept(happened('ProgressSummarised', command));
      case 'NotePossibility':
        if (state.items[command.itemId] !== undefined) return accept();
        return toCome ?? accept(happened('PossibilityNoted', command));
      case 'DropPossibility': {
        const notedOn = state.items[command.itemId];
        if (notedOn === undefined) return refuse('item-unknown');
        if (state.dropped.includes(command.itemId)) return accept();
        if (!isInOrder(notedOn, command.on)) return refuse('dates-in-wrong-order');
        return toCome ?? accept(happened('PossibilityDropped', command));
      }
    }
  },
};

const text = z.string().trim().min(1).max(2000);
/** The writer has read the warning about medical words and says that they are none here. */
const confirmedNotMedical = z.boolean().default(false);
/** What is entered in a summary, before sealing; the messages are refusal codes. */
export const progressSummaryInput = z
  .strictObject({
    hoursPerWeek: possibleHoursPerWeekInput,
    regularity: z.enum(regularities),
    supportNeeded: text,
    adjustments: text.optional(),
    agreedSteps: text.optional(),
    confirmedNotMedical,
  })
  .refine(
    ({ supportNeeded, adjustments, agreedSteps, confirmedNotMedical }) =>
      confirmedNotMedical || !hasMedicalWords(supportNeeded, adjustments, agreedSteps),
    'medical-words-in-text',
  );
export const possibilityInput = z
  .strictObject({
    kind: z.enum(possibilityKinds),
    text,
    author: z.enum(possibilityAuthors),
    confirmedNotMedical,
  })
  .refine(({ text, confirmedNotMedical }) => confirmedNotMedical || !hasMedicalWords(text), 'medical-words-in-text');
