/** The register of processing activities (GDPR article 30) as data; the processing log refers to it by URI. */
import type { OrganisationKind, Sentence } from '@convenant/kernel';

interface Activity {
  readonly name: Sentence;
  /** The kinds of organisation that do this, each as controller of its own part. */
  readonly by: readonly OrganisationKind[];
  /** Why it is allowed there. Terms and laws are to be confirmed by the organisation's own officer before real use. */
  readonly ground: Sentence;
}

const clientHolders = ['mental-health', 'uwv', 'municipality', 'insurer'] as const;

export const processingActivities = {
  'client-support': {
    name: { nl: 'Begeleiden naar en in werk', en: 'Support towards and in work' },
    by: ['mental-health'],
    ground: { nl: 'behandelingsovereenkomst', en: 'treatment agreement' },
  },
  'consent-keeping': {
    name: { nl: 'Toestemmingen vragen, vastleggen en uitvoeren', en: 'Asking, recording and carrying out consents' },
    by: clientHolders,
    ground: { nl: 'verantwoordingsplicht, AVG art. 5 lid 2 en 7 lid 1', en: 'accountability, GDPR art. 5(2) and 7(1)' },
  },
  disclosing: {
    name: { nl: 'Gegevens verstrekken met toestemming', en: 'Disclosing with consent' },
    by: ['mental-health', 'uwv', 'municipality'],
    ground: { nl: 'toestemming van de cliënt, BW 7:457', en: 'waiver by the client, Dutch Civil Code 7:457' },
  },
  'reading-received': {
    name: { nl: 'Ontvangen gegevens gebruiken voor een taak', en: 'Using received data for a task' },
    by: clientHolders,
    ground: {
      nl: 'eigen wettelijke taak of overeenkomst van de ontvanger',
      en: 'the recipient’s own legal task or agreement',
    },
  },
  'medical-question': {
    name: { nl: 'Medische vraag en antwoord tussen artsen', en: 'Medical question and answer between physicians' },
    by: ['mental-health', 'uwv', 'municipality'],
    ground: {
      nl: 'toestemming van de cliënt en de taak van de arts',
      en: 'waiver by the client and the physician’s task',
    },
  },
  'progress-review': {
    name: { nl: 'Beoordelen van voortgang', en: 'Judging progress' },
    by: ['uwv', 'municipality'],
    ground: { nl: 're-integratietaak, UAVG art. 30', en: 're-integration task, Dutch GDPR Act art. 30' },
  },
  funding: {
    name: { nl: 'Bekostigen en verrekenen van trajecten', en: 'Funding and settling trajectories' },
    by: clientHolders,
    ground: { nl: 'subsidieregeling of zorgverzekering', en: 'subsidy scheme or health insurance' },
  },
  meeting: {
    name: { nl: 'Casusoverleg', en: 'Operational meeting' },
    by: ['mental-health', 'uwv', 'municipality'],
    ground: { nl: 'toestemming van de cliënt per deelnemer', en: 'waiver by the client per attending organisation' },
  },
  'client-access': {
    name: { nl: 'Inzage door de cliënt zelf', en: 'Access by the client herself' },
    by: clientHolders,
    ground: { nl: 'recht op inzage, AVG art. 15', en: 'right of access, GDPR art. 15' },
  },
  oversight: {
    name: { nl: 'Toezicht op het gebruik', en: 'Oversight of use' },
    by: clientHolders,
    ground: {
      nl: 'logging volgens Begz art. 5 en NEN 7513; AVG art. 32',
      en: 'logging by Dutch law and NEN 7513; GDPR art. 32',
    },
  },
} as const satisfies Record<string, Activity>;

export type ActivityId = keyof typeof processingActivities;

/** What a processing record carries. The register is kept under the same names. */
export const activityUri = (activity: ActivityId): string => `urn:convenant:processing-activity:${activity}`;
