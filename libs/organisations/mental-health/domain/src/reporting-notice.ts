/** The words of a reporting duty (U01): what the client still has to report herself, to whom, by when, and the notice ready to send. */
import { addDaysToDate, compareDates, type Sentence } from '@convenant/kernel';

export const occasions = [
  'work-started',
  'work-changed',
  'work-ended',
  'sharing-refused',
  'sharing-withdrawn',
] as const;
export type Occasion = (typeof occasions)[number];
export type BenefitsBody = 'uwv' | 'municipality';

export interface ReportingDuty {
  readonly occasion: Occasion;
  readonly on: string;
  readonly jobId?: string | undefined;
  /** Absent: nobody knows here who pays her benefit. */
  readonly to: { readonly organisation: string; readonly kind: BenefitsBody } | undefined;
}

export interface ReportingTerm {
  readonly to: BenefitsBody;
  /** Days after the change; absent when no term is known. */
  readonly withinDays?: number;
  readonly from: string;
  readonly until?: string;
  readonly source: string;
  /** Only a confirmed term is stated; any other is shown as to be confirmed. */
  readonly confirmedBy?: string;
}
/** Dated configuration. Nobody confirmed a term yet, so none is stated as a fact. */
export const reportingTerms: readonly ReportingTerm[] = [
  { to: 'uwv', from: '2006-01-01', source: 'general knowledge; to be confirmed by UWV' },
  { to: 'municipality', from: '2015-01-01', source: 'general knowledge; to be confirmed by the municipality' },
];

/** What stands in the notice, opened for the person who is going to read it. */
export interface NoticeFacts {
  readonly name: string;
  readonly occupation?: string | undefined;
  readonly hoursPerWeek?: number | undefined;
}
export interface ReportingReminder {
  readonly what: Sentence;
  readonly toWhom: Sentence;
  readonly byWhen: Sentence;
  /** The last day, when a confirmed term is in force. */
  readonly lastDay?: string;
  readonly wagesAreSeen: Sentence;
  /** For her to send or sign; the product never sends it. */
  readonly notice: Sentence;
}

export function reportingReminder(
  duty: ReportingDuty,
  facts: NoticeFacts,
  terms: readonly ReportingTerm[] = reportingTerms,
): ReportingReminder {
  const lastDay = lastDayOf(duty, terms);
  return {
    what: whatToReport[duty.occasion],
    toWhom: duty.to ? bodyNames[duty.to.kind] : eitherBody,
    byWhen: lastDay
      ? { nl: `Doe dit uiterlijk op ${lastDay}.`, en: `Do this on ${lastDay} at the latest.` }
      : {
          nl: 'Doe dit zo snel mogelijk. De precieze termijn is nog te bevestigen; vraag ernaar.',
          en: 'Do this as soon as you can. The exact term is still to be confirmed; ask for it.',
        },
    ...(lastDay ? { lastDay } : {}),
    wagesAreSeen: {
      nl: 'UWV en de gemeente zien uw loon ook zelf, via de loonaangifte van uw werkgever.',
      en: 'UWV and the municipality also see your wages themselves, through the wage returns of your employer.',
    },
    notice: noticeText(duty, facts),
  };
}

function lastDayOf({ to, on }: ReportingDuty, terms: readonly ReportingTerm[]): string | undefined {
  const term = terms.find(
    (each) =>
      each.to === to?.kind &&
      each.confirmedBy !== undefined &&
      compareDates(each.from, on) <= 0 &&
      (each.until === undefined || compareDates(on, each.until) <= 0),
  );
  return term?.withinDays === undefined ? undefined : addDaysToDate(on, term.withinDays);
}

const bodyNames: Record<BenefitsBody, Sentence> = {
  uwv: { nl: 'UWV', en: 'UWV' },
  municipality: { nl: 'uw gemeente', en: 'your municipality' },
};
const eitherBody: Sentence = {
  nl: 'UWV of uw gemeente: wie uw uitkering betaalt',
  en: 'UWV or your municipality: whoever pays your benefit',
};
const nothingIsTold: Sentence = {
  nl: 'Wij vertellen hun niet over uw werk. U moet werk en inkomen zelf melden, ook als dat later verandert.',
  en: 'We do not tell them about your work. You have to report work and income yourself, also when it changes later.',
};
const whatToReport: Record<Occasion, Sentence> = {
  'work-started': {
    nl: 'U bent begonnen met werken. U moet dit zelf melden.',
    en: 'You have started work. You have to report this yourself.',
  },
  'work-changed': {
    nl: 'Uw werk is veranderd. U moet dit zelf melden.',
    en: 'Your work has changed. You have to report this yourself.',
  },
  'work-ended': {
    nl: 'Uw werk is gestopt. U moet dit zelf melden.',
    en: 'Your work has ended. You have to report this yourself.',
  },
  'sharing-refused': nothingIsTold,
  'sharing-withdrawn': nothingIsTold,
};

function noticeText({ occasion, on, to }: ReportingDuty, { name, occupation, hoursPerWeek }: NoticeFacts): Sentence {
  const addressed = to ? bodyNames[to.kind] : eitherBody;
  const facts = noticeSentences[occasion](on);
  const work = {
    nl: [occupation && `Mijn werk: ${occupation}.`, hoursPerWeek && `Aantal uren per week: ${hoursPerWeek}.`],
    en: [occupation && `My work: ${occupation}.`, hoursPerWeek && `Hours a week: ${hoursPerWeek}.`],
  };
  const lines = (...texts: readonly (string | number | undefined)[]) => texts.filter(Boolean).join('\n');
  return {
    nl: lines(`Aan: ${addressed.nl}`, `Van: ${name}`, facts.nl, ...work.nl, 'Datum en handtekening:'),
    en: lines(`To: ${addressed.en}`, `From: ${name}`, facts.en, ...work.en, 'Date and signature:'),
  };
}
const openNotice = {
  nl: 'Ik meld mijn werk en inkomen voortaan zelf. Op dit moment heb ik [wel / geen] werk.',
  en: 'From now on I report my work and income myself. At this moment I have [work / no work].',
};
const noticeSentences: Record<Occasion, (on: string) => Sentence> = {
  'work-started': (on) => ({ nl: `Ik ben op ${on} begonnen met werken.`, en: `I started work on ${on}.` }),
  'work-changed': (on) => ({ nl: `Mijn werk is veranderd op ${on}.`, en: `My work changed on ${on}.` }),
  'work-ended': (on) => ({ nl: `Mijn werk is gestopt op ${on}.`, en: `My work ended on ${on}.` }),
  'sharing-refused': () => openNotice,
  'sharing-withdrawn': () => openNotice,
};
